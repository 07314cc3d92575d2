import { EventEmitter } from 'node:events';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Locked, Persistent, Ref, Repository, Store } from '@justscale/runtime';
import _ from 'lodash';
import { Account, Order } from './domain.js';

/* 1. A service of a container, with an injected clock and a private helper that takes the lock. */
declare function Injectable(): <T>(target: T, context: unknown) => void;
declare function Transactional(): <T>(target: T, context: ClassMethodDecoratorContext) => T;

@Injectable()
export class RefundService {
  constructor(
    private readonly store: Store,
    private readonly accounts: Repository<Account>,
    private readonly orders: Repository<Order>,
    private readonly now: () => Date = () => new Date(),
  ) {}

  async refund(order: Ref<Order>, to: Ref<Account>): Promise<Date> {
    return this.store.transaction(async () => {
      const paid = await this.orders.lock(order);
      if (paid?.state !== 'paid') throw new Error('not paid');
      await this.credit(to, paid.total);
      await this.orders.update(paid, { state: 'draft' });
      return this.now();
    });
  }

  private async credit(ref: Ref<Account>, amount: number): Promise<void> {
    const account = await this.accounts.lock(ref);
    if (!account) throw new Error('no account');
    await this.accounts.update(account, { balance: account.balance + amount });
  }

  @Transactional()
  async rename(ref: Ref<Account>, owner: string): Promise<Persistent<Account> | null> {
    return this.accounts.mutate(ref, () => ({ owner }));
  }
}

/* 2. Tokens and factories, as inversify and tsyringe have them. */
const TOKENS = { accounts: Symbol('accounts'), store: Symbol('store') } as const;
interface Context {
  get<T>(token: symbol): T;
}
export async function openFrom(context: Context, ref: Ref<Account>): Promise<void> {
  const accounts = context.get<Repository<Account>>(TOKENS.accounts);
  await accounts.mutate(ref, () => ({ status: 'open' }));
}

/* 3. A unit of work that collects steps and runs them under one lock. */
export class UnitOfWork {
  private readonly steps: ((account: Locked<Account>) => Promise<unknown>)[] = [];
  constructor(
    private readonly store: Store,
    private readonly accounts: Repository<Account>,
  ) {}
  then(step: (account: Locked<Account>) => Promise<unknown>): this {
    this.steps.push(step);
    return this;
  }
  async commit(ref: Ref<Account>): Promise<boolean> {
    return this.store.transaction(async () => {
      const account = await this.accounts.lock(ref);
      if (!account) return false;
      for (const step of this.steps) await step(account);
      return true;
    });
  }
}

/* 4. A repository wrapper with a method for the domain. */
export class AccountRepository {
  constructor(private readonly inner: Repository<Account>) {}
  byOwner(owner: string) {
    return this.inner.find({ owner });
  }
  lockByRef(ref: Ref<Account>) {
    return this.inner.lock(ref);
  }
  async deposit(account: Locked<Account>, amount: number) {
    return this.inner.update(account, { balance: account.balance + amount });
  }
}
export async function depositThrough(store: Store, accounts: AccountRepository, ref: Ref<Account>) {
  await store.transaction(async () => {
    const account = await accounts.lockByRef(ref);
    if (account) await accounts.deposit(account, 5);
  });
}

/* 5. Batches, in the order of ids, a few at a time. */
export async function closeInBatches(
  store: Store,
  accounts: Repository<Account>,
  refs: readonly Ref<Account>[],
) {
  for (const part of _.chunk([...refs], 50)) {
    await store.transaction(async () => {
      for (const account of await accounts.lockMany(part)) {
        if (account) await accounts.update(account, { status: 'closed' });
      }
    });
  }
}

/* 6. A pool of workers of one process that pulls from a list (p-map). */
async function mapLimited<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>) {
  const results: R[] = [];
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift())
      results.push(await work(item));
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
export const creditAll = (accounts: Repository<Account>, refs: readonly Ref<Account>[]) =>
  mapLimited(refs, 4, (ref) => accounts.mutate(ref, (it) => ({ balance: it.balance + 1 })));

/* 7. Events of this process that carry ids, after the commit. */
export class AccountEvents extends EventEmitter<{ closed: [id: string] }> {}
export async function closeAndTell(
  store: Store,
  accounts: Repository<Account>,
  events: AccountEvents,
  ref: Ref<Account>,
) {
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (!account) return;
    await accounts.update(account, { status: 'closed' });
    const { id } = account;
    store.afterCommit(() => events.emit('closed', id));
  });
}

/* 8. A listener that locks anew. */
export function listen(accounts: Repository<Account>, events: AccountEvents) {
  events.on('closed', (id) => {
    accounts
      .mutate(Account.ref(id), () => ({ tags: [] }))
      .catch((error: unknown) => {
        console.error(error);
      });
  });
}

/* 9. Generic services over a model. */
export async function updateUnder<T extends Account | Order>(
  store: Store,
  repository: Repository<T>,
  ref: Ref<T>,
  change: (entity: Locked<T>) => Parameters<Repository<T>['update']>[1],
) {
  return store.transaction(async () => {
    const entity = await repository.lock(ref);
    return entity && (await repository.update(entity, change(entity)));
  });
}

/* 10. A result type in a pipeline. */
type Result<T> = { ok: true; value: T } | { ok: false; error: string };
const fail = (error: string): Result<never> => ({ ok: false, error });
export async function tryWithdraw(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
  amount: number,
): Promise<Result<number>> {
  return store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (!account) return fail('missing');
    if (account.balance < amount) return fail('too little');
    const { balance } = await accounts.update(account, account.withdrawal(amount));
    return { ok: true, value: balance };
  });
}

/* 11. A context of the request that carries ids, not locks. */
const requests = new AsyncLocalStorage<{ readonly user: string }>();
export async function openMine(accounts: Repository<Account>) {
  const user = requests.getStore()?.user ?? 'nobody';
  const [mine] = await accounts.find({ owner: user });
  return mine && accounts.mutate(Account.ref(mine), () => ({ status: 'open' }));
}

/* 12. A retrying decorator around a function. */
const retrying =
  <A extends unknown[], R>(attempts: number, work: (...args: A) => Promise<R>) =>
  async (...args: A): Promise<R> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work(...args);
      } catch (error) {
        if (attempt >= attempts) throw error;
      }
    }
  };
export const freezeRetrying = (accounts: Repository<Account>) =>
  retrying(3, (ref: Ref<Account>) => accounts.mutate(ref, () => ({ status: 'frozen' })));

/* 13. Two locks in the order of their ids. */
export async function transfer(
  store: Store,
  accounts: Repository<Account>,
  from: Ref<Account>,
  to: Ref<Account>,
  amount: number,
) {
  await store.transaction(async () => {
    const [source, target] = await accounts.lockMany([from, to]);
    if (!source || !target) throw new Error('missing');
    await accounts.update(source, source.withdrawal(amount));
    await accounts.update(target, { balance: target.balance + amount });
  });
}

/* 14. A class that groups by lodash, of rows that are only shown. */
export class Report {
  constructor(private readonly accounts: Repository<Account>) {}
  async totals() {
    const byOwner = _.groupBy(await this.accounts.find({ status: 'open' }), 'owner');
    return _.mapValues(byOwner, (rows) => _.sumBy(rows, 'balance'));
  }
}

/* 15. A strategy table. */
const strategies: Record<
  'close' | 'freeze',
  (account: Locked<Account>) => { status: 'closed' | 'frozen' }
> = {
  close: () => ({ status: 'closed' }),
  freeze: () => ({ status: 'frozen' }),
};
export const apply = (
  accounts: Repository<Account>,
  ref: Ref<Account>,
  how: keyof typeof strategies,
) => accounts.mutate(ref, (account) => strategies[how](account));

/* 16. A command bus. */
abstract class Command<R> {
  declare readonly result: R;
  abstract run(accounts: Repository<Account>): Promise<R>;
}
export class Deposit extends Command<number> {
  constructor(
    private readonly ref: Ref<Account>,
    private readonly amount: number,
  ) {
    super();
  }
  async run(accounts: Repository<Account>) {
    const after = await accounts.mutate(this.ref, (it) => ({ balance: it.balance + this.amount }));
    return after?.balance ?? 0;
  }
}
export const execute = <R>(accounts: Repository<Account>, command: Command<R>) =>
  command.run(accounts);

/* 17. A saga whose steps are transactions of their own. */
export async function checkout(
  store: Store,
  accounts: Repository<Account>,
  orders: Repository<Order>,
  order: Ref<Order>,
  payer: Ref<Account>,
  charge: (total: number) => Promise<boolean>,
) {
  const total = await store.transaction(async () => {
    const placed = await orders.lock(order);
    if (placed?.state !== 'draft') return null;
    await orders.update(placed, { state: 'placed' });
    return placed.total;
  });
  if (total === null) return 'not a draft';
  const charged = await charge(total);
  await orders.mutate(order, () => ({ state: charged ? 'paid' : 'draft' }));
  if (charged) await accounts.mutate(payer, (it) => ({ tags: [...it.tags, 'customer'] }));
  return charged ? 'paid' : 'refused';
}

/* 18. A generator that hands out pages. */
export async function* pages(accounts: Repository<Account>, size: number) {
  for (const page of _.chunk(await accounts.find({ status: 'open' }), size)) yield page;
}
export async function closeAll(accounts: Repository<Account>) {
  for await (const page of pages(accounts, 10)) {
    for (const { id } of page) await accounts.mutate(Account.ref(id), () => ({ status: 'closed' }));
  }
}

/* 19. An interface with two implementations. */
interface Ledger {
  book(account: Locked<Account>, amount: number): Promise<void>;
}
export class StoredLedger implements Ledger {
  constructor(private readonly accounts: Repository<Account>) {}
  async book(account: Locked<Account>, amount: number) {
    await this.accounts.update(account, { balance: account.balance + amount });
  }
}
export class LoggedLedger implements Ledger {
  constructor(
    private readonly inner: Ledger,
    private readonly log: (line: string) => void,
  ) {}
  async book(account: Locked<Account>, amount: number) {
    this.log(`booking ${amount} on ${account.id}`);
    await this.inner.book(account, amount);
  }
}

/* 20. Locks in a map by id, which the transaction does not outlive. */
export async function settle(
  store: Store,
  accounts: Repository<Account>,
  amounts: ReadonlyMap<string, number>,
) {
  await store.transaction(async () => {
    const locked = await accounts.lockMany([...amounts.keys()].map((id) => Account.ref(id)));
    const byId = new Map(_.compact(locked).map((account) => [account.id, account]));
    for (const [id, amount] of amounts) {
      const account = byId.get(id);
      if (account) await accounts.update(account, { balance: account.balance + amount });
    }
  });
}

/* 21. Optional work, one after the other, in a savepoint. */
export async function tagOrNot(store: Store, accounts: Repository<Account>, ref: Ref<Account>) {
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (!account) return;
    await accounts.update(account, { status: 'open' });
    try {
      await store.savepoint(() => accounts.update(account, { tags: ['new'] }));
    } catch (error) {
      console.warn(error);
    }
  });
}

/* 22. A test of what was found, without a write. */
export const isRich = async (accounts: Repository<Account>, ref: Ref<Account>) =>
  ((await accounts.get(ref))?.balance ?? 0) > 1_000_000;
