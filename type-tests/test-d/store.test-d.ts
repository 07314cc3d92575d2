import type {
  CloseOptions,
  IsolationLevel,
  Locked,
  LockEvent,
  LockNameOptions,
  ModelBase,
  Persistent,
  PoolEvent,
  ReadOptions,
  Ref,
  Repository,
  RepositoryOptions,
  SlowLock,
  SlowLockEvent,
  StatementEvent,
  Store,
  StoreEvents,
  StoreStats,
  TransactionEvent,
  TransactionOptions,
  TransactionScope,
  TransactionWork,
} from '@justscale/runtime';
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';
import { Account, AccountSignals, SavingsAccount } from './domain.js';

declare const store: Store;
declare const accounts: Repository<Account>;
declare const ref: Ref<Account>;
declare const locked: Locked<Account>;

// repository: a model.
expectType<Repository<Account>>(store.repository(Account));
expectType<Repository<Account>>(store.repository(Account, { table: 'accounts' }));
expectType<Repository<SavingsAccount>>(store.repository(SavingsAccount));
expectError(store.repository(class {}));
expectError(store.repository('account'));
expectError(store.repository(AccountSignals));
expectError(store.repository({} as unknown));
expectError(store.repository(Account, { table: 1 }));
expectError(store.repository(Account, {} as unknown));
store.repository({} as any, {} as any);
store.repository({} as never, {} as never);
expectAssignable<RepositoryOptions>({});
expectNotAssignable<RepositoryOptions>({ table: null });

// What ends a call from outside.
declare const signal: AbortSignal;
expectAssignable<ReadOptions>({ signal });
expectNotAssignable<ReadOptions>({ signal: true });
expectAssignable<LockNameOptions>({ signal, timeoutMs: 1 });
expectNotAssignable<LockNameOptions>({ timeoutMs: '1' });
expectAssignable<CloseOptions>({ timeoutMs: 1 });
expectNotAssignable<CloseOptions>({ timeoutMs: null });
expectType<Promise<void>>(store.close({ timeoutMs: 1 }));
expectType<Promise<Persistent<Account> | null>>(accounts.get(ref, { signal }));
expectError(accounts.get(ref, { signal: 1 }));

// What it tells of itself.
expectType<StoreStats>(store.stats());
store.on('slowLock', (event) => expectType<SlowLock>(event));
expectError(store.on('slow', () => undefined));
expectAssignable<SlowLock>({} as SlowLockEvent);
expectType<string>(({} as StatementEvent).text);
expectType<readonly string[]>(({} as LockEvent).ids);
expectType<'committed' | 'rolled back'>(({} as TransactionEvent).outcome);
expectType<'waited' | 'opened' | 'closed'>(({} as PoolEvent).event);

// signals: a group.
expectAssignable<AccountSignals>(store.signals(AccountSignals));
expectError(store.signals(Account));
expectError(store.signals({ changed: '/account/:account' }));
expectError(store.signals({} as unknown));
store.signals({} as any);
store.signals({} as never);

// transaction: what the work returns.
expectType<Promise<number>>(store.transaction(() => 1));
expectType<Promise<number>>(store.transaction(async () => 1));
expectType<Promise<void>>(store.transaction(async () => {}));
expectType<Promise<Persistent<Account>>>(store.transaction(() => accounts.update(locked, {})));
expectType<Promise<Persistent<Account> | null>>(store.transaction(() => accounts.get(ref)));
expectType<Promise<Ref<Account>[]>>(store.transaction(async () => [Account.ref(locked)]));
expectType<Promise<{ seen: Persistent<Account>[]; at: Date }>>(
  store.transaction(async () => ({ seen: await accounts.find(), at: new Date() })),
);
expectType<Promise<any>>(store.transaction(() => ({}) as any));
expectType<Promise<unknown>>(store.transaction(() => ({}) as unknown));
expectType<Promise<never>>(store.transaction(() => ({}) as never));
expectError(store.transaction(1));
expectError(store.transaction());
expectError(store.transaction((argument: number) => argument));
expectError(store.transaction({} as unknown));
expectError(store.transaction(() => 1, { retries: '3' }));
expectError(store.transaction(() => 1, { timeout: 1 }));
expectError(store.transaction(() => 1, {} as unknown));
store.transaction({} as any, {} as any);
store.transaction({} as never, {} as never);
expectAssignable<TransactionOptions>({ retries: 3, timeoutMs: 5_000 });
expectNotAssignable<TransactionOptions>({ retries: '3' });
expectAssignable<TransactionOptions>({ isolation: 'serializable', readOnly: true });
expectAssignable<IsolationLevel>('repeatable read');
expectNotAssignable<IsolationLevel>('read uncommitted');
declare const scope: TransactionScope;
expectType<number>(scope.run(() => 1));
expectError(scope.run(1));

// transaction: a lock stays in, wherever it hides.
class UnitOfWork {
  constructor(readonly account: Locked<Account>) {}
}
class Finished {
  constructor(readonly account: Persistent<Account>) {}
}
class Service {
  constructor(readonly accounts: Repository<Account>) {}

  async next(): Promise<Locked<Account> | null> {
    return this.accounts.lock(Account.ref('next'));
  }

  async *all(): AsyncGenerator<Locked<Account>> {
    yield* await this.accounts.lockMany([]);
  }
}
declare const persistent: Persistent<Account>;
expectError(store.transaction(() => locked));
expectError(store.transaction(() => accounts.lock(ref)));
expectError(store.transaction(() => accounts.lockMany([ref])));
expectError(store.transaction(async () => ({ a: { b: locked } })));
store.transaction(async () => ({ a: { b: persistent } }));
expectError(store.transaction(async () => [1, locked] as const));
store.transaction(async () => [1, persistent] as const);
expectError(store.transaction(async () => ({}) as string | Locked<Account>));
store.transaction(async () => ({}) as string | Persistent<Account>);
expectError(store.transaction(async () => ({ later: Promise.resolve(locked) })));
store.transaction(async () => ({ later: Promise.resolve(persistent) }));
expectError(store.transaction(async () => new Map([['a1', locked]])));
expectError(store.transaction(async () => new Map([[locked, 'a1']])));
store.transaction(async () => new Map([['a1', persistent]]));
expectError(store.transaction(async () => new Set([locked])));
store.transaction(async () => new Set([persistent]));
expectError(store.transaction(async () => new UnitOfWork(locked)));
store.transaction(async () => new Finished(persistent));
expectError(store.transaction(async () => () => locked));
store.transaction(async () => () => persistent);
// What a function promises it may have locked by itself, later; lint sees what it captured.
store.transaction(async () => (id: string) => accounts.lock(Account.ref(id)));
expectError(store.transaction(async () => (id: string) => (id === '' ? null : locked)));
store.transaction(async () => new Service(accounts));
expectError(store.transaction(async () => ({ service: new Service(accounts), locked })));
expectError(
  store.transaction(async () =>
    (function* () {
      yield locked;
    })(),
  ),
);
expectError(store.transaction(async () => ({}) as { readonly account?: Locked<Account> }));
store.transaction(async () => ({}) as { readonly account?: Persistent<Account> });

// A lock beside a number, and types without an end.
interface Tree {
  readonly branches: readonly Tree[];
}
interface Nest<T> {
  readonly item: T;
  readonly deeper: Nest<T[]>;
}
expectError(store.transaction(async () => ({}) as number | Locked<Account>));
store.transaction(async () => ({}) as Tree);
store.transaction(async () => ({}) as Nest<number>);
expectError(store.transaction(async () => ({}) as Nest<Locked<Account>>));

// The name of an entity is no lock, whatever its model's methods return.
interface Renewable extends ModelBase<'renewable', { balance: number }> {
  renew(): Promise<Locked<Renewable>>;
}
store.transaction(async () => ({}) as Ref<Renewable>);
store.transaction(async () => ({}) as Persistent<Renewable>);

// A generic helper compiles; one that takes its work as TransactionWork refuses what transaction refuses.
const loose = <R>(work: () => Promise<R>): Promise<R> => store.transaction(async () => work());
expectType<Promise<number>>(loose(async () => 1));
const strict = <R>(work: TransactionWork<R>): Promise<R> => store.transaction(work);
expectType<Promise<number>>(strict(async () => 1));
expectError(strict(() => accounts.lock(ref)));

// lockName, on, close.
expectType<Promise<void>>(store.lockName('import', { timeoutMs: 100 }));
expectError(store.lockName());
expectError(store.lockName(1));
expectError(store.lockName({} as unknown));
expectError(store.lockName('import', { wait: 'skip' }));
store.lockName({} as any, {} as any);
store.lockName({} as never, {} as never);
expectType<() => void>(store.on('error', (error) => expectType<Error>(error)));
expectType<() => void>(store.on('gap', () => {}));
expectError(store.on('lost', () => {}));
expectError(store.on('gap', (error: Error) => error));
expectError(store.on('error', {} as unknown));
store.on('error', {} as any);
store.on('error', {} as never);
expectAssignable<keyof StoreEvents>('error');
expectNotAssignable<keyof StoreEvents>('close');
expectType<Promise<void>>(store.close());
expectError(store.close(1));
