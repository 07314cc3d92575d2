import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ConnectionLostError } from '../errors/store-errors.js';
import { SlotLost } from './connection-slot.js';
import type { Driver } from './driver.js';
import { statementError } from './postgres-errors.js';
import { encodePayload } from './signal-payload.js';
import { SlotPool } from './slot-pool.js';
import type { Statement } from './statement.js';
import { notifyStatement } from './transaction-statements.js';

/** Topics that one caller handed in. */
interface Publication {
  readonly payloads: readonly string[];
  resolve(): void;
  reject(error: Error): void;
}

/** How often publications are tried whose connection was lost, and how long after another, in milliseconds. */
const ATTEMPTS = 5;
const PAUSE_MS = 200;
/** The most notifications in a statement. */
const MAX_BATCH = 500;

/**
 * Sends notifications in order, one statement at a time: what comes meanwhile goes together with the next, because each
 * takes a lock on the whole database at its COMMIT. Uses a connection of the pool when one is idle, else one of its own, so
 * that no transaction is waited for.
 */
export class SignalPublisher {
  readonly #shared: SlotPool;
  readonly #own: SlotPool;
  readonly #channel: string;
  readonly #replyTimeoutMs: number;
  readonly #onError: (error: Error) => void;
  /** Tells apart equal topics, which Postgres would fold into one within a transaction. */
  readonly #origin = randomBytes(4).readUInt32BE().toString(36);
  #sequence = 0;
  #waiting: Publication[] = [];
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

  /** Sends topics; resolves when Postgres has them. */
  publish(topics: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => this.#add(topics, resolve, reject));
  }

  /** Sends topics that no caller waits for: those of a commit. */
  publishLater(topics: readonly string[]): void {
    this.#add(topics, () => undefined, this.#onError);
  }

  /** The statements that send topics as part of a transaction. */
  statements(topics: readonly string[]): Statement[] {
    return this.#batches(topics.map((topic) => this.#encode(topic)));
  }

  /** Sends what still waits, without another attempt if that fails, and closes the connection. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#running;
    await this.#own.close();
  }

  #add(topics: readonly string[], resolve: () => void, reject: (error: Error) => void): void {
    this.#waiting.push({ payloads: topics.map((topic) => this.#encode(topic)), resolve, reject });
    this.#running ??= this.#run();
  }

  #encode(topic: string): string {
    return encodePayload(this.#origin, (this.#sequence += 1), topic);
  }

  #batches(payloads: readonly string[]): Statement[] {
    const batches: Statement[] = [];
    for (let at = 0; at < payloads.length; at += MAX_BATCH)
      batches.push(notifyStatement(this.#channel, payloads.slice(at, at + MAX_BATCH)));
    return batches;
  }

  async #run(): Promise<void> {
    // What is emitted in the same turn travels together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const publications = this.#waiting;
      this.#waiting = [];
      try {
        for (const statement of this.#batches(publications.flatMap(({ payloads }) => payloads)))
          await this.#send(statement);
        for (const { resolve } of publications) resolve();
      } catch (error) {
        for (const { reject } of publications) reject(error as Error);
      }
    }
    this.#running = undefined;
  }

  async #send(statement: Statement): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#execute(statement);
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

  async #execute(statement: Statement): Promise<void> {
    const idle = this.#shared.takeIdle();
    const slot = idle ?? (await this.#own.acquire());
    try {
      await slot.execute(statement, this.#replyTimeoutMs);
    } finally {
      (idle === undefined ? this.#own : this.#shared).release(slot);
    }
  }
}
