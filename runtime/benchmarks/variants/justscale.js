import { defineModel } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { z } from 'zod';

export const schema = z.object({ owner: z.string(), balance: z.number() });

/** The model of the table that all variants write to. */
export class Account extends defineModel('account', schema) {}

/** Adds one, computed from what is stored. */
export const addOne = ({ balance }) => ({ balance: balance + 1 });

/**
 * A store, and a function that writes with it.
 *
 * @param {import('@justscale/runtime/postgres').PostgresStoreOptions} options
 * @param {(tools: { store, accounts }) => (ref: object) => Promise<unknown>} writer
 * @returns {import('../variant.js').Variant['open']}
 */
export function openStore(options, writer) {
  return async ({ url, connections }) => {
    const store = postgresStore(url, { maxConnections: connections, ...options });
    const write = writer({ store, accounts: store.repository(Account) });
    return {
      increment: (id) => write(Account.ref(id)),
      close: () => store.close(),
    };
  };
}
