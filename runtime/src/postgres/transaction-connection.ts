import type { Awaitable, BeginOptions } from '../adapter/adapter.js';
import { promiseTry } from '../adapter/awaitable.js';
import { LockReleasedError } from '../errors/lock-errors.js';
import { ConnectionLostError, TransactionRolledBackError } from '../errors/store-errors.js';
import { isConnectionLoss } from './connection-errors.js';
import { LostConnection, type Connection, type Rows } from './connection.js';
import type { PostgresContext } from './postgres-context.js';
import { statementError, type Subject } from './postgres-errors.js';
import { NotExecutedError } from './protocol/server-error.js';
import type { Statement } from './statement.js';
import { isSchemaChange } from './table-catalog.js';
import type { RowPlace } from './row-queues.js';
import {
  beginStatement,
  commitAloneStatement,
  commitStatement,
  nameStatement,
  newFence,
  settingsStatement,
} from './transaction-statements.js';
import { undoTransaction } from './undo-transaction.js';

/** "Current transaction is aborted": an earlier statement failed. */
const AFTER_A_FAILURE = '25P02';

/** The connection of one transaction: taken from the pool with its first statement, never changed, given back when it is over. */
export class TransactionConnection {
  /** The transaction's name, which every write demands. */
  readonly fence: string = newFence();
  readonly #context: PostgresContext;
  readonly #options: BeginOptions;
  /** Why it could not begin as it was asked to. */
  #beginFailure: unknown;
  #opening: Awaitable<Connection> | undefined;
  #connection: Connection | undefined;
  #isCommitting = false;
  #hasEnded = false;
  #isSharing = false;
  /** Its place in the queue of this process for the row that it locks first. */
  #place: RowPlace | undefined;

  constructor(context: PostgresContext, options: BeginOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Whether it has a connection. */
  get isOpen(): boolean {
    return this.#connection !== undefined;
  }

  /** Whether it takes no statement any more. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * Waits for its turn with the transactions of this process that lock the same row, if it has sent nothing yet.
   *
   * @param row - names the row
   * @returns what resolves when its turn has come; `undefined` when it has come already
   */
  queueFor(row: string): Promise<void> | undefined {
    if (this.#opening !== undefined || this.#place !== undefined || this.#hasEnded)
      return undefined;
    const place = this.#context.queues.enter(row);
    this.#place = place;
    return place.turn?.then((connection) => {
      if (connection !== undefined) this.#goOn(connection);
    });
  }

  /** Lets the next transaction of this process lock the row that this one has queued for. */
  leaveQueue(): void {
    this.#place?.leave();
  }

  /** Takes note of a failure, and returns it. */
  failed<E>(error: E): E {
    // What was read of the tables may be out of date: the next transaction looks again.
    if (isSchemaChange(error)) this.#context.catalog.clear();
    return error;
  }

  /**
   * Sends a statement on this transaction's connection, at once when it has one, and hands its rows on. There is no promise
   * between here and the driver's that is not needed: while a transaction runs, Node 20 and 22 follow each through the process.
   */
  run<R>(
    statement: Statement,
    subject: Subject,
    read: (rows: Rows) => Awaitable<R>,
    isShared: boolean = this.#isSharing,
  ): Promise<R> {
    return this.#send(statement, isShared).then(read, (error: unknown) => {
      throw this.failed(this.#mapError(error, subject));
    });
  }

  /** Sends what `send` sends together with what comes right after it: it is answered together, and nothing is executed after a failure. */
  share<R>(send: () => R): R {
    this.#isSharing = true;
    try {
      return send();
    } finally {
      this.#isSharing = false;
    }
  }

  /** Does work of this transaction; what of it waits for the server is cancelled there when the signal is aborted. */
  untilAborted<R>(signal: AbortSignal | undefined, work: () => Promise<R>): Promise<R> {
    return signal === undefined ? work() : this.#untilAborted(signal, work);
  }

  async #untilAborted<R>(signal: AbortSignal, work: () => Promise<R>): Promise<R> {
    const cancel = (): void => {
      // Before its first statement there is nothing to cancel, and nothing may follow.
      if (this.#connection === undefined) this.#hasEnded = true;
      else this.#connection.interrupt();
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await work();
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /**
   * Commits a transaction whose statements have all been answered.
   *
   * @param written - what was written last: a constraint that is deferred fails only here
   */
  async commit(written: Subject | undefined): Promise<void> {
    const connection = this.#beginCommit();
    if (connection === undefined) return;
    const committed = connection.execute(
      commitAloneStatement,
      this.#context.settings.replyTimeoutMs,
    );
    // Whatever it is answered with, the transaction is over then: who comes next need not wait for that.
    const isPassedOn = this.#passOn(connection, committed);
    this.#connection = undefined;
    let failure: unknown;
    const rows = await committed.catch((error: unknown) => void (failure = error));
    this.#finishCommit(connection, isPassedOn, rows, failure, written);
  }

  /**
   * Commits together with what was sent in the same turn.
   *
   * @param signals - statements that are committed with it
   * @param written - what was written last: a constraint that is deferred fails only here
   */
  async commitTogether(signals: readonly Statement[], written: Subject | undefined): Promise<void> {
    const connection = this.#beginCommit();
    if (connection === undefined) return;
    // The first one, since replies come in the order of the statements; when the COMMIT's is there, all are.
    let failure: unknown;
    const note = (error: unknown): void => {
      failure ??= error;
    };
    for (const statement of signals) connection.sendShared(statement, note);
    const committed = await connection
      .execute(commitStatement, this.#context.settings.replyTimeoutMs)
      .catch((error: unknown) => void note(error));
    if (connection.isInTransaction && !connection.isDead) {
      // Something that it was sent with failed, so that it was not executed.
      await this.rollback();
      if (failure instanceof NotExecutedError) throw new TransactionRolledBackError();
      throw statementError(failure, written ?? { name: 'COMMIT' });
    }
    this.#connection = undefined;
    this.leaveQueue();
    this.#finishCommit(connection, false, committed, failure, written);
  }

  /** Undoes everything, whatever state the connection is in. Never throws. */
  async rollback(): Promise<void> {
    this.#hasEnded = true;
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection === undefined) {
      this.leaveQueue();
      return;
    }
    try {
      await undoTransaction(connection);
      this.#context.pool.release(connection);
    } catch {
      // The server undoes a transaction whose connection is gone.
      connection.destroy();
    }
    this.leaveQueue();
  }

  /** The connection to commit on; `undefined` when nothing was sent. */
  #beginCommit(): Connection | undefined {
    this.#assertOpen();
    this.#isCommitting = true;
    this.#hasEnded = true;
    if (this.#connection === undefined) this.leaveQueue();
    return this.#connection;
  }

  #finishCommit(
    connection: Connection,
    isPassedOn: boolean,
    committed: Rows | undefined,
    failure: unknown,
    written: Subject | undefined,
  ): void {
    if (failure !== undefined && isConnectionLoss(failure)) {
      connection.destroy();
      const wasSent = !(failure instanceof LostConnection) || failure.wasSent;
      throw new ConnectionLostError(wasSent ? 'unknown' : 'rolled back', { cause: failure });
    }
    if (!isPassedOn) this.#context.pool.release(connection);
    if (failure !== undefined) throw statementError(failure, written ?? { name: 'COMMIT' });
    // After a statement that failed Postgres answers COMMIT with a rollback, and without an error.
    if (committed?.command !== 'COMMIT') throw new TransactionRolledBackError();
  }

  /**
   * Lets another transaction go on behind a COMMIT that was sent and has no reply yet: the next one for the same row, unless
   * somebody else waits for a connection.
   */
  #passOn(connection: Connection, committed: Promise<unknown>): boolean {
    const { pool } = this.#context;
    if (this.#place?.isFollowed === true && pool.isSpare(connection)) {
      connection.passOn(committed);
      this.#place.leave(connection);
      return true;
    }
    const isPassedOn = pool.passOn(connection);
    if (isPassedOn) connection.passOn(committed);
    this.leaveQueue();
    return isPassedOn;
  }

  /** Goes on where the one before it in a queue has sent its COMMIT. */
  #goOn(connection: Connection): void {
    // It has been ended meanwhile, or has begun elsewhere.
    if (this.#hasEnded || this.#opening !== undefined) this.#context.pool.release(connection);
    else this.#opening = this.#beginOn(connection);
  }

  #send(statement: Statement, isShared: boolean): Promise<Rows> {
    return promiseTry(() => {
      const opened = this.#connection ?? this.#open();
      return opened instanceof Promise
        ? opened.then((connection) => this.#sendOn(connection, statement, isShared))
        : this.#sendOn(opened, statement, isShared);
    });
  }

  #sendOn(connection: Connection, statement: Statement, isShared: boolean): Promise<Rows> {
    this.#assertOpen();
    return isShared ? connection.executeShared(statement) : connection.execute(statement);
  }

  #mapError(error: unknown, subject: Subject): Error {
    const { code } = error as { code?: string };
    const isAfter = code === AFTER_A_FAILURE || isConnectionLoss(error);
    if (isAfter && this.#beginFailure !== undefined)
      return statementError(this.#beginFailure, { name: 'settings' });
    if (code === AFTER_A_FAILURE) return new TransactionRolledBackError();
    // The COMMIT behind it may have arrived, or not.
    return statementError(error, subject, this.#isCommitting ? 'unknown' : 'rolled back');
  }

  #assertOpen(): void {
    if (!this.#hasEnded) return;
    throw new LockReleasedError(
      undefined,
      undefined,
      'has ended, and this work was not awaited in it',
    );
  }

  #open(): Awaitable<Connection> {
    if (this.#opening === undefined) {
      // From now on others may wait in the database for what it holds.
      this.#place?.stopWaiting();
      this.#opening = this.#begin();
    }
    return this.#opening;
  }

  #begin(): Awaitable<Connection> {
    const connection = this.#context.pool.acquire(this.#options.deadline);
    return connection instanceof Promise
      ? connection.then((acquired) => this.#beginOn(acquired))
      : this.#beginOn(connection);
  }

  #beginOn(connection: Connection): Connection {
    const { pool, settings } = this.#context;
    const { isolation, readOnly, settings: ofDatabase } = this.#options;
    if (this.#hasEnded) {
      pool.release(connection);
      this.#assertOpen();
    }
    this.#connection = connection;
    // Not awaited: it travels with the first statement, and what comes after it fails if it does.
    const failed = (error: unknown): void => {
      if (!isConnectionLoss(error)) this.#beginFailure ??= statementError(error, { name: 'BEGIN' });
      connection.destroy(error);
    };
    connection.sendShared(beginStatement(isolation, readOnly), failed);
    connection.sendShared(nameStatement(this.fence, settings.idleInTransactionTimeoutMs), failed);
    if (ofDatabase !== undefined && Object.keys(ofDatabase).length > 0)
      connection.sendShared(settingsStatement(ofDatabase), (error) => {
        this.#beginFailure ??= error;
      });
    return connection;
  }
}
