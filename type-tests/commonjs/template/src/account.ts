import { defineModel, type Locked } from '@justscale/runtime';
import { z } from 'zod';

const fields = z.object({ owner: z.string(), balance: z.number().default(0) });

export class Account extends defineModel('account', fields) {
  deposit(this: Locked<Account>, amount: number) {
    return { balance: this.balance + amount };
  }
}
