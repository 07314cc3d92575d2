import { defineModel, defineSignals, type Locked } from '@justscale/runtime';
import { z } from 'zod';

/** What the programs of this folder work with. */
export class Account extends defineModel(
  'account',
  z.object({
    owner: z.string(),
    balance: z.number(),
    status: z.enum(['open', 'frozen', 'closed']),
    tags: z.array(z.string()),
  }),
) {
  get isOpen(): boolean {
    return this.status === 'open';
  }

  withdrawal(this: Locked<Account>, amount: number): { balance: number } {
    if (this.balance < amount) throw new Error('insufficient');
    return { balance: this.balance - amount };
  }
}

export class Order extends defineModel(
  'order',
  z.object({ customer: z.string(), total: z.number(), state: z.enum(['draft', 'placed', 'paid']) }),
) {}

export class AccountSignals extends defineSignals((signal) => ({
  changed: signal('/account/:account/changed').types({ account: Account }),
})) {}
