import { setTimeout as delay } from 'node:timers/promises';
import { ConnectionLostError } from '../errors/store-errors.js';
import { LostConnection, type Connection } from './connection.js';
import type { ConnectionFactory } from './connection-factory.js';
import { statementError } from './postgres-errors.js';
import { encodePayloads } from './signal-payload.js';
import { ConnectionPool } from './connection-pool.js';
import type { Statement } from './statement.js';
import { notifyStatement } from './transaction-statements.js';

/** Topics that travel in one statement, and what becomes of them. */
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
/** The most topics of a statement, and the most statements on their way, so that the server need not wait for the next. */
const MAX_TOPICS = 500;
const MAX_ON_THE_WAY = 4;

/**
 * Sends topics in order. What comes while some are on their way goes together in the next statement, because each takes a
 * lock on the whole database at its COMMIT. Uses a connection of the pool when one is idle, else one of its own, so that
 * no transaction is waited for.
 */
export class SignalPublisher {
  readonly #shared: ConnectionPool;
  readonly #own: ConnectionPool;
  readonly #channel: string;
  readonly #replyTimeoutMs: number;
  readonly #onError: (error: Error) => void;
  #waiting: Batch[] = [];
  #running: Promise<void> | undefined;
  #isClosing = false;

  /**
   * @param shared - the connections of the transactions
   * @param onError - is told what no caller waits for
   */
  constructor(factory: ConnectionFactory, shared: ConnectionPool, onError: (error: Error) => void) {
    this.#shared = shared;
    this.#own = new ConnectionPool(factory, 1);
    this.#channel = factory.settings.channel;
    this.#replyTimeoutMs = factory.settings.replyTimeoutMs;
    this.#onError = onError;
  }

  /** Sends a topic; what it returns resolves when Postgres has it, and is the same for all of one statement. */
  publish(topic: string): Promise<void> {
    let batch = this.#waiting.at(-1);
    if (batch === undefined || batch.topics.length === MAX_TOPICS)
      this.#waiting.push((batch = new Batch()));
    batch.topics.push(topic);
    this.#running ??= this.#run();
    return batch.sent;
  }

  /** Sends topics that no caller waits for: those of a commit. */
  publishLater(topics: readonly string[]): void {
    for (const sent of new Set(topics.map((topic) => this.publish(topic))))
      sent.catch(this.#onError);
  }

  /** The statements that send topics as part of a transaction. */
  statements(topics: readonly string[]): Statement[] {
    const payloads = encodePayloads(topics);
    const statements: Statement[] = [];
    for (let at = 0; at < payloads.length; at += MAX_TOPICS)
      statements.push(notifyStatement(this.#channel, payloads.slice(at, at + MAX_TOPICS)));
    return statements;
  }

  /** Sends what still waits, without another attempt if that fails, and closes the connection. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#running;
    await this.#own.close();
  }

  async #run(): Promise<void> {
    // What is emitted in the same turn travels together.
    await new Promise((resolve) => setImmediate(resolve));
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
    let lost: Error | undefined;
    while (lost === undefined && batches.length > 0) {
      const idle = this.#shared.takeIdle();
      const pool = idle === undefined ? this.#own : this.#shared;
      const acquired = Promise.resolve(idle ?? this.#own.acquire());
      const group = batches.slice(0, MAX_ON_THE_WAY);
      const losses = await Promise.all(group.map((batch) => this.#sendOn(acquired, batch)));
      const unsent = group.filter((_, index) => losses[index] !== undefined);
      batches.splice(0, group.length, ...unsent);
      lost = losses.find((loss) => loss !== undefined);
      await acquired.then(
        (connection) => pool.release(connection),
        () => undefined,
      );
    }
    return lost;
  }

  /** Gives a batch its outcome; returns why it has none, when the connection was lost before it was sent. */
  async #sendOn(acquired: Promise<Connection>, batch: Batch): Promise<Error | undefined> {
    try {
      const connection = await acquired;
      const statement = notifyStatement(this.#channel, encodePayloads(batch.topics));
      await connection.execute(statement, this.#replyTimeoutMs);
      batch.resolve();
    } catch (error) {
      const mapped = statementError(error, { name: `NOTIFY ${this.#channel}` });
      // What may have been delivered is not sent again: a signal arrives at most once.
      const mayHaveArrived = error instanceof LostConnection && error.wasSent;
      if (mapped instanceof ConnectionLostError && !mayHaveArrived) return mapped;
      batch.reject(mapped);
    }
    return undefined;
  }
}
