import { setTimeout as delay } from 'node:timers/promises';
import type { TransactionCall } from './transaction-call.js';
import type { Transaction } from './transaction.js';

/** The longest wait for those that may be the others of a deadlock, which the server takes a second to find, and for repetitions before this one. */
const LONGEST_WAIT_MS = 10_000;
const LONGEST_DELAY_MS = 500;

/** An attempt at a transaction that is under way. */
export interface Attempt {
  readonly transaction: Transaction;
  readonly followers: (() => void)[];
}

/**
 * Keeps the transactions of one store that run again out of each other's way, and of those that they met: victims of a
 * deadlock that start again at once meet again. Those of other processes keep away from each other by chance.
 */
export class RetryLane {
  readonly #running = new Set<Attempt>();
  #last: Promise<unknown> = Promise.resolve();

  /** Notes that an attempt begins; {@link RetryLane.leave} has to follow. */
  enter(transaction: Transaction): Attempt {
    const attempt: Attempt = { transaction, followers: [] };
    this.#running.add(attempt);
    return attempt;
  }

  /** Notes that an attempt is over. */
  leave(attempt: Attempt): void {
    this.#running.delete(attempt);
    for (const follow of attempt.followers) follow();
  }

  /**
   * Runs an attempt when those that wait for a lock now and the repetitions before it are over, or have taken so long that it
   * may be they who wait for this one.
   *
   * @param attempt - 1 for the first repetition
   * @param call - whose attempt it is; it waits no longer than that one does
   */
  async run<R>(attempt: number, call: TransactionCall, work: () => Promise<R>): Promise<R> {
    const before = Promise.all([this.#last, this.#idle()]);
    let leave: () => void = () => undefined;
    const own = new Promise<void>((resolve) => (leave = resolve));
    this.#last = before.then(() => own);
    const stop = new AbortController();
    try {
      await call.until(pause(attempt, before, stop.signal));
      return await work();
    } finally {
      stop.abort();
      leave();
    }
  }

  /** Resolves when all are over that wait for a lock now. */
  async #idle(): Promise<void> {
    const waiting = [...this.#running].filter(({ transaction }) => transaction.waitingFor);
    await Promise.all(
      waiting.map(({ followers }) => new Promise<void>((resolve) => followers.push(resolve))),
    );
  }
}

/** Waits for those before, and then for some time by chance; rejects when it is stopped. */
async function pause(
  attempt: number,
  before: Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  await Promise.race([before, delay(LONGEST_WAIT_MS, undefined, { signal })]);
  const longest = Math.min(LONGEST_DELAY_MS, 5 * 2 ** attempt);
  await delay(Math.random() * longest, undefined, { signal });
}
