import { defineModel, type Ref, type Repository, type Store } from '@justscale/runtime';
import { postgresStore, type PostgresStoreOptions } from '@justscale/runtime/postgres';
import { z } from 'zod';
import type { Variant } from '../variant.js';

export const schema = z.object({ owner: z.string(), balance: z.number() });

/** The model of the table that all variants write to. */
export class Account extends defineModel('account', schema) {}

/** Adds one, computed from what is stored. */
export const addOne = ({ balance }: { readonly balance: number }) => ({ balance: balance + 1 });

interface Tools {
  readonly store: Store;
  readonly accounts: Repository<Account>;
}

/**
 * A store, and a function that writes with it.
 *
 * @param writer - makes the function that writes
 */
export function openStore(
  options: Partial<PostgresStoreOptions>,
  writer: (tools: Tools) => (ref: Ref<Account>) => Promise<unknown>,
): Variant['open'] {
  return async ({ url, connections }) => {
    const store = postgresStore(url, { maxConnections: connections, ...options });
    const write = writer({ store, accounts: store.repository(Account) });
    return {
      increment: (id: string) => write(Account.ref(id)),
      close: () => store.close(),
    };
  };
}
