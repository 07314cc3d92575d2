import { setTimeout as delay } from 'node:timers/promises';
import { ConnectionLostError } from '../errors/store-errors.js';
import { SlotLost } from './connection-slot.js';
import type { Driver } from './driver.js';
import { statementError } from './postgres-errors.js';
import { encodePayloads } from './signal-payload.js';
import { SlotPool } from './slot-pool.js';
import type { Statement } from './statement.js';
import { notifyStatement } from './transaction-statements.js';

/** What was handed in while another batch was under way: it is sent together, and has one outcome. */
class Batch {
  readonly topics: string[] = [];
  resolve: () => void = () => undefined;
  reject: (error: Error) => void = () => undefined;
  readonly sent = new Promise<void>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}

/** How often publications are tried whose connection was lost, and how long after another, in milliseconds. */
const ATTEMPTS = 5;
const PAUSE_MS = 200;
/** The most notifications in a statement, and the most such statements on their way: the server need not wait for the next. */
const MAX_BATCH = 500;
const MAX_ON_THE_WAY = 4;

/**
 * Sends notifications in order. What comes while some are on their way goes together in the next statement, because each
 * takes a lock on the whole database at its COMMIT. Uses a connection of the pool when one is idle, else one of its own, so
 * that no transaction is waited for.
 */
export class SignalPublisher {
  readonly #shared: SlotPool;
  readonly #own: SlotPool;
  readonly #channel: string;
  readonly #replyTimeoutMs: number;
  readonly #onError: (error: Error) => void;
  #waiting: Batch | undefined;
  #running: Promise<void> | undefined;
  #isClosing = false;

  /**
   * @param shared - the connections of the transactions
   * @param onError - is told what no caller waits for
   */
  constructor(driver: Driver, shared: SlotPool, onError: (error: Error) => void) {
    this.#shared = shared;
    this.#own = new SlotPool(driver, 1);
    this.#channel = driver.settings.channel;
    this.#replyTimeoutMs = driver.settings.replyTimeoutMs;
    this.#onError = onError;
  }

  /** Sends topics; what it returns resolves when Postgres has them, and is the same for all that are sent together. */
  publish(topics: readonly string[]): Promise<void> {
    const batch = (this.#waiting ??= new Batch());
    for (const topic of topics) batch.topics.push(topic);
    this.#running ??= this.#run();
    return batch.sent;
  }

  /** Sends topics that no caller waits for: those of a commit. */
  publishLater(topics: readonly string[]): void {
    this.publish(topics).catch(this.#onError);
  }

  /** The statements that send topics as part of a transaction. */
  statements(topics: readonly string[]): Statement[] {
    const payloads = encodePayloads(topics);
    const statements: Statement[] = [];
    for (let at = 0; at < payloads.length; at += MAX_BATCH)
      statements.push(notifyStatement(this.#channel, payloads.slice(at, at + MAX_BATCH)));
    return statements;
  }

  /** Sends what still waits, without another attempt if that fails, and closes the connection. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#running;
    await this.#own.close();
  }

  #takeBatch(): Batch | undefined {
    const batch = this.#waiting;
    this.#waiting = undefined;
    return batch;
  }

  async #run(): Promise<void> {
    // What is emitted in the same turn travels together.
    await new Promise((resolve) => setImmediate(resolve));
    for (let batch = this.#takeBatch(); batch !== undefined; batch = this.#takeBatch()) {
      try {
        const statements = this.statements(batch.topics);
        for (let at = 0; at < statements.length; at += MAX_ON_THE_WAY)
          await this.#send(statements.slice(at, at + MAX_ON_THE_WAY));
        batch.resolve();
      } catch (error) {
        batch.reject(error as Error);
      }
    }
    this.#running = undefined;
  }

  async #send(statements: readonly Statement[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#execute(statements);
        return;
      } catch (error) {
        const mapped = statementError(error, { name: `NOTIFY ${this.#channel}` });
        // What may have been delivered is not sent again: a signal arrives at most once.
        const mayHaveArrived = error instanceof SlotLost && error.wasSent;
        const isLast = attempt === ATTEMPTS || this.#isClosing || mayHaveArrived;
        if (isLast || !(mapped instanceof ConnectionLostError)) throw mapped;
        await delay(PAUSE_MS * attempt);
      }
    }
  }

  async #execute(statements: readonly Statement[]): Promise<void> {
    const idle = this.#shared.takeIdle();
    const slot = idle ?? (await this.#own.acquire());
    try {
      const replies = await Promise.allSettled(
        statements.map((statement) => slot.execute(statement, this.#replyTimeoutMs)),
      );
      const failed = replies.find((reply) => reply.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    } finally {
      (idle === undefined ? this.#own : this.#shared).release(slot);
    }
  }
}
