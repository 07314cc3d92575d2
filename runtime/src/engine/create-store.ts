import { ModelMismatchError } from '../errors/model-errors.js';
import { shown } from '../errors/shown.js';
import {
  InvalidOptionError,
  OutsideTransactionError,
  ReadOnlyTransactionError,
} from '../errors/store-errors.js';
import { descriptionOf } from '../model/model-description.js';
import { refuseUnknownOptions, type OptionNames } from '../model/option-names.js';
import type { ModelConstructor } from '../model/states.js';
import type { TransactionScope } from '../store/transaction-scope.js';
import { promiseTry } from '../adapter/awaitable.js';
import type { Transaction } from './transaction.js';
import type { ReadOptions, Repository } from '../store/repository.js';
import type { SignalGroup } from '../signals/define-signals.js';
import { SignalBus } from './signals/signal-bus.js';
import { SignalPublisher } from './signals/signal-publisher.js';
import type { StoreStats } from '../store/store-stats.js';
import type {
  CloseOptions,
  LockNameOptions,
  RepositoryOptions,
  Store,
  StoreEvents,
  TransactionOptions,
} from '../store/store.js';
import type { Adapter } from '../adapter/adapter.js';
import type { SignalTransport } from '../adapter/signal-transport.js';
import { checkSignal } from './abort-signal.js';
import { EventHub } from './event-hub.js';
import { checkName, tableOf } from './model-table.js';
import { OpenWork } from './open-work.js';
import { Repositories } from './repositories.js';
import { StoreClosing } from './store-closing.js';
import type { StoreContext } from './store-context.js';
import { registerReader, StoreReader } from './store-reader.js';
import { StoreRepository } from './store-repository.js';
import { checkStrength } from './lock-options.js';
import type { Combination } from './mutation-combiner.js';
import { checkTimeout } from './transaction-options.js';
import { TransactionMonitor } from './transaction-monitor.js';
import { TransactionRunner } from './transaction-runner.js';
import { LockOutsideTransactionError } from '../errors/lock-errors.js';

/** What every store can be told. */
export interface StoreOptions {
  /**
   * Whether `mutate` calls that run at the same time in this process may share a transaction: those for one entity its lock and
   * a commit, those for several entities, on Postgres, a commit; true without this. Each is a statement of its own and
   * has its own outcome; what can be seen is one transaction id, and one `now()`, for several changes.
   */
  readonly combineMutations?: boolean;
  /** What carries the signals instead of the database itself. It belongs to this store, which closes it. */
  readonly signals?: SignalTransport;
  /** The longest wait for a lock where a call does not say, in milliseconds, then LockTimeoutError; without limit without this. */
  readonly lockTimeoutMs?: number;
  /** The longest time of a transaction whose call does not say, in milliseconds; without limit without this. */
  readonly transactionTimeoutMs?: number;
  /** After how long a lock that is still held is a `slowLock` event of the store, in milliseconds; never without this. */
  readonly slowLockMs?: number;
  /**
   * Whether `save` and `mutate` are refused where no transaction runs, with an {@link OutsideTransactionError}; false without
   * this, and each is a transaction of its own then. Where transactions span queues and emitters, it finds the write that has
   * lost its transaction on the way, and would be committed although that is rolled back.
   */
  readonly requireTransaction?: boolean;
}

/** The names of these options. */
export const STORE_OPTIONS: OptionNames<StoreOptions> = {
  combineMutations: true,
  signals: true,
  lockTimeoutMs: true,
  transactionTimeoutMs: true,
  slowLockMs: true,
  requireTransaction: true,
};

const REPOSITORY_OPTIONS: OptionNames<RepositoryOptions> = {
  table: true,
  id: true,
  columns: true,
  strength: true,
};

/** Builds a store on a database. The only thing that makes a `Locked`. */
export function createStore(adapter: Adapter, options: StoreOptions = {}): Store {
  return new AdapterStore(adapter, options);
}

class AdapterStore implements Store {
  readonly #context: StoreContext;
  readonly #signals: SignalBus;
  readonly #reader: StoreReader;
  readonly #repositories = new Repositories();
  readonly #closing: StoreClosing;
  readonly #monitor: TransactionMonitor;

  constructor(adapter: Adapter, options: StoreOptions) {
    const { combineMutations = true, requireTransaction = false, signals } = options;
    const transport = signals ?? adapter.signals;
    const isWithCommit = signals === undefined && adapter.capabilities.signals === 'with-commit';
    const events = new EventHub();
    // Listeners are code of no transaction, also when one of them caused the error.
    const report = (error: unknown): void =>
      runner.within(undefined, () => events.error(asError(error)));
    const publisher = new SignalPublisher(transport, isWithCommit, report);
    const work = new OpenWork();
    const lockTimeoutMs = checkTimeout(options.lockTimeoutMs, 'lockTimeoutMs');
    const timeoutMs = checkTimeout(options.transactionTimeoutMs, 'transactionTimeoutMs');
    const slowLockMs = checkTimeout(options.slowLockMs, 'slowLockMs');
    const monitor = new TransactionMonitor(adapter.name, slowLockMs, (event) =>
      runner.within(undefined, () => events.slowLock(event)),
    );
    this.#monitor = monitor;
    const runner = new TransactionRunner(adapter, publisher, work, monitor, report, timeoutMs);
    this.#context = {
      adapter,
      transport,
      publisher,
      runner,
      events,
      work,
      lockTimeoutMs,
      combination: combinationOf(adapter, combineMutations),
      requireTransaction,
    };
    this.#signals = new SignalBus(this.#context);
    this.#reader = new StoreReader(this.#context);
    this.#closing = new StoreClosing(this.#context, this.#signals);
    registerReader(this, this.#reader);
  }

  repository<C extends ModelConstructor>(
    model: C,
    options: RepositoryOptions = {},
  ): Repository<InstanceType<C>> {
    this.#context.work.assertOpen();
    refuseUnknownOptions<RepositoryOptions>('repository()', options, REPOSITORY_OPTIONS);
    const table = tableOf(descriptionOf(model), options);
    const strength = checkStrength(options.strength ?? 'update');
    const create = (): StoreRepository<InstanceType<C>> =>
      new StoreRepository(this.#context, table, model.prototype as object, strength);
    return this.#repositories.get(model, table, strength, create);
  }

  signals<C extends abstract new () => SignalGroup>(group: C): InstanceType<C> {
    this.#context.work.assertOpen();
    return this.#signals.bind(group) as InstanceType<C>;
  }

  transaction<R>(
    work: (tx: TransactionScope) => R | PromiseLike<R>,
    options?: TransactionOptions,
  ): Promise<R> {
    if (typeof work !== 'function')
      return Promise.reject(new InvalidOptionError('work', 'must be a function'));
    const { runner } = this.#context;
    const run = (): Promise<R> => runner.run(work, options);
    const { current } = runner;
    return current?.state.isActive === true ? current.calls.run(run) : run();
  }

  read<Row extends object>(
    text: string,
    parameters?: readonly unknown[],
    options?: ReadOptions,
  ): Promise<Row[]> {
    return this.#reader.read(text, parameters, options) as Promise<Row[]>;
  }

  savepoint<R>(work: () => R | PromiseLike<R>): Promise<R> {
    return promiseTry(() => {
      const transaction = this.#running('savepoint()');
      return transaction.calls.run(() => transaction.savepoint(work));
    });
  }

  afterCommit(work: () => unknown): void {
    if (typeof work !== 'function') throw new InvalidOptionError('work', 'must be a function');
    const { effects, state } = this.#running('afterCommit()');
    state.assertOpen(undefined);
    effects.call(work);
  }

  #running(call: string): Transaction {
    const { current } = this.#context.runner;
    if (current !== undefined) return current;
    this.#context.work.assertOpen();
    throw new OutsideTransactionError(call);
  }

  lockName(name: string, options: LockNameOptions = {}): Promise<void> {
    const { current } = this.#context.runner;
    const lock = (): Promise<void> => this.#lockName(name, options);
    return current === undefined ? lock() : current.calls.run(lock);
  }

  async #lockName(name: string, options: LockNameOptions): Promise<void> {
    checkName('name', name);
    const names = { timeoutMs: true, signal: true } as const;
    refuseUnknownOptions<LockNameOptions>('lockName()', options, names);
    const wait = {
      mode: 'block',
      timeoutMs: checkTimeout(options.timeoutMs) ?? this.#context.lockTimeoutMs,
      strength: 'update',
      signal: checkSignal(options.signal),
    } as const;
    const transaction = this.#context.runner.current;
    if (transaction === undefined) {
      this.#context.work.assertOpen();
      throw new LockOutsideTransactionError(name);
    }
    transaction.state.assertOpen(name);
    if (transaction.settings.readOnly) throw new ReadOnlyTransactionError(name);
    await transaction.lockName(name, wait);
  }

  async verify(): Promise<void> {
    const { adapter, work } = this.#context;
    const problems = await work.run(() =>
      promiseTry(() => adapter.verify?.(this.#repositories.tables) ?? []),
    );
    if (problems.length > 0) throw new ModelMismatchError(problems);
  }

  stats(): StoreStats {
    const { adapter } = this.#context;
    return { ...this.#monitor.stats, pool: adapter.stats?.() };
  }

  on<E extends keyof StoreEvents>(
    event: E,
    listener: (...args: StoreEvents[E]) => void,
  ): () => void {
    return this.#context.events.on(event, listener);
  }

  close(options: CloseOptions = {}): Promise<void> {
    return promiseTry(() => {
      if (this.#context.runner.current?.state.isActive === true) {
        throw new InvalidOptionError(
          'close()',
          'it waits for the running transactions, so it cannot be called inside one',
        );
      }
      refuseUnknownOptions<CloseOptions>('close()', options, { timeoutMs: true });
      return this.#closing.close(checkTimeout(options.timeoutMs));
    });
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(shown(thrown));
}

function combinationOf(adapter: Adapter, mayCombine: boolean): Combination {
  if (!mayCombine) return 'none';
  return adapter.capabilities.groupCommit === true ? 'groups' : 'rows';
}
