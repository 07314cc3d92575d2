import { defineModel, defineSignals, type Locked } from '@justscale/runtime';
import { z } from 'zod';

const account = z.object({
  owner: z.string(),
  balance: z.number(),
  tags: z.array(z.string()),
  nickname: z.string().optional(),
});

/** The model that the type tests write about. */
export class Account extends defineModel('account', account) {
  isOverdrawn(): boolean {
    return this.balance < 0;
  }

  withdrawal(this: Locked<Account>, amount: number): { balance: number } {
    return { balance: this.balance - amount };
  }
}

/** A model with the same fields and methods: only its name keeps it apart. */
export class Wallet extends defineModel('wallet', account) {
  isOverdrawn(): boolean {
    return this.balance < 0;
  }

  withdrawal(this: Locked<Wallet>, amount: number): { balance: number } {
    return { balance: this.balance - amount };
  }
}

/** A model that extends another one. */
export class SavingsAccount extends Account {
  readonly interest = 0.02;
}

export class AccountSignals extends defineSignals((signal) => ({
  changed: signal('/account/:account/changed').types({ account: Account }),
  watched: signal('/account/:account/watched/:by').types({ account: Account }),
  started: signal('/started'),
})) {}
