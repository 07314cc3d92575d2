// Services, containers and classes with injected repositories.
import type { Locked, Persistent, Ref, Repository, Store } from '@justscale/runtime';
import { Account, AccountSignals, Order } from './domain.js';

export class AccountNotFound extends Error {}

/** 1: constructor parameter properties. */
export class Withdrawals {
  constructor(
    private readonly store: Store,
    private readonly accounts: Repository<Account>,
  ) {}

  async withdraw(id: string, amount: number): Promise<number> {
    return this.store.transaction(async () => {
      const account = await this.require(id);
      const { balance } = await this.accounts.update(account, account.withdrawal(amount));
      return balance;
    });
  }

  /** 2: a private method that throws when there is none. */
  private async require(id: string): Promise<Locked<Account>> {
    const account = await this.accounts.lock(Account.ref(id));
    if (account === null) throw new AccountNotFound(id);
    return account;
  }
}

/** 3: repositories in private fields, made by the store. */
export class Transfers {
  readonly #store: Store;
  readonly #accounts;
  readonly #signals;

  constructor(store: Store) {
    this.#store = store;
    this.#accounts = store.repository(Account);
    this.#signals = store.signals(AccountSignals);
  }

  async transfer(from: Ref<Account>, to: Ref<Account>, amount: number): Promise<void> {
    await this.#store.transaction(async () => {
      const [source, target] = await this.#accounts.lockMany([from, to]);
      if (!source || !target) return;
      await this.#accounts.update(source, source.withdrawal(amount));
      await this.#accounts.update(target, { balance: target.balance + amount });
      await this.#signals.changed.emit({ account: source });
    });
  }
}

/** 4: an abstract base with a template method. */
abstract class Command<Result> {
  constructor(
    protected readonly store: Store,
    protected readonly accounts: Repository<Account>,
  ) {}

  run(ref: Ref<Account>): Promise<Result | null> {
    return this.store.transaction(async () => {
      const account = await this.accounts.lock(ref);
      return account === null ? null : this.apply(account);
    });
  }

  protected abstract apply(account: Locked<Account>): Promise<Result>;
}

export class Freeze extends Command<Persistent<Account>> {
  protected override apply(account: Locked<Account>): Promise<Persistent<Account>> {
    return this.accounts.update(account, { status: 'frozen' });
  }
}

export class Close extends Command<string> {
  protected override async apply(account: Locked<Account>): Promise<string> {
    await this.accounts.delete(account);
    return account.id;
  }
}

/** 5: a container of dependencies that is destructured. */
export interface Dependencies {
  readonly store: Store;
  readonly repositories: {
    readonly accounts: Repository<Account>;
    readonly orders: Repository<Order>;
  };
}

export const createAccountService = ({
  store,
  repositories: { accounts, orders },
}: Dependencies) => ({
  async pay(account: Ref<Account>, order: Ref<Order>): Promise<boolean> {
    return store.transaction(async () => {
      const bill = await orders.lock(order);
      const payer = await accounts.lock(account);
      if (!payer || bill?.state !== 'placed') return false;
      await accounts.update(payer, payer.withdrawal(bill.total));
      await orders.update(bill, { state: 'paid' });
      return true;
    });
  },
});

/** 6: a container with getters. */
export class Container {
  readonly #store: Store;
  constructor(store: Store) {
    this.#store = store;
  }
  get accounts(): Repository<Account> {
    return this.#store.repository(Account);
  }
  get store(): Store {
    return this.#store;
  }
}

export async function freezeIn(container: Container, ref: Ref<Account>): Promise<void> {
  await container.store.transaction(async () => {
    const account = await container.accounts.lock(ref);
    if (account) await container.accounts.update(account, { status: 'frozen' });
  });
}

/** 7: a container that resolves by token. */
class Token<T> {
  declare readonly provided?: T;
  constructor(readonly name: string) {}
}
export const ACCOUNTS = new Token<Repository<Account>>('accounts');
export interface Injector {
  get<T>(token: Token<T>): T;
}
export async function openIn(injector: Injector, store: Store, ref: Ref<Account>): Promise<void> {
  const accounts = injector.get(ACCOUNTS);
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (account) await accounts.update(account, { status: 'open' });
  });
}

/** 8: a subclass of a repository's user that overrides with the same lock. */
export class Accounts {
  constructor(protected readonly repository: Repository<Account>) {}
  lock(id: string): Promise<Locked<Account> | null> {
    return this.repository.lock(Account.ref(id));
  }
  write(account: Locked<Account>, balance: number): Promise<Persistent<Account>> {
    return this.repository.update(account, { balance });
  }
}
export class LoggedAccounts extends Accounts {
  override async lock(id: string): Promise<Locked<Account> | null> {
    console.log('lock', id);
    return super.lock(id);
  }
}
export async function reset(store: Store, accounts: Accounts, id: string): Promise<void> {
  await store.transaction(async () => {
    const account = await accounts.lock(id);
    if (account) await accounts.write(account, 0);
  });
}

/** 9: an interface of one's own that hands out locks, with a class behind it. */
export interface AccountGateway {
  lock(id: string): Promise<Locked<Account>>;
  rename(account: Locked<Account>, owner: string): Promise<void>;
}
export class StoredAccountGateway implements AccountGateway {
  constructor(private readonly accounts: Repository<Account>) {}
  async lock(id: string): Promise<Locked<Account>> {
    const account = await this.accounts.lock(Account.ref(id));
    if (!account) throw new AccountNotFound(id);
    return account;
  }
  async rename(account: Locked<Account>, owner: string): Promise<void> {
    await this.accounts.update(account, { owner });
  }
}
export async function rename(store: Store, gateway: AccountGateway, id: string): Promise<void> {
  await store.transaction(async () => gateway.rename(await gateway.lock(id), 'ada'));
}

/** 10: a gateway as an object literal. */
export const createGateway = (accounts: Repository<Account>): AccountGateway => ({
  async lock(id) {
    const account = await accounts.lock(Account.ref(id));
    if (!account) throw new AccountNotFound(id);
    return account;
  },
  rename: async (account, owner) => {
    await accounts.update(account, { owner });
  },
});

/** 11: a generic base service. */
export abstract class CrudService<T extends typeof Account.prototype> {
  constructor(
    protected readonly store: Store,
    protected readonly repository: Repository<T>,
  ) {}
  remove(ref: Ref<T>): Promise<boolean> {
    return this.store.transaction(async () => {
      const entity = await this.repository.lock(ref);
      if (!entity) return false;
      await this.repository.delete(entity);
      return true;
    });
  }
}
export class AccountCrud extends CrudService<Account> {}

/** 12: a unit of work with two repositories. */
export class Checkout {
  constructor(private readonly deps: Dependencies) {}
  place(customer: string, total: number, ref: Ref<Account>): Promise<string> {
    const { store, repositories } = this.deps;
    return store.transaction(async () => {
      const account = await repositories.accounts.lock(ref);
      if (!account?.isOpen) throw new Error('closed');
      await repositories.accounts.update(account, account.withdrawal(total));
      const order = new Order({ customer, total, state: 'placed' });
      return (await repositories.orders.save(order)).id;
    });
  }
}

/** A loader that is made for each request, and remembers what it has read. */
export class RequestAccounts {
  readonly #read = new Map<string, Promise<Persistent<Account> | null>>();
  constructor(private readonly accounts: Repository<Account>) {}
  load(ref: Ref<Account>): Promise<Persistent<Account> | null> {
    const known = this.#read.get(ref.id) ?? this.accounts.get(ref);
    this.#read.set(ref.id, known);
    return known;
  }
}
