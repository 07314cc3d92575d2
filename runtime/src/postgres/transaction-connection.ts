import type { Awaitable } from '../adapter/adapter.js';
import { promiseTry } from '../adapter/awaitable.js';
import { LockReleasedError } from '../errors/lock-errors.js';
import { ConnectionLostError, TransactionRolledBackError } from '../errors/store-errors.js';
import { isConnectionLoss } from './connection-errors.js';
import { SlotLost, type ConnectionSlot, type Rows } from './connection-slot.js';
import type { PostgresContext } from './postgres-context.js';
import { statementError, type Subject } from './postgres-errors.js';
import type { Statement } from './statement.js';
import { isSchemaChange } from './table-catalog.js';
import {
  beginStatement,
  commitStatement,
  newFence,
  rollbackStatement,
} from './transaction-statements.js';

/** How long a rollback waits for what is under way, in milliseconds, before it cancels it, and before it gives the connection up. */
const CANCEL_AFTER_MS = 50;
const GIVE_UP_AFTER_MS = 2_000;

/** "Current transaction is aborted": an earlier statement failed. */
const AFTER_A_FAILURE = '25P02';

/** The connection of one transaction: taken from the pool with its first statement, never changed, given back when it is over. */
export class TransactionConnection {
  /** The transaction's name, which every write demands. */
  readonly fence: string = newFence();
  readonly #context: PostgresContext;
  readonly #deadline: number | undefined;
  #opening: Awaitable<ConnectionSlot> | undefined;
  #slot: ConnectionSlot | undefined;
  #state: 'active' | 'committing' | 'rolled back' = 'active';
  #failure: { readonly error: unknown } | undefined;
  /** What became of the statement that was sent last. */
  #last: Promise<unknown> | undefined;

  /** @param deadline - when the transaction has to be over, in milliseconds of `performance.now()` */
  constructor(context: PostgresContext, deadline: number | undefined) {
    this.#context = context;
    this.#deadline = deadline;
  }

  /** Whether it still takes statements. */
  get isActive(): boolean {
    return this.#state === 'active';
  }

  /** Remembers the first failure: the transaction can only roll back then. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    // What was read of the tables may be out of date: the next transaction looks again.
    if (isSchemaChange(error)) this.#context.catalog.clear();
  }

  /**
   * Sends a statement on this transaction's connection, at once when it has one, and hands its rows on. There is no promise
   * between here and the driver's that is not needed: while a transaction runs, Node 20 and 22 follow each through the process.
   */
  run<R>(statement: Statement, subject: Subject, read: (rows: Rows) => Awaitable<R>): Promise<R> {
    const result = this.#send(statement).then(read, (error: unknown) => {
      const mapped = this.#mapError(error, subject);
      this.fail(mapped);
      throw mapped;
    });
    this.#last = result;
    return result;
  }

  /**
   * Commits; see `AdapterTransaction.commit`.
   *
   * @param written - what was written last: a constraint that is deferred fails only here
   */
  async commit(topics: readonly string[], written: Subject | undefined): Promise<void> {
    this.#assertOpen();
    this.#state = 'committing';
    const { publisher, settings } = this.#context;
    const isAtomic = settings.signalDelivery === 'in-transaction';
    // A write that changed no row has not failed for the server: it would commit the signals all the same.
    if (isAtomic && topics.length > 0) await this.#last?.catch(() => undefined);
    // Nor has what was refused before it was sent.
    this.#assertHealthy();
    const slot = this.#slot;
    if (slot === undefined) {
      // Nothing was sent: all that there is to commit are signals.
      if (topics.length > 0) publisher.publishLater(topics);
      return;
    }
    // The first one, since replies come in the order of the statements; when the COMMIT's is there, all are.
    let failure: unknown;
    const note = (error: unknown): void => {
      failure ??= error;
    };
    const signals = isAtomic ? publisher.statements(topics) : [];
    for (const statement of signals) slot.execute(statement).catch(note);
    const committed = await slot.execute(commitStatement, settings.replyTimeoutMs).catch(note);
    this.#slot = undefined;
    if (failure !== undefined && isConnectionLoss(failure)) {
      slot.destroy();
      const wasSent = !(failure instanceof SlotLost) || failure.wasSent;
      throw new ConnectionLostError(wasSent ? 'unknown' : 'rolled back', { cause: failure });
    }
    this.#context.pool.release(slot);
    if (failure !== undefined) throw statementError(failure, written ?? { name: 'COMMIT' });
    // After a statement that failed Postgres answers COMMIT with a rollback, and without an error.
    if (committed?.command !== 'COMMIT' || this.#failure !== undefined)
      throw new TransactionRolledBackError({ cause: this.#failure?.error });
    if (topics.length > 0 && !isAtomic) publisher.publishLater(topics);
  }

  /** Undoes everything, whatever state the connection is in. Never throws. */
  async rollback(): Promise<void> {
    this.#state = 'rolled back';
    const slot = this.#slot;
    this.#slot = undefined;
    if (slot === undefined) return;
    try {
      await within(GIVE_UP_AFTER_MS, this.#undo(slot));
      this.#context.pool.release(slot);
    } catch {
      // The server undoes a transaction whose connection is gone.
      slot.destroy();
    }
  }

  #send(statement: Statement): Promise<Rows> {
    return promiseTry(() => {
      const opened = this.#slot ?? this.#open();
      return opened instanceof Promise
        ? opened.then((slot) => this.#sendOn(slot, statement))
        : this.#sendOn(opened, statement);
    });
  }

  #sendOn(slot: ConnectionSlot, statement: Statement): Promise<Rows> {
    this.#assertOpen();
    return slot.execute(statement);
  }

  /** Waits for what is under way; cancels it when it takes long, as a wait for a lock may. */
  async #undo(slot: ConnectionSlot): Promise<void> {
    try {
      await within(CANCEL_AFTER_MS, slot.idle());
    } catch {
      await slot.cancel();
      // Only now can the cancellation no longer hit a statement that comes later.
      await slot.idle();
    }
    await slot.execute(rollbackStatement);
  }

  #mapError(error: unknown, subject: Subject): Error {
    const { code } = error as { code?: string };
    if (code === AFTER_A_FAILURE)
      return new TransactionRolledBackError({ cause: this.#failure?.error });
    // The COMMIT behind it may have arrived, or not.
    return statementError(error, subject, this.#state === 'committing' ? 'unknown' : 'rolled back');
  }

  #assertHealthy(): void {
    if (this.#failure !== undefined)
      throw new TransactionRolledBackError({ cause: this.#failure.error });
  }

  #assertOpen(): void {
    if (this.#state === 'active') return;
    throw new LockReleasedError(
      undefined,
      undefined,
      'has ended, and this work was not awaited in it',
    );
  }

  #open(): Awaitable<ConnectionSlot> {
    return (this.#opening ??= this.#begin());
  }

  #begin(): Awaitable<ConnectionSlot> {
    const slot = this.#context.pool.acquire(this.#deadline);
    return slot instanceof Promise
      ? slot.then((acquired) => this.#beginOn(acquired))
      : this.#beginOn(slot);
  }

  #beginOn(slot: ConnectionSlot): ConnectionSlot {
    const { pool, settings } = this.#context;
    if (this.#state !== 'active') {
      pool.release(slot);
      this.#assertOpen();
    }
    this.#slot = slot;
    // Not awaited: it travels with the first statement, and what comes after it fails if it does.
    slot
      .execute(beginStatement(this.fence, settings.idleInTransactionTimeoutMs))
      .catch((error: unknown) => slot.destroy(error));
    return slot;
  }
}

/** Rejects when it takes longer. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it took too long')), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
