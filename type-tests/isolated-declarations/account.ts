// With isolatedDeclarations a class extends a constant whose type is written down.
import { defineModel, type Locked, type ModelClass, type Repository } from '@justscale/runtime';
import { z } from 'zod';

interface AccountFields {
  owner: string;
  balance: number;
}
const AccountModel: ModelClass<'account', AccountFields> = defineModel(
  'account',
  z.object({ owner: z.string(), balance: z.number() }),
);

export class Account extends AccountModel {
  deposit(this: Locked<Account>, amount: number): { balance: number } {
    return { balance: this.balance + amount };
  }
}

export async function open(accounts: Repository<Account>, owner: string): Promise<string> {
  const { id } = await accounts.save(new Account({ owner, balance: 0 }));
  return id;
}
