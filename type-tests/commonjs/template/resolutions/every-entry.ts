import {
  defineModel,
  LockTimeoutError,
  Repository,
  type Locked,
  type Store,
} from '@justscale/runtime';
import { createStore } from '@justscale/runtime/adapter';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import { describeConformance } from '@justscale/runtime/testing';
import { z } from 'zod';

export class Account extends defineModel('account', z.object({ owner: z.string() })) {
  renamed(this: Locked<Account>, owner: string) {
    return { owner };
  }
}

export const store = memoryStore();
export const accounts = store.repository(Account);
export const repositoryOf = (other: Store) => other.repository(Account);
export const isTimeout = (error: unknown) => error instanceof LockTimeoutError;
export abstract class Cached extends Repository<Account> {}
export const values = [createStore, postgresStore, describeConformance];

export async function rename(): Promise<void> {
  await store.transaction(async () => {
    const account = await accounts.lock(Account.ref('a1'));
    if (account) await accounts.update(account, account.renamed('ada'));
  });
}
