import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ConnectionLostError } from '../errors/store-errors.js';
import type { Statement } from './connection-slot.js';
import { isConnectionLoss, statementError } from './postgres-errors.js';
import { encodePayload } from './signal-payload.js';
import type { SlotPool } from './slot-pool.js';
import { notifyStatement } from './statements.js';

interface Batch {
  readonly payloads: string[];
  readonly sent: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
}

/** How often, and how long after another, in milliseconds, a batch is tried whose connection was lost. */
const ATTEMPTS = 5;
const PAUSE_MS = 200;
/** The most notifications in a statement. */
const MAX_BATCH = 1_000;

/** Sends notifications in order, one statement at a time: what comes while one is under way goes with the next. */
export class SignalPublisher {
  readonly #pool: SlotPool;
  readonly #channel: string;
  readonly #onError: (error: Error) => void;
  readonly #origin = randomBytes(4).readUInt32BE().toString(36);
  #sequence = 0;
  #batches: Batch[] = [];
  #running: Promise<void> | undefined;

  /** @param onError - is told what no caller waits for */
  constructor(pool: SlotPool, channel: string, onError: (error: Error) => void) {
    this.#pool = pool;
    this.#channel = channel;
    this.#onError = onError;
  }

  /** Sends topics; resolves when Postgres has them. */
  publish(topics: readonly string[]): Promise<void> {
    return this.#add(topics).sent;
  }

  /** Sends topics after a commit, whose caller does not wait for them. */
  publishLater(topics: readonly string[]): void {
    this.#add(topics);
  }

  /** The statement that sends topics as part of a transaction. */
  statement(topics: readonly string[]): Statement {
    return notifyStatement(
      this.#channel,
      topics.map((topic) => this.#encode(topic)),
    );
  }

  /** Waits until everything is sent. */
  async close(): Promise<void> {
    await this.#running;
  }

  #add(topics: readonly string[]): Batch {
    const last = this.#batches.at(-1);
    const batch = last !== undefined && last.payloads.length < MAX_BATCH ? last : this.#newBatch();
    for (const topic of topics) batch.payloads.push(this.#encode(topic));
    this.#running ??= this.#run();
    return batch;
  }

  #newBatch(): Batch {
    let settle: Pick<Batch, 'resolve' | 'reject'> | undefined;
    const sent = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
    sent.catch((error: unknown) => this.#onError(error as Error));
    const batch: Batch = {
      payloads: [],
      sent,
      resolve: () => settle?.resolve(),
      reject: (error) => settle?.reject(error),
    };
    this.#batches.push(batch);
    return batch;
  }

  #encode(topic: string): string {
    return encodePayload(this.#origin, (this.#sequence += 1), topic);
  }

  async #run(): Promise<void> {
    // What is emitted in the same turn travels together.
    await new Promise((resolve) => setImmediate(resolve));
    for (let batch = this.#batches.shift(); batch !== undefined; batch = this.#batches.shift()) {
      try {
        await this.#send(batch.payloads);
        batch.resolve();
      } catch (error) {
        batch.reject(error as Error);
      }
    }
    this.#running = undefined;
  }

  async #send(payloads: readonly string[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const slot = await this.#pool.acquire();
        try {
          await slot.execute(notifyStatement(this.#channel, payloads));
        } finally {
          this.#pool.release(slot);
        }
        return;
      } catch (error) {
        const mapped = statementError(error, { name: 'NOTIFY' });
        const isLost = mapped instanceof ConnectionLostError || isConnectionLoss(error);
        if (!isLost || attempt === ATTEMPTS) throw mapped;
        await delay(PAUSE_MS * attempt);
      }
    }
  }
}
