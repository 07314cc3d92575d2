import { AsyncLocalStorage } from 'node:async_hooks';
import type { Adapter, Awaitable } from '../adapter/adapter.js';
import { continueWith, promiseTry } from '../adapter/awaitable.js';
import { DeadlockError } from '../errors/lock-errors.js';
import { SerializationError, TransactionRolledBackError } from '../errors/store-errors.js';
import type { TransactionOptions } from '../store/store.js';
import type { SignalPublisher } from './signals/signal-publisher.js';
import type { TransactionScope } from '../store/transaction-scope.js';
import type { OpenWork } from './open-work.js';
import { untilAborted } from './abort-signal.js';
import { RetryLane } from './retry-lane.js';
import type { Savepoint } from './savepoints.js';
import type { TransactionMonitor } from './transaction-monitor.js';
import { TransactionCall } from './transaction-call.js';
import {
  checkJoinedOptions,
  checkTransactionOptions,
  type TransactionSettings,
} from './transaction-options.js';
import { Transaction } from './transaction.js';

/** Runs work in transactions, and knows in which transaction the current code runs. */
export class TransactionRunner {
  readonly #adapter: Adapter;
  readonly #publisher: SignalPublisher;
  readonly #work: OpenWork;
  readonly #monitor: TransactionMonitor;
  readonly #context = new AsyncLocalStorage<Transaction | undefined>();
  readonly #savepoints = new AsyncLocalStorage<Savepoint>();
  readonly #retries = new RetryLane();
  readonly #timeoutMs: number | undefined;
  readonly #report: (error: unknown) => void;

  /**
   * @param publisher - sends the signals of what is committed
   * @param work - keeps what runs, for whoever closes the store
   * @param monitor - watches the transactions
   * @param report - is told what fails after a commit, where no caller can be told
   * @param timeoutMs - how long a transaction may take whose call does not say
   */
  constructor(
    adapter: Adapter,
    publisher: SignalPublisher,
    work: OpenWork,
    monitor: TransactionMonitor,
    report: (error: unknown) => void,
    timeoutMs: number | undefined,
  ) {
    this.#timeoutMs = timeoutMs;
    this.#monitor = monitor;
    this.#adapter = adapter;
    this.#publisher = publisher;
    this.#work = work;
    this.#report = report;
  }

  /** The transaction that the current code belongs to, ended or not. */
  get current(): Transaction | undefined {
    return this.#context.getStore();
  }

  /**
   * The transaction that what is called now belongs to; `undefined` when it belongs to none, or goes on after a commit.
   *
   * @throws {@link TransactionRolledBackError} for what goes on after a rollback: it gets no transaction of its own
   */
  joined(): Awaitable<Transaction | undefined> {
    const { current } = this;
    if (current === undefined || current.state.isActive) return current;
    if (current.state.isRolledBack) throw current.state.leftBehind();
    // While it commits, how it ends is open.
    return current.state.hasEnded ? undefined : current.state.ended().then(() => this.joined());
  }

  /** Calls `work` as code of `transaction`; of none when it is `undefined`. */
  within<R>(transaction: Transaction | undefined, work: () => R): R {
    return this.#context.run(transaction, work);
  }

  /** Lets go of the context: Node carries one that is not disabled through every promise of the process, for good. */
  close(): void {
    this.#context.disable();
    this.#savepoints.disable();
  }

  /** Prepares a transaction without running anything in it. */
  begin(settings: TransactionSettings = DEFAULTS, deadline?: number): Transaction {
    const { isolation, readOnly, settings: ofDatabase } = settings;
    const rows = this.#adapter.begin({ deadline, isolation, readOnly, settings: ofDatabase });
    return new Transaction(
      rows,
      this.#publisher,
      settings,
      this.#savepoints,
      deadline,
      this.#monitor,
    );
  }

  /** Does what a committed transaction has put off until now. */
  async afterCommit({ effects }: Transaction): Promise<void> {
    await this.within(undefined, () => effects.run(this.#report));
  }

  /**
   * Runs `work` in the current transaction, or else in a new one; see `Store.transaction`.
   *
   * @throws {@link StoreClosedError} when it would be a new one and the store is closed
   */
  run<R>(
    work: (tx: TransactionScope) => R | PromiseLike<R>,
    options?: TransactionOptions,
  ): Promise<R> {
    return promiseTry(() =>
      continueWith(
        () => this.joined(),
        (outer) =>
          outer === undefined ? this.#start(work, options) : this.#join(outer, work, options),
      ),
    );
  }

  /** Runs one attempt after another until there is a result, or an error that another attempt would not mend. */
  async #start<R>(
    work: (tx: TransactionScope) => R | PromiseLike<R>,
    options: TransactionOptions | undefined,
  ): Promise<R> {
    this.#work.assertOpen();
    const settings = checkTransactionOptions(options, this.#timeoutMs);
    settings.signal?.throwIfAborted();
    const call = new TransactionCall(settings);
    const piece = this.#work.enter((reason) => call.interrupt(reason));
    call.watch();
    try {
      for (let attempt = 0; ; attempt++) {
        try {
          return await (attempt === 0
            ? this.#attempt(call, work)
            : this.#retries.run(attempt, call, () => this.#attempt(call, work)));
        } catch (error) {
          const isLast = attempt >= settings.retries || call.isOver;
          if (isLast || !isRetryable(error)) throw error;
          this.#monitor.repeated();
        }
      }
    } finally {
      call.unwatch();
      this.#work.leave(piece);
    }
  }

  async #attempt<R>(
    call: TransactionCall,
    work: (tx: TransactionScope) => R | PromiseLike<R>,
  ): Promise<R> {
    const transaction = this.begin(call.settings, call.deadline);
    call.transaction = transaction;
    const attempt = this.#retries.enter(transaction);
    try {
      let result: R;
      try {
        result = await call.until(this.within(transaction, () => work(this.#scope(transaction))));
      } catch (error) {
        await transaction.rollback(error);
        throw error;
      }
      call.unwatch();
      await transaction.commit();
      // It is committed: who ends it now only ends the wait.
      if (transaction.effects.hasWork)
        await call.until(this.afterCommit(transaction)).catch(() => undefined);
      return result;
    } finally {
      this.#retries.leave(attempt);
    }
  }

  async #join<R>(
    outer: Transaction,
    work: (tx: TransactionScope) => R | PromiseLike<R>,
    options: TransactionOptions | undefined,
  ): Promise<R> {
    const signal = checkJoinedOptions(options, outer.settings);
    outer.state.savepoints.assertInside(outer.state.savepoints.current);
    try {
      const run = async (): Promise<R> => work(this.#scope(outer));
      return await untilAborted(signal, run);
    } catch (error) {
      outer.state.fail(error);
      throw error;
    }
  }

  #scope(transaction: Transaction): TransactionScope {
    return Object.freeze({
      run: <R>(work: () => R): R => {
        if (transaction.state.isRolledBack) throw transaction.state.leftBehind();
        if (!transaction.state.isActive) transaction.state.assertOpen(undefined);
        return this.within(transaction, work);
      },
    });
  }
}

const DEFAULTS = checkTransactionOptions();

function isRetryable(error: unknown): boolean {
  if (error instanceof TransactionRolledBackError) return isRetryable(error.cause);
  return error instanceof DeadlockError || error instanceof SerializationError;
}
