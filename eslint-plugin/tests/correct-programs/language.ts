// Features of the language around a lock.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Locked, Persistent, Ref, Repository, Store } from '@justscale/runtime';
import { Account, Order } from './domain.js';

/** 60: decorators that pass through. */
function logged<This, Args extends unknown[], R>(
  method: (this: This, ...args: Args) => R,
  { name }: ClassMethodDecoratorContext<This, (this: This, ...args: Args) => R>,
): (this: This, ...args: Args) => R {
  return function (this: This, ...args: Args): R {
    console.log(String(name));
    return method.apply(this, args);
  };
}
function sealed<T extends abstract new (...args: never[]) => object>(
  target: T,
  _context: ClassDecoratorContext,
): T {
  return target;
}

@sealed
export class LoggedAccounts {
  constructor(private readonly accounts: Repository<Account>) {}

  @logged
  lock(ref: Ref<Account>): Promise<Locked<Account> | null> {
    return this.accounts.lock(ref);
  }

  @logged
  async open(account: Locked<Account>): Promise<void> {
    await this.accounts.update(account, { status: 'open' });
  }

  async run(ref: Ref<Account>): Promise<void> {
    const account = await this.lock(ref);
    if (account) await this.open(account);
  }
}

/** 61: an async context that is entered inside of the transaction. */
const current = new AsyncLocalStorage<{ readonly account: Locked<Account> }>();

export async function inContext(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
  work: () => Promise<void>,
): Promise<void> {
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (account) await current.run({ account }, work);
  });
}

export async function fromContext(accounts: Repository<Account>): Promise<void> {
  const context = current.getStore();
  if (context) await accounts.update(context.account, { balance: 0 });
}

/** 62: optional chaining and nullish coalescing. */
export async function chained(
  store: Store,
  accounts: Repository<Account>,
  context: { readonly held?: { readonly account: Locked<Account> } },
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    const account = context.held?.account ?? (await accounts.lock(ref));
    if (account) await accounts.update(account, { balance: 0 });
  });
}

/** 63: a class that is made for one transaction. */
class Posting {
  #account: Locked<Account>;
  readonly steps: ((account: Locked<Account>) => Promise<void>)[] = [];
  constructor(
    private readonly accounts: Repository<Account>,
    account: Locked<Account>,
  ) {
    this.#account = account;
  }
  get account(): Locked<Account> {
    return this.#account;
  }
  add(amount: number): this {
    this.steps.push(
      async (account) =>
        void (await this.accounts.update(account, { balance: account.balance + amount })),
    );
    return this;
  }
  async run(): Promise<void> {
    for (const step of this.steps) await step(this.#account);
    await this.accounts.update(this.account, { tags: [] });
  }
}

export async function posted(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (account) await new Posting(accounts, account).add(1).add(2).run();
  });
}

/** 64: mutate, inline and by name. */
export async function mutated(accounts: Repository<Account>, ref: Ref<Account>): Promise<void> {
  await accounts.mutate(ref, (account) => account.withdrawal(1));
  await accounts.mutate(ref, ({ balance }) => ({ balance: balance + 1 }));
  const close = (account: Locked<Account>) => ({
    ...account.withdrawal(account.balance),
    status: 'closed' as const,
  });
  await accounts.mutate(ref, close);
}

/** 65: a method of the model that is handed its lock, and a function that takes this. */
function half(this: Locked<Account>): { balance: number } {
  return { balance: this.balance / 2 };
}

export async function halved(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (account) await accounts.update(account, half.call(account));
  });
}

/** 66: switch, labelled loops, try and finally. */
export async function controlled(
  store: Store,
  accounts: Repository<Account>,
  refs: readonly Ref<Account>[],
): Promise<number> {
  let count = 0;
  await store.transaction(async () => {
    outer: for (const account of await accounts.lockMany(refs)) {
      switch (account.status) {
        case 'closed':
          continue outer;
        case 'frozen':
          break outer;
        default:
          try {
            await accounts.update(account, { balance: 0 });
          } finally {
            count++;
          }
      }
    }
  });
  return count;
}

/** 67: two repositories of two models in one function, by a record of repositories. */
export async function both(
  store: Store,
  repositories: { readonly accounts: Repository<Account>; readonly orders: Repository<Order> },
  ref: Ref<Account>,
  order: Ref<Order>,
): Promise<void> {
  const { accounts: people, orders } = repositories;
  await store.transaction(async () => {
    const bill = await orders.lock(order);
    if (bill) await repositories.orders.update(bill, { state: 'paid' });
    const account = await repositories.accounts.lock(ref);
    if (account) await people.update(account, { balance: 0 });
  });
}

/** 68: a repository that is made twice, and one that is chosen by a parameter. */
export async function remade(store: Store, ref: Ref<Account>): Promise<void> {
  await store.transaction(async () => {
    const account = await store.repository(Account).lock(ref);
    if (account) await store.repository(Account).update(account, { balance: 0 });
  });
}

/** 69: a choice between two repositories, used for both. */
export async function chosen(
  store: Store,
  accounts: Repository<Account>,
  archive: Repository<Account>,
  ref: Ref<Account>,
  isOld: boolean,
): Promise<void> {
  const repository = isOld ? archive : accounts;
  await store.transaction(async () => {
    const account = await repository.lock(ref);
    if (account) await repository.update(account, { balance: 0 });
  });
}

/** 70: one repository after the other. */
export async function each(
  store: Store,
  repositories: readonly Repository<Account>[],
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    for (const repository of repositories) {
      const account = await repository.lock(ref);
      if (account) await repository.update(account, { balance: 0 });
    }
  });
}

/** 71: moved from one table into the other. */
export async function archived(
  store: Store,
  accounts: Repository<Account>,
  archive: Repository<Account>,
  ref: Ref<Account>,
): Promise<Persistent<Account> | null> {
  return store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (!account) return null;
    const { owner, balance, status, tags } = account;
    const moved = await archive.save(new Account({ owner, balance, status, tags: [...tags] }));
    await accounts.delete(account);
    return moved;
  });
}

/** 72: a default parameter, a rest parameter, a spread of locks into one. */
const updateAll = (accounts: Repository<Account>, ...held: readonly Locked<Account>[]) =>
  Promise.all(held.map((account) => accounts.update(account, { balance: 0 })));

export async function spread(
  store: Store,
  accounts: Repository<Account>,
  refs: readonly Ref<Account>[],
): Promise<void> {
  await store.transaction(async () => {
    await updateAll(accounts, ...(await accounts.lockMany(refs)));
  });
}

/** 73: using, with what is disposed of in the transaction. */
export async function disposed(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (!account) return;
    await using guard = {
      account,
      async [Symbol.asyncDispose]() {
        await accounts.update(this.account, { status: 'open' });
      },
    };
    await accounts.update(guard.account, { status: 'frozen' });
  });
}

/** 74: a wrapped lock. */
interface Envelope<T> {
  readonly payload: T;
  readonly at: Date;
}
const envelope = <T>(payload: T): Envelope<T> => ({ payload, at: new Date() });

export async function wrapped(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (!account) return;
    const { payload } = envelope(account);
    await accounts.update(payload, { balance: 0 });
    const context = Object.freeze({ account, amount: 1 });
    await accounts.update(context.account, { balance: context.amount });
    const more = { ...context, note: 'x' };
    await accounts.update(more.account, { balance: 2 });
    const merged = Object.assign({ at: new Date() }, { account });
    await accounts.update(merged.account, { balance: 3 });
  });
}
