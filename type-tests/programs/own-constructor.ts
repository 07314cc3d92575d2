// A constructor of the model's own.
import { defineModel, type Persistent, type Store } from '@justscale/runtime';
import { z } from 'zod';

class Account extends defineModel('account', z.object({ owner: z.string(), balance: z.number() })) {
  constructor(owner: string) {
    super({ owner, balance: 0 });
  }
}
export async function open(store: Store, owner: string): Promise<Persistent<Account>> {
  return store.repository(Account).save(new Account(owner));
}
