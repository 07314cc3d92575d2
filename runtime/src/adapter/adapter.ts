import type { FieldValues } from '../model/field-values.js';
import type { ModelDescription } from '../model/model-description.js';
import type { Query } from './query.js';

/**
 * What a database has to offer so that `createStore` can build a store on it. An adapter moves rows; it never
 * sees a `Locked`, so it cannot forge or lose one. Implement {@link Adapter}, run the conformance suite of
 * `@justscale/runtime/testing` over it, done.
 */
export interface Adapter {
  /** For messages, such as `postgres`. */
  readonly name: string;

  /**
   * Tells whom to report what goes wrong in the background, where no caller waits for it; called once, before everything
   * else. An adapter that does nothing in the background needs none.
   */
  onError?(report: (error: Error) => void): void;

  /**
   * Prepares a transaction. Takes no connection: the first statement does.
   *
   * @param options - what holds for the whole transaction
   */
  begin(options: BeginOptions): AdapterTransaction;

  /** Reads committed rows outside any transaction. */
  find(table: Table, query: Query): Awaitable<StoredRow[]>;

  /**
   * Sends a signal that is not part of a transaction, behind those before it; resolves when it is on its way. Signals that
   * leave together may get the same promise.
   *
   * @param topic - the signal's path, at most {@link Adapter.maxTopicBytes} bytes
   */
  publish(topic: string): Promise<void>;

  /** The longest topic that `publish` takes, in bytes of UTF-8. */
  readonly maxTopicBytes: number;

  /**
   * Starts to deliver every topic that any process publishes, this one included; called at most once.
   * Resolves when from now on none is missed, and rejects only when the store closes before that.
   */
  listen(listener: TopicListener): Promise<void>;

  /** Releases everything that keeps the process alive. Called once, after the last transaction ended. */
  close(): Promise<void>;
}

/** One transaction on one connection. After `commit` or `rollback` was called, every other call is refused. */
export interface AdapterTransaction {
  /** Reads rows as this transaction sees them, its own writes included. */
  find(table: Table, query: Query): Awaitable<StoredRow[]>;

  /**
   * Locks the rows of these ids in ascending order of the ids and returns those that exist, in any order, in
   * one statement that is atomic with the read.
   *
   * @throws LockTimeoutError, DeadlockError
   */
  lock(table: Table, ids: readonly string[], wait: LockWait): Awaitable<StoredRow[]>;

  /** Takes an advisory lock on a name, held to the end of the transaction. */
  lockName(name: string, wait: LockWait): Awaitable<void>;

  /** Inserts a row; returns it as stored. @throws DuplicateEntityError */
  insert(table: Table, row: StoredRow): Awaitable<StoredRow>;

  /**
   * Changes some fields of a row whose lock this transaction holds; returns it as stored.
   * Must not write when this transaction is no longer the one that took the lock.
   */
  update(table: Table, id: string, changes: FieldValues): Awaitable<StoredRow>;

  /** Deletes a row whose lock this transaction holds, under the same condition as `update`. */
  delete(table: Table, id: string): Awaitable<void>;

  /**
   * Makes it durable and releases the locks. May be called right after a write without awaiting it, so that both travel
   * together; it must fail when that write failed.
   *
   * @param topics - signals to publish if, and only if, the commit succeeds
   * @throws ConnectionLostError with `outcome: 'unknown'` when it cannot be known
   */
  commit(topics: readonly string[]): Awaitable<void>;

  /** Undoes everything and releases the locks, whatever state the connection is in, also after a commit that failed; never throws. */
  rollback(): Awaitable<void>;
}

/** A value or a promise of it: an adapter without I/O need not wait. */
export type Awaitable<T> = T | Promise<T>;

/** Where the entities of a model are kept. */
export interface Table {
  readonly name: string;
  readonly model: ModelDescription;
}

/** An entity as a store keeps it. */
export interface StoredRow {
  readonly id: string;
  readonly fields: FieldValues;
}

/** How long to wait for a lock. */
export interface LockWait {
  /** `block`: until it is free. `fail`: LockTimeoutError when it is held. `skip`: leave the row out when it is held. */
  readonly mode: 'block' | 'fail' | 'skip';
  /** The longest wait in milliseconds, then LockTimeoutError; without it there is no limit. */
  readonly timeoutMs: number | undefined;
}

export interface BeginOptions {
  /** When the transaction has to be over, in milliseconds of `performance.now()`: bounds the wait for a connection. */
  readonly deadline: number | undefined;
}

/** What `listen` reports. */
export interface TopicListener {
  /** A topic arrived. */
  topic(topic: string): void;
  /** Topics may have been missed: the connection was lost and is back. */
  gap(): void;
}
