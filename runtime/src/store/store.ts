import type { ModelConstructor } from '../model/states.js';
import type { LockStrength, ReadOptions, Repository } from './repository.js';
import type { SignalGroup } from '../signals/define-signals.js';
import type { StoreStats } from './store-stats.js';
import type { TransactionWork } from './transaction-result.js';

export type IsolationLevel = 'read committed' | 'repeatable read' | 'serializable';

export interface RepositoryOptions {
  /** The table of the model's entities, also with its schema (`auth.users`), or a view; the model's name without this. */
  readonly table?: string;
  /** The column of its key; `id` without this. */
  readonly id?: string;
  /** The columns of fields that have neither the field's name nor that name in snake_case: `{ createdAt: 'created_on' }`. */
  readonly columns?: Readonly<Record<string, string>>;
  /** How its locks are taken where a call does not say; `update` without this. See {@link LockOptions.strength}. */
  readonly strength?: LockStrength;
}

export interface TransactionOptions {
  /** How often to run it again after a deadlock or a serialization failure; 0 without this. */
  readonly retries?: number;
  /** The longest time for everything, in milliseconds: waiting for a connection, for locks, and the work itself, retries included. */
  readonly timeoutMs?: number;
  /** Ends it when it is aborted before its COMMIT is sent: it is rolled back, and throws the reason of the signal. */
  readonly signal?: AbortSignal;
  /**
   * What the database promises about other transactions; `read committed` without this, which is enough for what is written
   * under a lock. With the others run it again after a {@link SerializationError} (`retries`). The memory store has
   * `read committed` only, and refuses the others.
   */
  readonly isolation?: IsolationLevel;
  /** Whether locks and writes are refused, with a {@link ReadOnlyTransactionError}; false without this. */
  readonly readOnly?: boolean;
  /**
   * Settings of the database for this transaction alone, such as `{ 'app.tenant': 'acme' }` for row-level security, or `role`.
   * They cost no round trip. The memory store has no use for them.
   */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

export interface LockNameOptions {
  /** The longest wait in milliseconds, then LockTimeoutError. */
  readonly timeoutMs?: number;
  /** Ends the wait when it is aborted, see {@link LockOptions.signal}. */
  readonly signal?: AbortSignal;
}

export interface CloseOptions {
  /**
   * How long to wait for the work that runs, in milliseconds; for ever without this. Then it is rolled back, and who called it is
   * told with a {@link StoreClosedError}; what was on its way to be committed may be committed nevertheless, and is told of it.
   * With a server that does not answer that takes three seconds more.
   */
  readonly timeoutMs?: number;
}

export interface StoreEvents {
  /** Something went wrong that no caller waits for: a subscriber threw, a notification was garbage. Without a listener it is a process warning. */
  error: [error: Error];
  /** The signal bus lost its connection and is back: whoever caches must read again. */
  gap: [];
  /** Locks are held for longer than `slowLockMs`, and still are; once for each transaction. */
  slowLock: [event: SlowLock];
}

/** Locks that are held for long. */
export interface SlowLock {
  /** How long, in milliseconds. */
  readonly durationMs: number;
  /** The entities, as `model id`. */
  readonly locks: readonly string[];
  /** The names of advisory locks. */
  readonly names: readonly string[];
}

/** A database, as the domain sees it; the same on memory and on Postgres. */
export interface Store {
  /** The entities of a model. The same arguments return the same repository. */
  repository<C extends ModelConstructor>(
    model: C,
    options?: RepositoryOptions,
  ): Repository<InstanceType<C>>;

  /** The signals of a group, bound to this store. The same group returns the same object. */
  signals<C extends abstract new () => SignalGroup>(group: C): InstanceType<C>;

  /**
   * Runs `work` in a transaction: repositories used inside find it by themselves (async context), locks live until
   * it ends, a throw rolls everything back. A nested call joins the outer transaction. What is left of its work when it has
   * been rolled back is refused, whatever it calls.
   *
   * @returns what `work` returns; a result that contains a `Locked` is a compile error
   * @throws what `work` throws
   * @throws {@link ConnectionLostError} with its outcome, {@link DeadlockError}, {@link TransactionTimeoutError},
   *   {@link TransactionRolledBackError}
   */
  transaction<R>(work: TransactionWork<R>, options?: TransactionOptions): Promise<R>;

  /**
   * Reads with SQL of one's own: joins, aggregates, whatever the database can. One query, without a `;` between: in the running
   * transaction, where it sees what that has written, or outside of one. The server refuses everything that writes, locks, ends
   * the transaction or stays behind. What is wrong with the statement leaves the transaction as it was.
   *
   * `store.read<{ total: number }>('select sum(balance)::int as total from account where owner = $1', [owner])`
   *
   * @param parameters - for `$1` and so on: text, numbers, bigints, booleans, dates, bytes, `null`, lists of them (arrays) and
   *   plain objects (JSON). The server takes their types from where they stand; `$1::uuid` says one
   * @returns a row as an object; `int8` and `numeric` are text, times are `Date`s, JSON is parsed. What `Row` says is not checked
   * @throws {@link DatabaseError} for a statement that is wrong, or does not only read
   * @throws {@link InvalidOptionError} on a store without SQL, and for what is no statement or no value
   */
  read<Row extends object = Readonly<Record<string, unknown>>>(
    text: string,
    parameters?: readonly unknown[],
    options?: ReadOptions,
  ): Promise<Row[]>;

  /**
   * Runs `work` in the running transaction so that it can fail by itself: a throw takes back what it wrote, locked, emitted
   * and put off until the commit, and the transaction goes on. Others of the same transaction wait; whatever else is called
   * meanwhile outside of it is refused.
   *
   * @returns what `work` returns
   * @throws what `work` throws; {@link OutsideTransactionError} when no transaction runs here
   */
  savepoint<R>(work: () => R | PromiseLike<R>): Promise<R>;

  /**
   * Calls `work` after the commit of the running transaction, and never after a rollback; several in their order. The call of
   * `transaction` waits for it. What it throws is reported as an error of the store: the transaction is committed by then.
   *
   * @throws {@link OutsideTransactionError} when no transaction runs here
   */
  afterCommit(work: () => unknown): void;

  /**
   * Takes an advisory lock on a name, held until the running transaction ends.
   *
   * @throws {@link LockOutsideTransactionError}, {@link LockTimeoutError}, {@link DeadlockError}
   */
  lockName(name: string, options?: LockNameOptions): Promise<void>;

  /**
   * Compares the models of all repositories that were asked for with their tables: whether there are tables and columns, a
   * unique id of a type that can be one, columns whose values the schemas take, and the right to read them. Call it when
   * the program starts, after the migrations.
   *
   * @throws {@link ModelMismatchError} with all that does not fit
   */
  verify(): Promise<void>;

  /** What runs on it at this moment, and how much did since it was opened. */
  stats(): StoreStats;

  /**
   * Calls `listener` for every event.
   *
   * @returns a function that stops it
   */
  on<E extends keyof StoreEvents>(
    event: E,
    listener: (...args: StoreEvents[E]) => void,
  ): () => void;

  /**
   * Waits for the running transactions, then lets go of everything that keeps the process alive. Idempotent; also with another
   * limit, of which the shortest counts. What is called afterwards throws a {@link StoreClosedError}.
   */
  close(options?: CloseOptions): Promise<void>;
}
