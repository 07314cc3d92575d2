import { setTimeout as delay } from 'node:timers/promises';
import type { Awaitable } from '../../adapter/adapter.js';
import { continueWith } from '../../adapter/awaitable.js';
import type { SignalTransport } from '../../adapter/signal-transport.js';
import { ConnectionLostError } from '../../errors/store-errors.js';

/** Topics that travel together, and what becomes of them. */
class Batch {
  readonly topics: string[] = [];
  resolve: () => void = () => undefined;
  reject: (error: Error) => void = () => undefined;
  readonly sent = new Promise<void>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}

/** How often topics are tried whose connection was lost, and how long after another, in milliseconds. */
const ATTEMPTS = 5;
const PAUSE_MS = 200;

/** Taken at once: tests replace the global one by a clock that stands still. */
const nextTurn = setImmediate;

/**
 * Sends topics in order through a transport. What comes while some are on their way goes together in the next call, because a
 * call may cost the same for one and for many.
 */
export class SignalPublisher {
  readonly #transport: SignalTransport;
  readonly #isWithCommit: boolean;
  readonly #onError: (error: Error) => void;
  #waiting: Batch[] = [];
  #running: Promise<void> | undefined;
  #isClosing = false;

  /**
   * @param isWithCommit - whether the adapter's COMMIT carries the signals of its transaction
   * @param onError - is told what no caller waits for
   */
  constructor(transport: SignalTransport, isWithCommit: boolean, onError: (error: Error) => void) {
    this.#transport = transport;
    this.#isWithCommit = isWithCommit;
    this.#onError = onError;
  }

  /** Sends a topic; what it returns resolves when it is on its way, and is the same for all that travel together. */
  publish(topic: string): Promise<void> {
    let batch = this.#waiting.at(-1);
    if (batch === undefined || batch.topics.length === this.#transport.limits.topicsAtOnce)
      this.#waiting.push((batch = new Batch()));
    batch.topics.push(topic);
    this.#running ??= this.#run();
    return batch.sent;
  }

  /**
   * Commits with the signals that travel with the COMMIT, or sends them after it.
   *
   * @param commit - returns what became of its writes: where one is missing nothing was committed
   */
  commit<W>(
    topics: readonly string[],
    commit: (topics: readonly string[]) => Awaitable<readonly (W | undefined)[]>,
  ): Awaitable<readonly (W | undefined)[]> {
    if (this.#isWithCommit || topics.length === 0) return commit(topics);
    return continueWith(
      () => commit([]),
      (written) => {
        if (!written.includes(undefined)) this.#publishLater(topics);
        return written;
      },
    );
  }

  /** Sends what still waits, without another attempt if that fails. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#running;
  }

  #publishLater(topics: readonly string[]): void {
    for (const sent of new Set(topics.map((topic) => this.publish(topic))))
      sent.catch(this.#onError);
  }

  async #run(): Promise<void> {
    // What is emitted in the same turn travels together.
    await new Promise((resolve) => nextTurn(resolve));
    while (this.#waiting.length > 0) await this.#send(this.#waiting.splice(0));
    this.#running = undefined;
  }

  async #send(batches: Batch[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const lost = await this.#attempt(batches);
      if (lost === undefined) return;
      if (attempt === ATTEMPTS || this.#isClosing) {
        for (const { reject } of batches) reject(lost);
        return;
      }
      await delay(PAUSE_MS * attempt);
    }
  }

  /** Sends batches, and takes those from the list that have an outcome; returns why the others have none. */
  async #attempt(batches: Batch[]): Promise<Error | undefined> {
    while (batches.length > 0) {
      const group = batches.slice(0, this.#transport.limits.callsAtOnce);
      const losses = await Promise.all(group.map((batch) => this.#sendBatch(batch)));
      const unsent = group.filter((_, index) => losses[index] !== undefined);
      batches.splice(0, group.length, ...unsent);
      const lost = losses.find((loss) => loss !== undefined);
      if (lost !== undefined) return lost;
    }
    return undefined;
  }

  /** Gives a batch its outcome; returns why it has none, when the connection was lost before it was sent. */
  async #sendBatch(batch: Batch): Promise<Error | undefined> {
    try {
      await this.#transport.publish(batch.topics);
      batch.resolve();
    } catch (error) {
      // What may have been delivered is not sent again: a signal arrives at most once.
      if (error instanceof ConnectionLostError && error.outcome === 'rolled back') return error;
      batch.reject(error as Error);
    }
    return undefined;
  }
}
