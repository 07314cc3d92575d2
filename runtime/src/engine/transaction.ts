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
import type { LockedRow } from './lock-record.js';
import { OpenCalls } from './open-calls.js';
import type { SignalPublisher } from './signals/signal-publisher.js';
import type { SavepointContext } from './savepoints.js';
import { StatementQueue } from './statement-queue.js';
import { StatementsInFlight, type LockRequest } from './statements-in-flight.js';
import type { TransactionSettings } from './transaction-options.js';
import { TransactionState, unawaited } from './transaction-state.js';

const BLOCK: LockWait = { mode: 'block', timeoutMs: undefined, strength: 'update' };

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
  readonly #deadline: number | undefined;
  readonly #queue = new StatementQueue();
  readonly #inFlight = new StatementsInFlight();
  /** How many statements were sent: what a later one reads is newer. */
  #sent = 0;

  /**
   * @param rows - what it runs on
   * @param publisher - sends the signals of what is committed
   * @param savepoints - knows in which savepoint the current code runs
   * @param deadline - when it has to be over, in milliseconds of `performance.now()`
   */
  constructor(
    rows: AdapterTransaction,
    publisher: SignalPublisher,
    settings: TransactionSettings,
    savepoints: SavepointContext,
    deadline: number | undefined,
  ) {
    this.#rows = rows;
    this.#publisher = publisher;
    this.settings = settings;
    this.state = new TransactionState(savepoints);
    this.#deadline = deadline;
  }

  /** Reads rows. */
  find(table: Table, query: Query): Awaitable<StoredRow[]> {
    return this.#send(() => this.#rows.find(table, query));
  }

  /** Reads with a statement of the user's own; one that the database refuses leaves the transaction as it was. */
  async read(text: string, parameters: readonly unknown[]): Promise<ReadResult> {
    const rows = this.#rows;
    this.#queue.flush();
    const outcome = await this.#send(async () => {
      try {
        return { result: (await rows.read?.(text, parameters)) ?? { columns: [], rows: [] } };
      } catch (refused) {
        if (refused instanceof DatabaseError || refused instanceof InvalidOptionError)
          return { refused };
        throw refused;
      }
    });
    if (outcome.refused !== undefined) throw outcome.refused;
    return outcome.result;
  }

  /** Locks rows, or reads those again that are locked already; returns those that exist and were not skipped. */
  lock(table: Table, ids: readonly string[], wait: LockWait): Awaitable<LockedRow[]> {
    const { name } = table.model;
    const asOf = this.#next();
    return continueWith(
      () =>
        this.#send(() => this.#rows.lock(table, ids, this.#bounded(wait)), { subject: name, ids }),
      (rows) => {
        this.state.assertOpen(name, ids[0]);
        const locked = rows.map((row) => this.locks.hold(table, row, asOf));
        if (locked.length < ids.length && wait.mode === 'block')
          this.#dropMissing(table, ids, rows);
        return locked;
      },
    );
  }

  /** Locks the rows of a query; returns those of which its conditions are true under the lock. */
  lockWhere(table: Table, query: Query, wait: LockWait): Awaitable<LockedRow[]> {
    const { name } = table.model;
    const asOf = this.#next();
    const statement = (): Awaitable<StoredRow[]> =>
      this.#rows.lockWhere(table, query, this.#bounded(wait));
    return continueWith(
      () => this.#send(statement, { subject: name, ids: [] }),
      (rows) => {
        this.state.assertOpen(name);
        return rows.map((row) => this.locks.hold(table, row, asOf));
      },
    );
  }

  /** Takes an advisory lock on a name. */
  lockName(name: string, wait: LockWait): Awaitable<void> {
    return this.#send(() => this.#rows.lockName(name, this.#bounded(wait)), {
      subject: name,
      ids: [],
    });
  }

  /** Inserts a row, when the current turn of the event loop is over. */
  insert(table: Table, row: NewRow): Promise<StoredRow> {
    return this.#write(table.model.name, row.id, () =>
      this.#withEffects(
        table,
        this.#send(() => this.#rows.insert(table, row)),
      ),
    );
  }

  /** Inserts rows, all or none, when the current turn of the event loop is over. */
  insertMany(table: Table, rows: readonly NewRow[]): Promise<StoredRow[]> {
    const insert = (): Awaitable<StoredRow[]> =>
      this.#rows.insertMany?.(table, rows) ?? insertOneByOne(this.#rows, table, rows);
    return this.#write(table.model.name, rows[0]?.id ?? '', () =>
      this.#withEffects(table, this.#send(insert)),
    );
  }

  /**
   * Changes a row, when the current turn of the event loop is over.
   *
   * @param surprises - how many there were when the changes were computed
   * @returns the row as it is then
   * @throws {@link LockStaleError} when the row was no longer as its lock showed it; the lock shows it again then
   */
  async update(row: LockedRow, changes: FieldValues, surprises: number): Promise<StoredRow> {
    const { name } = row.table.model;
    const isWritten = await this.#write(name, row.stored.id, () =>
      row.surprises === surprises ? this.updateNow(row, changes) : false,
    );
    return isWritten ? row.stored : this.#stale(row);
  }

  /** Changes a row at once; returns whether it was still as its lock shows it. For whoever has sealed the transaction. */
  updateNow(row: LockedRow, changes: FieldValues): Awaitable<boolean> {
    const asOf = this.#next();
    const written = continueWith(
      () => this.#send(() => this.#rows.update(row.table, row.stored, changes)),
      (stored) => {
        if (stored !== undefined) this.locks.renew(row, stored, asOf, true);
        return stored !== undefined;
      },
    );
    return this.#withEffects(row.table, written);
  }

  /** Reads a row again that is locked; returns whether it is still there. For whoever has sealed the transaction. */
  relock(row: LockedRow): Awaitable<boolean> {
    const asOf = this.#next();
    return continueWith(
      () => this.#send(() => this.#rows.lock(row.table, [row.stored.id], this.#bounded(BLOCK))),
      ([again]) => {
        if (again === undefined) this.locks.drop(row);
        else this.locks.renew(row, again, asOf);
        return again !== undefined;
      },
    );
  }

  /** Whether it can change a row several times without waiting for one before the next. */
  get canUpdateInTurn(): boolean {
    return this.#rows.updateInTurn !== undefined;
  }

  /** Whether a write to the table may change other rows of it, as a trigger can; also when that is not known. */
  mayHaveEffects(table: Table): boolean {
    return this.#rows.mayChange !== undefined && this.#rows.mayChange(table, table) !== false;
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
    const isDeleted = await this.#write(table.model.name, stored.id, () => {
      if (row.surprises !== surprises) return false;
      const deleted = this.#send(() => this.#rows.delete(table, row.stored));
      return this.#withEffects(table, deleted);
    });
    if (isDeleted) return;
    this.locks.revive(row);
    await this.#stale(row);
  }

  /** Runs `work` as a part that can be undone alone; see `Store.savepoint`. */
  savepoint<R>(work: () => R | PromiseLike<R>): Promise<R> {
    const rows = this.#rows;
    this.state.assertActive(undefined);
    if (rows.savepoint === undefined)
      throw new InvalidOptionError('savepoint()', 'this store has no savepoints');
    return this.state.savepoints.inTurn(async (outer) => {
      this.state.assertActive(undefined);
      this.state.savepoints.assertInside(outer);
      await this.#queued(() => rows.savepoint?.());
      const [locks, effects, { failure }] = [this.locks.mark(), this.effects.mark(), this.state];
      try {
        const result = await this.state.savepoints.run(outer, work);
        this.#queue.flush();
        if (!this.#inFlight.isIdle) await this.#inFlight.idle();
        if (this.state.failure !== failure)
          throw new TransactionRolledBackError({ cause: this.state.failure?.error });
        await this.#queued(() => rows.releaseSavepoint?.());
        return result;
      } catch (error) {
        this.#queue.flush();
        if (this.state.isActive) {
          if (!this.#inFlight.isIdle) await this.#inFlight.idle();
          this.state.recover(failure);
          await this.#queued(() => rows.rollbackToSavepoint?.());
          this.locks.restore(locks, this.#next());
          this.effects.takeBack(effects);
        }
        throw error;
      }
    });
  }

  /** Runs a piece of work of a transaction that is sealed before and after it. */
  open<R>(work: () => R): R {
    this.state.reopen();
    try {
      return work();
    } finally {
      this.state.seal();
      this.#queue.flush();
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
    this.#queue.flush();
    return this.#inFlight.isIdle
      ? this.#commit(last)
      : this.#inFlight.idle().then(() => this.#commit(last));
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
    this.#queue.flush();
    return this.#rows.rollback();
  }

  /** A lock that it waits for right now. */
  get waitingFor(): LockRequest | undefined {
    return this.#inFlight.waitingFor;
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

  #write<R>(model: string, id: string, statement: () => Awaitable<R>): Promise<R> {
    const savepoint = this.state.savepoints.current;
    return new Promise((resolve, reject) => {
      this.#queue.add(() => {
        const settle = (result: R): void => {
          if (!this.state.isRolledBack) resolve(result);
          else {
            const why = 'is gone: its transaction was rolled back, this write with it';
            reject(new LockReleasedError(model, id, why));
          }
        };
        const send = (): Awaitable<R> => {
          if (this.state.isRolledBack) throw unawaited(model, id);
          this.state.assertActive(model, id);
          this.state.savepoints.assertInside(savepoint);
          return statement();
        };
        void continueWith(send, settle, reject);
      });
    });
  }

  /** Sends a statement behind those that wait for the end of the turn. */
  #queued<R>(statement: () => Awaitable<R>): Awaitable<R> {
    this.#queue.flush();
    return this.#send(statement);
  }

  #send<R>(statement: () => Awaitable<R>, lock?: LockRequest): Awaitable<R> {
    const failed = (error: unknown): never => {
      this.state.fail(error);
      throw this.state.explain(error);
    };
    let result: Awaitable<R>;
    try {
      result = statement();
    } catch (error) {
      return failed(error);
    }
    if (!(result instanceof Promise)) return result;
    this.#inFlight.add(lock);
    return result.then(
      (value) => {
        this.#inFlight.settle(lock);
        return value;
      },
      (error: unknown) => {
        this.#inFlight.settle(lock);
        return failed(error);
      },
    );
  }

  /** Reads the held rows again that a write to a table may have changed, right behind it. */
  #withEffects<R>(written: Table, result: Awaitable<R>): Awaitable<R> {
    const may = Array.from(this.locks.tables, (held) => this.#rows.mayChange?.(written, held));
    if (may.includes(undefined) && this.#rows.mayChange !== undefined) {
      return continueWith(
        () => result,
        (first) =>
          continueWith(
            () => this.#rereadAfter(written),
            () => first,
          ),
      );
    }
    if (!may.includes(true)) return result;
    return Promise.all([result, this.#rereadAfter(written)]).then(([first]) => first as R);
  }

  #rereadAfter(written: Table): Awaitable<unknown> {
    const changed = Array.from(this.locks.tables).filter(
      (held) => this.#rows.mayChange?.(written, held) !== false,
    );
    // eslint-disable-next-line @typescript-eslint/await-thenable -- each may be a promise
    return Promise.all(changed.map((table) => this.#reread(table)));
  }

  #reread(table: Table): Awaitable<void> {
    const held = this.locks.rowsOf(table).map(({ stored }) => stored);
    if (held.length === 0) return;
    const asOf = this.#next();
    return continueWith(
      () => this.#send(() => this.#rows.reread?.(table, held)),
      (found) => {
        for (const row of found?.changed ?? []) this.locks.hold(table, row, asOf);
        for (const id of found?.gone ?? []) this.locks.dropId(table, id);
      },
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

  #dropMissing(table: Table, ids: readonly string[], rows: readonly StoredRow[]): void {
    const found = new Set(rows.map(({ id }) => id));
    for (const id of ids) if (!found.has(id)) this.locks.dropId(table, id);
  }

  #next(): number {
    return (this.#sent += 1);
  }

  #bounded(wait: LockWait): LockWait {
    if (this.#deadline === undefined) return wait;
    const left = Math.max(1, Math.ceil(this.#deadline - performance.now()));
    return { ...wait, timeoutMs: Math.min(wait.timeoutMs ?? left, left) };
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
