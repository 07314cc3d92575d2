import { AsyncLocalStorage } from 'node:async_hooks';
import type { Adapter, Awaitable } from '../adapter/adapter.js';
import { DeadlockError, LockTimeoutError } from '../errors/lock-errors.js';
import {
  SerializationError,
  TransactionRolledBackError,
  TransactionTimeoutError,
} from '../errors/store-errors.js';
import type { TransactionOptions } from '../store/store.js';
import type { SignalPublisher } from './signals/signal-publisher.js';
import type { TransactionScope } from '../store/transaction-scope.js';
import { RetryLane } from './retry-lane.js';
import type { Savepoint } from './savepoints.js';
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
  readonly #context = new AsyncLocalStorage<Transaction | undefined>();
  readonly #savepoints = new AsyncLocalStorage<Savepoint>();
  readonly #retries = new RetryLane();
  readonly #report: (error: unknown) => void;

  /**
   * @param publisher - sends the signals of what is committed
   * @param report - is told what fails after a commit, where no caller can be told
   */
  constructor(adapter: Adapter, publisher: SignalPublisher, report: (error: unknown) => void) {
    this.#adapter = adapter;
    this.#publisher = publisher;
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
    return new Transaction(rows, this.#publisher, settings, this.#savepoints, deadline);
  }

  /** Does what a committed transaction has put off until now. */
  async afterCommit({ effects }: Transaction): Promise<void> {
    await this.within(undefined, () => effects.run(this.#report));
  }

  /** Runs `work` in the current transaction, or else in a new one; see `Store.transaction`. */
  async run<R>(
    work: (tx: TransactionScope) => R | PromiseLike<R>,
    options?: TransactionOptions,
  ): Promise<R> {
    const joined = this.joined();
    const outer = joined instanceof Promise ? await joined : joined;
    if (outer !== undefined) return this.#join(outer, work, options);

    const settings = checkTransactionOptions(options);
    const { retries, timeoutMs } = settings;
    const deadline = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
    for (let attempt = 0; ; attempt++) {
      const once = (): Promise<R> => this.#attempt(work, settings, deadline);
      try {
        return await (attempt === 0 ? once() : this.#retries.run(attempt, deadline, once));
      } catch (error) {
        const late = deadline !== undefined && performance.now() >= deadline;
        if (attempt >= retries || late || !isRetryable(error)) throw error;
      }
    }
  }

  async #attempt<R>(
    work: (tx: TransactionScope) => R | PromiseLike<R>,
    settings: TransactionSettings,
    deadline: number | undefined,
  ): Promise<R> {
    const transaction = this.begin(settings, deadline);
    const attempt = this.#retries.enter(transaction);
    try {
      const result = await this.#complete(transaction, work, deadline);
      if (transaction.effects.hasWork) await this.afterCommit(transaction);
      return result;
    } finally {
      this.#retries.leave(attempt);
    }
  }

  async #complete<R>(
    transaction: Transaction,
    work: (tx: TransactionScope) => R | PromiseLike<R>,
    deadline: number | undefined,
  ): Promise<R> {
    let result: R;
    try {
      const running = this.within(transaction, () => work(this.#scope(transaction)));
      result = await (deadline === undefined
        ? running
        : withDeadline(running, transaction, transaction.settings.timeoutMs ?? 0, deadline));
    } catch (error) {
      await transaction.rollback(error);
      throw error;
    }
    await transaction.commit();
    return result;
  }

  async #join<R>(
    outer: Transaction,
    work: (tx: TransactionScope) => R | PromiseLike<R>,
    options: TransactionOptions | undefined,
  ): Promise<R> {
    checkJoinedOptions(options, outer.settings);
    outer.state.savepoints.assertInside(outer.state.savepoints.current);
    try {
      return await work(this.#scope(outer));
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

async function withDeadline<R>(
  running: R | PromiseLike<R>,
  transaction: Transaction,
  timeoutMs: number,
  deadline: number,
): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        const waiting = transaction.waitingFor;
        reject(
          waiting === undefined
            ? new TransactionTimeoutError(timeoutMs)
            : new LockTimeoutError(waiting.subject, waiting.ids),
        );
      },
      Math.max(0, deadline - performance.now()),
    );
  });
  try {
    return await Promise.race([running, expired]);
  } finally {
    clearTimeout(timer);
  }
}

function isRetryable(error: unknown): boolean {
  if (error instanceof TransactionRolledBackError) return isRetryable(error.cause);
  return error instanceof DeadlockError || error instanceof SerializationError;
}
