// Fields, private members and accessors of a model's class.
import { defineModel, type Locked, type Persistent, type Store } from '@justscale/runtime';
import { z } from 'zod';

class Account extends defineModel('account', z.object({ owner: z.string(), balance: z.number() })) {
  static readonly currency = 'EUR';
  static opened(owner: string) {
    return new Account({ owner, balance: 0 });
  }
  readonly kind = 'account';
  readonly #format = new Intl.NumberFormat('en-US');
  private readonly prefix = Account.currency;
  shout = () => this.owner.toUpperCase();
  get initials() {
    return this.owner.slice(0, 1);
  }
  shown() {
    return `${this.prefix} ${this.#rounded()} ${this.#format.format(this.balance)}`;
  }
  deposit(this: Locked<Account>, amount: number) {
    return { balance: this.balance + amount };
  }
  #rounded() {
    return Math.round(this.balance);
  }
}
export const shown = (account: Persistent<Account>): string =>
  account.shown() + account.kind + account.shout() + account.initials;
export const underLock = (account: Locked<Account>): string => account.shown() + account.kind;
export const run = async (store: Store) =>
  shown(await store.repository(Account).save(Account.opened('ada')));
