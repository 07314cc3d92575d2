// The domain that other programs import: models in a file of their own, inferred exports.
import { defineModel, defineSignals, type Locked } from '@justscale/runtime';
import { z } from 'zod';

export const AccountFields = z.object({
  owner: z.string(),
  balance: z.number(),
  tags: z.array(z.string()),
  nick: z.string().optional(),
  archived: z.boolean(),
});
export class Account extends defineModel('account', AccountFields) {
  isOverdrawn() {
    return this.balance < 0;
  }
  get label() {
    return `${this.owner} (${this.balance})`;
  }
  withdrawal(this: Locked<Account>, amount: number) {
    return { balance: this.balance - amount };
  }
}
export class Post extends defineModel(
  'post',
  z.object({ title: z.string(), archived: z.boolean(), version: z.number() }),
) {}
export class Signals extends defineSignals((signal) => ({
  changed: signal('/account/:account/changed').types({ account: Account }),
  typing: signal('/room/:room/typing/:who'),
})) {}
