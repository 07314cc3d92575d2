import { Inject, Injectable } from '@nestjs/common';
import type { Repository, Store } from '@justscale/runtime';
import { Account } from './account';
import { STORE } from './store.provider';

@Injectable()
export class AccountsService {
  private readonly accounts: Repository<Account>;

  constructor(@Inject(STORE) private readonly store: Store) {
    this.accounts = store.repository(Account);
  }

  async open(owner: string): Promise<string> {
    const { id } = await this.accounts.save(new Account({ owner }));
    return id;
  }

  async deposit(id: string, amount: number): Promise<number> {
    return this.store.transaction(async () => {
      const account = await this.accounts.lock(Account.ref(id));
      if (account === null) throw new Error(`there is no account ${id}`);
      const { balance } = await this.accounts.update(account, account.deposit(amount));
      return balance;
    });
  }
}
