import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { DeadlockError, LockTimeoutError } from '../errors/lock-errors.js';
import { shown } from '../errors/shown.js';
import {
  InvalidOptionError,
  SerializationError,
  TransactionRolledBackError,
  TransactionTimeoutError,
} from '../errors/store-errors.js';
import type { TransactionOptions } from '../store/store.js';
import type { Adapter, Awaitable } from '../adapter/adapter.js';
import type { SignalPublisher } from './signals/signal-publisher.js';
import { Transaction } from './transaction.js';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Runs work in transactions, and knows in which transaction the current code runs. */
export class TransactionRunner {
  readonly #adapter: Adapter;
  readonly #publisher: SignalPublisher;
  readonly #context = new AsyncLocalStorage<Transaction | undefined>();

  constructor(adapter: Adapter, publisher: SignalPublisher) {
    this.#adapter = adapter;
    this.#publisher = publisher;
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
  }

  /** Prepares a transaction without running anything in it. */
  begin(deadline?: number): Transaction {
    return new Transaction(this.#adapter.begin({ deadline }), this.#publisher, deadline);
  }

  /** Runs `work` in the current transaction, or else in a new one; see `Store.transaction`. */
  async run<R>(work: () => R | PromiseLike<R>, options: TransactionOptions = {}): Promise<R> {
    const outer = await this.joined();
    if (outer !== undefined) return join(outer, work);

    const { retries, timeoutMs } = checkOptions(options);
    const deadline = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#attempt(work, timeoutMs, deadline);
      } catch (error) {
        const late = deadline !== undefined && performance.now() >= deadline;
        if (attempt >= retries || late || !isRetryable(error)) throw error;
      }
      // Two victims that start again at once would meet again.
      await delay(Math.random() * Math.min(50, 2 ** attempt * 5));
    }
  }

  async #attempt<R>(
    work: () => R | PromiseLike<R>,
    timeoutMs: number | undefined,
    deadline: number | undefined,
  ): Promise<R> {
    const transaction = this.begin(deadline);
    let result: R;
    try {
      const running = this.within(transaction, work);
      result = await (deadline === undefined
        ? running
        : withDeadline(running, transaction, timeoutMs ?? 0, deadline));
    } catch (error) {
      await transaction.rollback(error);
      throw error;
    }
    await transaction.commit();
    return result;
  }
}

async function join<R>(outer: Transaction, work: () => R | PromiseLike<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    outer.state.fail(error);
    throw error;
  }
}

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

function checkOptions({ retries = 0, timeoutMs }: TransactionOptions): {
  retries: number;
  timeoutMs: number | undefined;
} {
  if (!Number.isInteger(retries) || retries < 0) {
    throw new InvalidOptionError(
      'retries',
      `must be a whole number of at least 0, not ${shown(retries)}`,
    );
  }
  return { retries, timeoutMs: checkTimeout(timeoutMs) };
}

/**
 * Checks a time limit that a user gave.
 *
 * @throws {@link InvalidOptionError}
 */
export function checkTimeout(timeoutMs: unknown): number | undefined {
  if (timeoutMs === undefined) return undefined;
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0 && timeoutMs <= LONGEST_TIMER_MS)) {
    throw new InvalidOptionError(
      'timeoutMs',
      `must be milliseconds from 0 to ${LONGEST_TIMER_MS}, not ${shown(timeoutMs)}`,
    );
  }
  return timeoutMs;
}
