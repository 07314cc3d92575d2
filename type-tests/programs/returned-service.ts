// Transactions that return a repository, a service, a function that locks later, an iterator of plain values.
import type { Ref, Repository, Store } from '@justscale/runtime';
import { Account, Signals } from './domain.js';

class Accounts {
  readonly #locks = new Map<string, Promise<void>>();
  constructor(
    readonly accounts: Repository<Account>,
    readonly store: Store,
    readonly signals: Signals,
  ) {}
  async withdraw(ref: Ref<Account>, amount: number): Promise<number> {
    void this.#locks;
    return this.store.transaction(async () => {
      const account = await this.accounts.lock(ref);
      if (account === null) return 0;
      return (await this.accounts.update(account, account.withdrawal(amount))).balance;
    });
  }
}
export async function run(store: Store): Promise<void> {
  const service = await store.transaction(async () => {
    const accounts = store.repository(Account);
    return new Accounts(accounts, store, store.signals(Signals));
  });
  const later = await store.transaction(
    async () => (ref: Ref<Account>) => service.accounts.lock(ref),
  );
  const parts = await store.transaction(async () => ({
    service,
    repository: service.accounts,
    store,
  }));
  const ids = await store.transaction(async () =>
    (await service.accounts.find()).map(({ id }) => id).values(),
  );
  const map = await store.transaction(
    async () => new Map((await service.accounts.find()).map((a) => [a.id, a])),
  );
  void [later, parts, ids, map];
}
