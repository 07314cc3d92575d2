import { setTimeout as delay } from 'node:timers/promises';
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
   * @param deadline - when it has to be over, in milliseconds of `performance.now()`
   */
  async run<R>(attempt: number, deadline: number | undefined, work: () => Promise<R>): Promise<R> {
    const before = Promise.all([this.#last, this.#idle()]);
    let leave: () => void = () => undefined;
    const own = new Promise<void>((resolve) => (leave = resolve));
    this.#last = before.then(() => own);
    try {
      const left = (): number => Math.max(0, (deadline ?? Infinity) - performance.now());
      await atMost(Math.min(LONGEST_WAIT_MS, left()), before);
      await delay(Math.min(left(), Math.random() * Math.min(LONGEST_DELAY_MS, 5 * 2 ** attempt)));
      return await work();
    } finally {
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

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const late = delay(ms, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([work, late]);
  timer.abort();
}
