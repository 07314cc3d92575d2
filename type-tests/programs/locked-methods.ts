// Functions and methods that take locks, as parameters, callbacks, steps and strategies.
import type { Locked, Ref, Repository, Store, UpdateData } from '@justscale/runtime';
import { Account } from './domain.js';

type Step = (account: Locked<Account>) => Promise<void>;
type Policy = {
  readonly [Name in 'close' | 'open']: (account: Locked<Account>) => UpdateData<Account>;
};
const policy: Policy = {
  close: () => ({ archived: true }),
  open: ({ archived }) => (archived ? { archived: false } : {}),
};
export class UnitOfWork {
  readonly #steps: Step[] = [];
  constructor(
    private readonly store: Store,
    private readonly accounts: Repository<Account>,
  ) {}
  add(step: Step): this {
    this.#steps.push(step);
    return this;
  }
  apply(name: keyof Policy): this {
    return this.add(
      async (account) => void (await this.accounts.update(account, policy[name](account))),
    );
  }
  async run(target: Ref<Account>): Promise<void> {
    await this.store.transaction(async () => {
      const account = await this.accounts.lock(target);
      if (account) for (const step of this.#steps) await step(account);
    });
  }
}
