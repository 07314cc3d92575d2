// A repository of one's own: a decorator of another one, and a stub in a test.
import type { Persistent, Ref, Repository } from '@justscale/runtime';
import { Account } from './domain.js';

type Reading = Pick<Repository<Account>, 'get' | 'find' | 'findOne'>;
export class Counting implements Reading {
  count = 0;
  constructor(private readonly inner: Reading) {}
  get(ref: Ref<Account>) {
    this.count++;
    return this.inner.get(ref);
  }
  find: Reading['find'] = (...args) => this.inner.find(...args);
  findOne: Reading['findOne'] = (where) => this.inner.findOne(where);
}
export const empty: Reading = {
  get: async () => null,
  find: async () => [],
  findOne: async () => null,
};
export const names = async (accounts: Reading): Promise<string[]> =>
  (await accounts.find({ archived: false })).map((a: Persistent<Account>) => a.owner);
