import type { TableProblem } from '../errors/model-errors.js';
import type { FieldValues } from '../model/field-values.js';
import type { ModelDescription } from '../model/model-description.js';
import type { AdapterCapabilities } from './capabilities.js';
import type { PoolStats } from './pool-stats.js';
import type { Query } from './query.js';
import type { ReadResult } from './read-result.js';
import type { SignalTransport } from './signal-transport.js';

/**
 * What a database has to offer so that `createStore` can build a store on it. An adapter moves rows; it never
 * sees a `Locked`, so it cannot forge or lose one. Implement {@link Adapter}, run the conformance suite of
 * `@justscale/runtime/testing` over it, done.
 */
export interface Adapter {
  /** For messages, such as `postgres`. */
  readonly name: string;

  readonly capabilities: AdapterCapabilities;

  /**
   * Reads with one statement of the user's own, outside any transaction. Whatever it says, nothing may be written or locked.
   * Left out, with that of transactions, by an adapter without a language for it.
   *
   * @param parameters - values for its places
   * @param signal - when it is aborted its caller is told: what is still done for it can be ended
   * @throws DatabaseError for a statement that is wrong, or does not only read
   */
  read?(text: string, parameters: readonly unknown[], signal?: AbortSignal): Awaitable<ReadResult>;

  /** Carries the signals of a store that was given no other transport. */
  readonly signals: SignalTransport;

  /**
   * Prepares a transaction. Takes no connection: the first statement does.
   *
   * @param options - what holds for the whole transaction
   */
  begin(options: BeginOptions): AdapterTransaction;

  /** Reads committed rows outside any transaction; for `signal` see {@link Adapter.read}. */
  find(table: Table, query: Query, signal?: AbortSignal): Awaitable<StoredRow[]>;

  /** Compares models with their tables; returns all that does not fit. Left out where there is nothing to compare with. */
  verify?(tables: readonly Table[]): Awaitable<readonly TableProblem[]>;

  /** Its connections at this moment. Left out by an adapter without any. */
  stats?(): PoolStats;

  /** Releases everything that keeps the process alive. Called once, after the last transaction ended and its signals were closed. */
  close(): Promise<void>;
}

/**
 * One transaction on one connection. It only moves rows: whether a call may still be made is the engine's business, which
 * calls nothing after a statement has failed but `rollback`, and nothing after `commit` but that.
 */
export interface AdapterTransaction {
  /**
   * Reads rows as this transaction sees them, its own writes included.
   *
   * @param signal - when it is aborted its caller is told, and the transaction or its savepoint rolled back: what is still done for
   *   it can be ended
   */
  find(table: Table, query: Query, signal?: AbortSignal): Awaitable<StoredRow[]>;

  /** The same inside this transaction, which goes on as it was when the statement fails. */
  read?(text: string, parameters: readonly unknown[], signal?: AbortSignal): Awaitable<ReadResult>;

  /**
   * Locks the rows of these ids in ascending order of the ids and returns those that exist, in any order, in
   * one statement that is atomic with the read. Rows that this transaction holds already are read again.
   *
   * @throws LockTimeoutError, DeadlockError
   */
  lock(table: Table, ids: readonly string[], wait: LockWait): Awaitable<StoredRow[]>;

  /**
   * Locks the rows of a query, in its order and at most `limit` of them, in one statement. A row that was waited for counts only
   * if the conditions are true of it as it is under the lock; one that is held counts for nothing with `skip`.
   *
   * @returns the rows as they are under their locks
   * @throws LockTimeoutError, DeadlockError
   */
  lockWhere(table: Table, query: Query, wait: LockWait): Awaitable<StoredRow[]>;

  /** Takes an advisory lock on a name, held to the end of the transaction. */
  lockName(name: string, wait: LockWait): Awaitable<void>;

  /** Inserts a row; returns it as stored. @throws DuplicateEntityError */
  insert(table: Table, row: NewRow): Awaitable<StoredRow>;

  /** Inserts several rows in one statement, all or none; returns them in their order. Without it they are inserted one by one. */
  insertMany?(table: Table, rows: readonly NewRow[]): Awaitable<StoredRow[]>;

  /**
   * Changes some fields of a row whose lock this transaction holds. Must not write when this transaction is no longer the
   * one that took the lock.
   *
   * @returns the row as stored; `undefined`, and nothing is written, when it is no longer the version that is given
   */
  update(table: Table, row: RowVersion, changes: FieldValues): Awaitable<StoredRow | undefined>;

  /**
   * Several callers share this transaction: from now on each write to the table is checked as it is made, as it would be by its own
   * COMMIT, also by what the database checks at the COMMIT only. Left out where nothing is.
   */
  checkAtOnce?(table: Table): void;

  /**
   * Changes one row several times. Each change is a statement of its own, which demands the row as the one before it has
   * left it; all are sent before the first has been answered. Left out by an adapter that gains nothing by it.
   *
   * @returns what became of each, in order; those behind one that failed fail as well
   */
  updateInTurn?(
    table: Table,
    row: RowVersion,
    changes: readonly FieldValues[],
  ): readonly Promise<StoredRow | undefined>[];

  /**
   * Deletes a row whose lock this transaction holds, under the same conditions as `update`.
   *
   * @returns whether it was deleted; `false` when it is no longer the version that is given
   */
  delete(table: Table, row: RowVersion): Awaitable<boolean>;

  /**
   * Whether a write to one table may change rows of another, or more than the row that it names: by triggers, cascades, rules,
   * views. `true` makes the engine read the rows again that it holds there; with `undefined` it asks again after the write. Left
   * out when writes have no such effects.
   */
  mayChange?(written: Table, held: Table): boolean | undefined;

  /**
   * Reads rows again that this transaction holds. Needed with {@link AdapterTransaction.mayChange}.
   *
   * @returns those that are no longer the version that is given, and the ids of those that are gone
   */
  reread?(table: Table, rows: readonly RowVersion[]): Awaitable<RereadRows>;

  /**
   * Begins a part of the transaction that can be undone alone. Parts are ended in the opposite order of their beginning. Left
   * out, with the other two, by an adapter without savepoints.
   */
  savepoint?(): Awaitable<void>;

  /** Ends the part that was begun last, and keeps what it did. */
  releaseSavepoint?(): Awaitable<void>;

  /** Ends the part that was begun last, undoes it and gives back its locks; also after a statement in it has failed. */
  rollbackToSavepoint?(): Awaitable<void>;

  /**
   * Makes it durable and releases the locks.
   *
   * @param topics - signals to publish if, and only if, the commit succeeds and every row of `last` was written; none unless
   *   the adapter declares `with-commit`
   * @param last - writes that travel together with the commit; it fails when one of them fails
   * @returns what became of `last`, as `update` returns it
   * @throws ConnectionLostError with `outcome: 'unknown'` when it cannot be known
   */
  commit(
    topics: readonly string[],
    last: readonly RowChange[],
  ): Awaitable<readonly (StoredRow | undefined)[]>;

  /** Undoes everything and releases the locks, whatever state the connection is in, also after a commit that failed; never throws. */
  rollback(): Awaitable<void>;
}

/** A value or a promise of it: an adapter without I/O need not wait. */
export type Awaitable<T> = T | Promise<T>;

/** Where the entities of a model are kept. */
export interface Table {
  readonly name: string;
  readonly model: ModelDescription;
  /** The column of the id; `id` without this. */
  readonly idColumn?: string;
  /** The columns that are named by hand, by field. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** A row at one moment: every write makes it another version. */
export interface RowVersion {
  readonly id: string;
  /** Tells the versions of a row apart, for the adapter alone; an adapter whose rows only change by its own updates needs none. */
  readonly version?: string | number;
}

/** An entity as a store keeps it. */
export interface StoredRow extends RowVersion {
  readonly fields: FieldValues;
}

/** What `reread` finds out. */
export interface RereadRows {
  /** The rows that are no longer the version that was given, as they are now. */
  readonly changed: readonly StoredRow[];
  /** The ids of those that are no longer there. */
  readonly gone: readonly string[];
}

/** A write to a row that is locked. */
export interface RowChange {
  readonly table: Table;
  readonly row: RowVersion;
  readonly changes: FieldValues;
}

/** An entity to be stored. */
export interface NewRow extends StoredRow {
  /** Whether nobody chose the id, a UUIDv7: a database that gives ids of its own may give another one. */
  readonly isIdOpen?: boolean;
}

/** How long to wait for a lock. */
export interface LockWait {
  /** `block`: until it is free. `fail`: LockTimeoutError when it is held. `skip`: leave the row out when it is held. */
  readonly mode: 'block' | 'fail' | 'skip';
  /** The longest wait in milliseconds, then LockTimeoutError; without it there is no limit. */
  readonly timeoutMs: number | undefined;
  /** `update` keeps everybody else out; `no key update` lets others insert rows that refer to this one. */
  readonly strength: LockStrength;
  /** Ends the wait, as {@link AdapterTransaction.find} says. */
  readonly signal?: AbortSignal | undefined;
}

export type LockStrength = 'update' | 'no key update';

export interface BeginOptions {
  /** When the transaction has to be over, in milliseconds of `performance.now()`: bounds the wait for a connection. */
  readonly deadline: number | undefined;
  /** What it promises about other transactions; at least this one. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /** Whether it will not write; the engine refuses writes by itself. */
  readonly readOnly?: boolean;
  /** Settings of the database for this transaction alone. */
  readonly settings?: Readonly<Record<string, string>>;
}
