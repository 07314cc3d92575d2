// Helpers that lock, check, pass on and write.
import type { Locked, Persistent, Ref, Repository, Store, Transient } from '@justscale/runtime';
import { Account, Order } from './domain.js';

/** 13: a function that locks or throws. */
export async function lockOrThrow(
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<Locked<Account>> {
  const account = await accounts.lock(ref);
  if (!account) throw new Error(`no account ${ref.id}`);
  return account;
}

/** 14: its result is not written down. */
export async function lockOpen(accounts: Repository<Account>, ref: Ref<Account>) {
  const account = await lockOrThrow(accounts, ref);
  if (account.status !== 'open') return null;
  return account;
}

export async function freeze(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    const account = await lockOpen(accounts, ref);
    if (account) await accounts.update(account, { status: 'frozen' });
  });
}

/** 15: generic over the model. */
export async function lockAny<T extends Account | Order>(
  repository: Repository<T>,
  ref: Ref<T>,
): Promise<Locked<T>> {
  const entity = await repository.lock(ref);
  if (entity === null) throw new Error(ref.id);
  return entity;
}

export async function payOrder(
  store: Store,
  orders: Repository<Order>,
  ref: Ref<Order>,
): Promise<void> {
  await store.transaction(async () => {
    const order = await lockAny(orders, ref);
    await orders.update(order, { state: 'paid' });
  });
}

/** 16: require() of what may be missing. */
export function required<T>(value: T | null | undefined, name: string): T {
  if (value === null || value === undefined) throw new Error(`${name} is missing`);
  return value;
}

export async function open(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    await accounts.update(required(await accounts.lock(ref), 'account'), { status: 'open' });
  });
}

/** 17: an assertion function that only excludes null. */
export function assertPresent<T>(value: T): asserts value is NonNullable<T> {
  if (value === null || value === undefined) throw new Error('missing');
}

export async function close(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    assertPresent(account);
    await accounts.update(account, { status: 'closed' });
  });
}

/** 18: a callback that is handed the lock. */
export async function withLock<R>(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
  work: (account: Locked<Account>) => Promise<R>,
): Promise<R> {
  return store.transaction(async () => work(await lockOrThrow(accounts, ref)));
}

export async function tag(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<number> {
  return withLock(store, accounts, ref, async (account) => {
    const { tags } = await accounts.update(account, { tags: [...account.tags, 'new'] });
    return tags.length;
  });
}

/** 19: the same, generic over model and result. */
export function withEntity<T extends Account | Order, R>(
  store: Store,
  repository: Repository<T>,
  ref: Ref<T>,
  work: (entity: Locked<T>, repository: Repository<T>) => Promise<R>,
): Promise<R | null> {
  return store.transaction(async () => {
    const entity = await repository.lock(ref);
    return entity ? work(entity, repository) : null;
  });
}

export async function place(
  store: Store,
  orders: Repository<Order>,
  ref: Ref<Order>,
): Promise<void> {
  await withEntity(store, orders, ref, async (order, repository) => {
    await repository.update(order, { state: 'placed' });
  });
}

/** 20: a step by its type. */
export type Step = (account: Locked<Account>) => Promise<void>;

export const renameTo =
  (accounts: Repository<Account>, owner: string): Step =>
  async (account) => {
    await accounts.update(account, { owner });
  };

export async function runSteps(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
  steps: readonly Step[],
): Promise<void> {
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (account) for (const step of steps) await step(account);
  });
}

/** 21: an object of options with the lock in it. */
export interface Posting {
  readonly account: Locked<Account>;
  readonly amount: number;
  readonly note?: string;
}

export async function post(
  accounts: Repository<Account>,
  { account, amount }: Posting,
): Promise<Persistent<Account>> {
  return accounts.update(account, { balance: account.balance + amount });
}

export async function postAll(
  store: Store,
  accounts: Repository<Account>,
  refs: readonly Ref<Account>[],
): Promise<void> {
  await store.transaction(async () => {
    const held = await accounts.lockMany(refs);
    const postings = held.map((account): Posting => ({ account, amount: 1 }));
    for (const posting of postings) await post(accounts, posting);
  });
}

/** 22: overloads with one result. */
export function lockOne(accounts: Repository<Account>, id: string): Promise<Locked<Account> | null>;
export function lockOne(
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<Locked<Account> | null>;
export function lockOne(
  accounts: Repository<Account>,
  key: string | Ref<Account>,
): Promise<Locked<Account> | null> {
  return accounts.lock(typeof key === 'string' ? Account.ref(key) : key);
}

export async function openOne(
  store: Store,
  accounts: Repository<Account>,
  id: string,
): Promise<void> {
  await store.transaction(async () => {
    const account = await lockOne(accounts, id);
    if (account) await accounts.update(account, { status: 'open' });
  });
}

/** 23: either state, narrowed by a tag of one's own. */
export type Target =
  | { readonly kind: 'seen'; readonly account: Persistent<Account> }
  | { readonly kind: 'held'; readonly account: Locked<Account> };

const isHeld = (target: Target): target is Extract<Target, { kind: 'held' }> =>
  target.kind === 'held';

export async function creditTarget(
  store: Store,
  accounts: Repository<Account>,
  target: Target,
): Promise<void> {
  if (isHeld(target)) {
    await accounts.update(target.account, { balance: target.account.balance + 1 });
    return;
  }
  const ref = Account.ref(target.account);
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (account) await creditTarget(store, accounts, { kind: 'held', account });
  });
}

/** 24: a result type of one's own. */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };
export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value });
export const err = <E>(error: E): Result<never, E> => ({ ok: false, error });

export async function findHeld(
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<Result<Locked<Account>, string>> {
  const account = await accounts.lock(ref);
  if (!account) return err('missing');
  return account.isOpen ? ok(account) : err('closed');
}

export async function useResult(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<string> {
  return store.transaction(async () => {
    const found = await findHeld(accounts, ref);
    if (!found.ok) return found.error;
    await accounts.update(found.value, { status: 'frozen' });
    return 'frozen';
  });
}

/** 25: satisfies. */
export async function satisfying(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (!account) return;
    const context = { account, amount: 5 } satisfies Posting;
    await accounts.update(context.account, { balance: context.amount });
    await post(accounts, context);
  });
}

/** 26: drafts, built in steps and by factories. */
export const draftOf = (owner: string): Transient<Account> =>
  new Account({ owner, balance: 0, status: 'open', tags: [] });

export async function create(
  accounts: Repository<Account>,
  owner: string,
  isVip: boolean,
): Promise<string> {
  const draft = draftOf(owner);
  if (isVip) draft.tags = ['vip'];
  Object.assign(draft, { balance: 10 });
  const { id } = await accounts.save(draft);
  return id;
}

export async function createAll(
  accounts: Repository<Account>,
  owners: readonly string[],
): Promise<void> {
  const drafts = owners.map(draftOf);
  for (const draft of drafts) await accounts.save(draft);
  await Promise.all(
    owners.map((owner) =>
      accounts.save(new Account({ owner, balance: 0, status: 'open', tags: [] })),
    ),
  );
}

/** 27: save of a lock. */
export async function touch(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (account) await accounts.save(account);
  });
}

/** 28: either a lock that the caller has, or one of its own. */
export async function debit(
  accounts: Repository<Account>,
  target: Locked<Account> | Ref<Account>,
): Promise<void> {
  const account = 'balance' in target ? target : await lockOrThrow(accounts, target);
  await accounts.update(account, account.withdrawal(1));
}

/** 29: a lock that is optional. */
export async function credit(
  accounts: Repository<Account>,
  ref: Ref<Account>,
  held?: Locked<Account>,
): Promise<void> {
  const account = held ?? (await accounts.lock(ref));
  if (!account) return;
  await accounts.update(account, { balance: account.balance + 1 });
}

/** 30: never-returning functions in a choice. */
function fail(message: string): never {
  throw new Error(message);
}

export async function orFail(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    const account = (await accounts.lock(ref)) ?? fail('gone');
    await accounts.update(account.isOpen ? account : fail('closed'), { balance: 0 });
  });
}
