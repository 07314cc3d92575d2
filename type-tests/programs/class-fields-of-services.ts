// Services with inferred members, as declarations are written of them.
import type { Repository, Store } from '@justscale/runtime';
import { Account, Signals } from './domain.js';

export class Accounts {
  readonly repository;
  readonly signals;
  constructor(readonly store: Store) {
    this.repository = store.repository(Account);
    this.signals = store.signals(Signals);
  }
  rows = async () => (await this.repository.find()).map((row) => ({ ...row }));
  first = async (r: Repository<Account> = this.repository) => r.findOne({});
  lockAll = () => this.repository.lockWhere({ archived: false });
  ids = async () =>
    (await this.repository.find()).map(({ id, ...others }) => [id, others] as const);
}
export const draft = () => new Account({ owner: 'a', balance: 0, tags: [], archived: false });
export const draftFields = () => ({ ...draft() });
export const partial = (account: Awaited<ReturnType<Accounts['first']>>) => ({
  ...account,
  label: 'x',
});
export const handlers = { account: (store: Store) => new Accounts(store), draft };
