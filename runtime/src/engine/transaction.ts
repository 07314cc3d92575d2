import type {
  AdapterTransaction,
  Awaitable,
  LockWait,
  NewRow,
  RowChange,
  StoredRow,
  Table,
} from '../adapter/adapter.js';
import type { Query } from '../adapter/query.js';
import type { ReadResult } from '../adapter/read-result.js';
import { continueWith } from '../adapter/awaitable.js';
import { LockReleasedError, LockStaleError } from '../errors/lock-errors.js';
import {
  DatabaseError,
  InvalidOptionError,
  TransactionRolledBackError,
} from '../errors/store-errors.js';
import type { FieldValues } from '../model/field-values.js';
import { CommitEffects } from './commit-effects.js';
import { HeldLocks } from './held-locks.js';
import { LockStatements } from './lock-statements.js';
import { LockRefresh } from './lock-refresh.js';
import type { LockedRow } from './lock-record.js';
import { OpenCalls } from './open-calls.js';
import type { SignalPublisher } from './signals/signal-publisher.js';
import { runSavepoint } from './run-savepoint.js';
import type { SavepointContext } from './savepoints.js';
import type { LockRequest } from './statements-in-flight.js';
import type { TransactionSettings } from './transaction-options.js';
import type { TransactionMonitor } from './transaction-monitor.js';
import { TransactionState } from './transaction-state.js';
import { TransactionStatements } from './transaction-statements.js';

const NOTHING: ReadResult = { columns: [], rows: [] };

/**
 * One running transaction, and the only holder of the adapter's: what it has locked, what it still has to send, whether it may
 * still write, and whether it can still commit. When its work is over nothing more is sent, whoever asks.
 */
export class Transaction {
  readonly locks: HeldLocks = new HeldLocks(this);
  readonly calls: OpenCalls = new OpenCalls();
  readonly state: TransactionState;
  readonly effects: CommitEffects = new CommitEffects();
  readonly settings: TransactionSettings;
  readonly #rows: AdapterTransaction;
  readonly #publisher: SignalPublisher;
  readonly #statements: TransactionStatements;
  readonly #refresh: LockRefresh;
  readonly #locking: LockStatements;

  /**
   * @param rows - what it runs on
   * @param publisher - sends the signals of what is committed
   * @param savepoints - knows in which savepoint the current code runs
   * @param deadline - when it has to be over, in milliseconds of `performance.now()`
   * @param monitor - counts it, and tells what takes how long
   */
  constructor(
    rows: AdapterTransaction,
    publisher: SignalPublisher,
    settings: TransactionSettings,
    savepoints: SavepointContext,
    deadline: number | undefined,
    monitor: TransactionMonitor,
  ) {
    this.#rows = rows;
    this.#publisher = publisher;
    this.settings = settings;
    const watch = monitor.watch(this);
    this.state = new TransactionState(savepoints, watch.ended);
    this.#statements = new TransactionStatements(this.state, watch);
    const { state, locks } = this;
    this.#locking = new LockStatements(rows, {
      state,
      locks,
      statements: this.#statements,
      watch,
      deadline,
    });
    this.#refresh = new LockRefresh(rows, this.locks, this.#statements);
  }

  /** Reads rows. */
  find(table: Table, query: Query, signal?: AbortSignal): Awaitable<StoredRow[]> {
    return this.#statements.send(() => this.#rows.find(table, query, signal), { signal });
  }

  /** Reads with a statement of the user's own; one that the database refuses leaves the transaction as it was. */
  async read(
    text: string,
    parameters: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<ReadResult> {
    const rows = this.#rows;
    this.#statements.flush();
    const read = async (): Promise<{ result: ReadResult; refused?: Error }> => {
      try {
        return { result: (await rows.read?.(text, parameters, signal)) ?? NOTHING };
      } catch (refused) {
        if (refused instanceof DatabaseError || refused instanceof InvalidOptionError)
          return { result: NOTHING, refused };
        throw refused;
      }
    };
    const outcome = await this.#statements.send(read, { signal });
    if (outcome.refused !== undefined) throw outcome.refused;
    return outcome.result;
  }

  /** Locks rows, or reads those again that are locked already; returns those that exist and were not skipped. */
  lock(table: Table, ids: readonly string[], wait: LockWait): Awaitable<LockedRow[]> {
    return this.#locking.rows(table, ids, wait);
  }

  /** Locks the rows of a query; returns those of which its conditions are true under the lock. */
  lockWhere(table: Table, query: Query, wait: LockWait): Awaitable<LockedRow[]> {
    return this.#locking.where(table, query, wait);
  }

  /** Takes an advisory lock on a name. */
  lockName(name: string, wait: LockWait): Awaitable<void> {
    return this.#locking.name(name, wait);
  }

  /** The names of the advisory locks that it has asked for. */
  get lockedNames(): readonly string[] {
    return this.#locking.names;
  }

  /** Inserts a row, when the current turn of the event loop is over. */
  insert(table: Table, row: NewRow): Promise<StoredRow> {
    return this.#statements.write(table.model.name, row.id, () =>
      this.#refresh.after(
        table,
        this.#statements.send(() => this.#rows.insert(table, row)),
      ),
    );
  }

  /** Inserts rows, all or none, when the current turn of the event loop is over. */
  insertMany(table: Table, rows: readonly NewRow[]): Promise<StoredRow[]> {
    const insert = (): Awaitable<StoredRow[]> =>
      this.#rows.insertMany?.(table, rows) ?? insertOneByOne(this.#rows, table, rows);
    return this.#statements.write(table.model.name, rows[0]?.id ?? '', () =>
      this.#refresh.after(table, this.#statements.send(insert)),
    );
  }

  /**
   * Changes a row, when the current turn of the event loop is over.
   *
   * @param surprises - how many there were when the changes were computed
   * @returns the row as it is then
   * @throws {@link LockStaleError} when the row was no longer as its lock showed it; the lock shows it again then
   */
  update(row: LockedRow, changes: FieldValues, surprises: number): Promise<StoredRow> {
    const { name } = row.table.model;
    return this.#statements
      .write(name, row.stored.id, () =>
        row.surprises === surprises ? this.updateNow(row, changes) : false,
      )
      .then((isWritten) => (isWritten ? row.stored : this.#stale(row)));
  }

  /** Changes a row at once; returns whether it was still as its lock shows it. For whoever has sealed the transaction. */
  updateNow(row: LockedRow, changes: FieldValues): Awaitable<boolean> {
    const asOf = this.#statements.next();
    const written = continueWith(
      () => this.#statements.send(() => this.#rows.update(row.table, row.stored, changes)),
      (stored) => {
        if (stored !== undefined) this.locks.renew(row, stored, asOf, true);
        return stored !== undefined;
      },
    );
    return this.#refresh.after(row.table, written);
  }

  /** Reads a row again that is locked; returns whether it is still there. For whoever has sealed the transaction. */
  relock(row: LockedRow): Awaitable<boolean> {
    return this.#locking.again(row);
  }

  /** Whether it can change a row several times without waiting for one before the next. */
  get canUpdateInTurn(): boolean {
    return this.#rows.updateInTurn !== undefined;
  }

  /** Whether a write to the table may change other rows of it, as a trigger can; also when that is not known. */
  mayHaveEffects(table: Table): boolean {
    return this.#rows.mayChange !== undefined && this.#rows.mayChange(table, table) !== false;
  }

  /** See `AdapterTransaction.checkAtOnce`. */
  checkAtOnce(table: Table): void {
    this.#rows.checkAtOnce?.(table);
  }

  /** See `AdapterTransaction.updateInTurn`. For whoever has sealed the transaction. */
  updateInTurn(
    row: LockedRow,
    changes: readonly FieldValues[],
  ): readonly Promise<StoredRow | undefined>[] {
    return this.#rows.updateInTurn?.(row.table, row.stored, changes) ?? [];
  }

  /** Deletes a row, when the current turn of the event loop is over. */
  async delete(row: LockedRow): Promise<void> {
    const { table, stored, surprises } = row;
    const isDeleted = await this.#statements.write(table.model.name, stored.id, () => {
      if (row.surprises !== surprises) return false;
      const deleted = this.#statements.send(() => this.#rows.delete(table, row.stored));
      return this.#refresh.after(table, deleted);
    });
    if (isDeleted) return;
    this.locks.revive(row);
    await this.#stale(row);
  }

  /** Runs `work` as a part that can be undone alone; see `Store.savepoint`. */
  savepoint<R>(work: () => R | PromiseLike<R>): Promise<R> {
    this.state.assertActive(undefined);
    if (this.#rows.savepoint === undefined)
      throw new InvalidOptionError('savepoint()', 'this store has no savepoints');
    const { state, locks, effects } = this;
    const part = { rows: this.#rows, state, locks, effects, statements: this.#statements };
    return state.savepoints.inTurn((outer) => runSavepoint(part, outer, work));
  }

  /** Runs a piece of work of a transaction that is sealed before and after it. */
  open<R>(work: () => R): R {
    this.state.reopen();
    try {
      return work();
    } finally {
      this.state.seal();
      this.#statements.flush();
    }
  }

  /**
   * Ends the work and commits, once what was sent has settled. Nobody's statement is accepted any more, all locks read as
   * released.
   *
   * @param last - writes that travel with the commit
   * @returns what became of `last`
   * @throws {@link TransactionRolledBackError} when something in it failed; everything is rolled back then
   */
  commit(last: readonly RowChange[] = []): Awaitable<readonly (StoredRow | undefined)[]> {
    this.state.seal();
    this.locks.release();
    this.#statements.flush();
    return continueWith(
      () => this.#statements.settled(),
      () => this.#commit(last),
    );
  }

  /**
   * Ends the work and undoes it. Never throws.
   *
   * @param cause - why, for whoever goes on with its work
   */
  rollback(cause?: unknown): Awaitable<void> {
    if (cause !== undefined) this.state.fail(cause);
    this.calls.silence();
    this.state.end('rolled back');
    this.locks.release();
    this.#statements.flush();
    return this.#rows.rollback();
  }

  /** A lock that it waits for right now. */
  get waitingFor(): LockRequest | undefined {
    return this.#statements.waitingFor;
  }

  #commit(last: readonly RowChange[]): Awaitable<readonly (StoredRow | undefined)[]> {
    const { failure } = this.state;
    const undo = (error: unknown): Awaitable<never> => {
      const fail = (): never => {
        throw error;
      };
      return continueWith(() => this.rollback(error), fail);
    };
    try {
      this.locks.assertUnchanged();
    } catch (error) {
      return undo(error);
    }
    if (failure !== undefined)
      return undo(new TransactionRolledBackError({ cause: failure.error }));
    return continueWith(
      () =>
        this.#publisher.commit(this.effects.topics, (together) =>
          this.#rows.commit(together, last),
        ),
      (written) => {
        this.state.end('committed');
        return written;
      },
      undo,
    );
  }

  /** Lets the lock of a row show again what the row holds. */
  async #stale(row: LockedRow): Promise<never> {
    const { name } = row.table.model;
    const { id } = row.stored;
    throw (await this.relock(row))
      ? new LockStaleError(name, id)
      : new LockReleasedError(name, id, 'is gone: the entity was deleted');
  }
}

async function insertOneByOne(
  rows: AdapterTransaction,
  table: Table,
  toInsert: readonly NewRow[],
): Promise<StoredRow[]> {
  const stored: StoredRow[] = [];
  for (const row of toInsert) stored.push(await rows.insert(table, row));
  return stored;
}
