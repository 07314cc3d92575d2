import type {
  AnyModel,
  Fields,
  Locked,
  Persistent,
  Ref,
  Refable,
  Transient,
  UpdateData,
} from '../model/states.js';

import type { Condition } from './conditions.js';

/**
 * What the entities must be, field by field: a value, or a condition such as `gt(5)` and `oneOf(['open', 'new'])`. A field that
 * is absent equals `null` and `undefined`. What is no field of the model is refused, with a `ValidationError` here and an
 * `InvalidOptionError` in `orderBy`, if the schema tells its fields (Standard JSON Schema, as zod does).
 */
export type Where<T extends AnyModel, C = T['~entity']['conditions']> = {
  readonly [K in keyof C]?: C[K];
} & {
  readonly id?: string | Condition<string>;
};

/**
 * The order of a query: a field, ascending; or fields with their directions, the first one first. Absent values are last in
 * both directions. Text has the order of its column, in Postgres its collation (code points with `collate "C"`), and of code
 * points in memory; so it is greater and less in `where`. A number or a time that the model keeps as text has the order of
 * its column in Postgres, and of text in memory.
 */
export type OrderBy<T> =
  | (keyof Fields<T> & string)
  | 'id'
  | { readonly [K in (keyof Fields<T> & string) | 'id']?: 'asc' | 'desc' };

export interface ReadOptions {
  /**
   * Ends the read when it is aborted, with the reason of the signal; on Postgres it is cancelled on the server. Inside a
   * transaction that can only be rolled back then, or the savepoint around the read.
   */
  readonly signal?: AbortSignal;
}

export interface FindOptions<T> extends ReadOptions {
  /** By id when it is not given. Entities that are equal in all its fields are ordered by id. */
  readonly orderBy?: OrderBy<T>;
  /** The most entities to return: a whole number, at least 0. */
  readonly limit?: number;
  /** Only entities that come after this one in the order: the last one of the previous page. */
  readonly after?: Refable<T>;
}

/**
 * How much a lock keeps others out. `update`: from every write to the entity, and from inserting rows that refer to it by a
 * foreign key. `no key update`: from every write, but not from inserting such rows. Take it where a transaction inserts the
 * row that refers first and locks the other one then: with `update` two of them wait for each other.
 */
export type LockStrength = 'update' | 'no key update';

export interface LockManyOptions {
  /** Ends the wait, see {@link LockOptions.signal}. */
  readonly signal?: AbortSignal;
  /** See {@link LockStrength}; what the repository says without this. */
  readonly strength?: LockStrength;
}

export interface MutateOptions {
  /** Ends the wait for the entity when it is aborted, with the reason of the signal: nothing is written then. */
  readonly signal?: AbortSignal;
  /** The longest wait for the entity in milliseconds, then LockTimeoutError. */
  readonly timeoutMs?: number;
  /** See {@link LockStrength}; what the repository says without this. */
  readonly strength?: LockStrength;
  /** Whether it may share a transaction with other calls; what `combineMutations` of the store says without this. */
  readonly combine?: boolean;
}

export interface LockOptions {
  /** When it is held: `block` (the default) waits, `fail` throws LockTimeoutError, `skip` returns null. */
  readonly wait?: 'block' | 'fail' | 'skip';
  /** The longest wait in milliseconds, then LockTimeoutError. */
  readonly timeoutMs?: number;
  /** See {@link LockStrength}; what the repository says without this. */
  readonly strength?: LockStrength;
  /** Ends the wait when it is aborted, with the reason of the signal. The transaction can only be rolled back then, or the savepoint around it. */
  readonly signal?: AbortSignal;
}

export interface LockWhereOptions<T> extends LockOptions {
  /** By id when it is not given, so that two calls never deadlock. */
  readonly orderBy?: OrderBy<T>;
  /** The most entities to lock: a whole number, at least 0. Those that are skipped do not count. */
  readonly limit?: number;
}

/**
 * The entities of one model in one store. Reads return frozen snapshots; every write demands a `Locked`, and only
 * {@link Repository.lock}, {@link Repository.lockMany} and {@link Repository.mutate} make one.
 *
 * Every method throws `StoreClosedError` after the store was closed, and `ConnectionLostError` when the database is gone.
 */
export abstract class Repository<T extends AnyModel> {
  /** Reads an entity without a lock; `null` when it does not exist. */
  abstract get(ref: Ref<T>, options?: ReadOptions): Promise<Persistent<T> | null>;

  /** Reads the first entity, by id, whose fields have these values; `null` when there is none. */
  abstract findOne(where: Where<T>, options?: ReadOptions): Promise<Persistent<T> | null>;

  /** Reads the entities whose fields have these values; all of them without `where`. */
  abstract find(where?: Where<T>, options?: FindOptions<T>): Promise<Persistent<T>[]>;

  /**
   * Locks an entity and reads it, in one statement: nobody else changes it until this transaction ends. Locking it
   * again in the same transaction reads it again, and returns the same object.
   *
   * @returns `null` when it does not exist, and when it is held with `wait: 'skip'`
   * @throws {@link LockOutsideTransactionError} when no transaction runs here
   * @throws {@link LockTimeoutError} when it is held with `wait: 'fail'`, or not free after `timeoutMs`
   * @throws {@link DeadlockError} when waiting would never end
   */
  abstract lock(ref: Ref<T>, options?: LockOptions): Promise<Locked<T> | null>;

  /**
   * Locks several entities in one statement and in one order for all processes, so that two calls never deadlock.
   *
   * @returns in the order of `refs`; a ref given twice is the same object twice
   * @throws {@link EntityNotFoundError} when one of them does not exist
   */
  abstract lockMany(refs: readonly Ref<T>[], options?: LockManyOptions): Promise<Locked<T>[]>;

  /**
   * Finds entities and locks them, in one statement. `where` is true of each as it is under its lock: one that was waited for and
   * has changed meanwhile is left out. Those that this transaction holds are among them, as the same objects. With
   * `{ wait: 'skip', limit: 1 }` it takes the next of a queue that no other process works on.
   *
   * @returns in the order in which they were found
   * @throws what {@link Repository.lock} throws, and what {@link Repository.find} does
   */
  abstract lockWhere(where: Where<T>, options?: LockWhereOptions<T>): Promise<Locked<T>[]>;

  /**
   * Writes some fields of a locked entity. Afterwards `entity` shows the new values.
   *
   * @throws {@link LockNotHeldError} when `entity` is not the very object that `lock` returned
   * @throws {@link LockReleasedError} when its transaction is over, or the entity was deleted
   * @throws {@link LockStaleError} when something else in this transaction, such as a trigger, has changed the row meanwhile;
   *   `entity` shows it again as it is then
   * @throws {@link LockForeignError} when it belongs to another transaction or repository
   * @throws {@link ValidationError} when the result would not pass the model's schema; nothing is written
   * @throws {@link DuplicateEntityError} when a unique constraint forbids it
   */
  abstract update(entity: Locked<T>, patch: UpdateData<T>): Promise<Persistent<T>>;

  /**
   * Stores a new entity, in the running transaction or in one of its own. For a `Locked` it confirms what is stored
   * and returns a snapshot of it.
   *
   * @throws {@link ValidationError} when it does not pass the model's schema; nothing is written
   * @throws {@link DuplicateEntityError} when its id, or something that has to be unique, is taken
   */
  abstract save(entity: Transient<T> | Locked<T>): Promise<Persistent<T>>;

  /**
   * Stores new entities in one statement, in the running transaction or in one of its own: all of them or none.
   *
   * @returns in the order of `entities`
   * @throws what {@link Repository.save} throws
   */
  abstract saveMany(entities: readonly Transient<T>[]): Promise<Persistent<T>[]>;

  /** Deletes a locked entity; throws as {@link Repository.update} does. Afterwards its lock cannot write any more. */
  abstract delete(entity: Locked<T>): Promise<void>;

  /**
   * Locks an entity, computes a patch from it, writes it and commits, in as few round trips as can be. Joins the running
   * transaction if there is one.
   *
   * @param change - computes the patch from the locked entity; synchronous, and without effects of its own, as it may run again
   * @returns `null`, without calling `change`, when the entity does not exist
   * @throws what `change` throws, and what `lock` and `update` throw
   */
  abstract mutate(
    ref: Ref<T>,
    change: (entity: Locked<T>) => UpdateData<T>,
    options?: MutateOptions,
  ): Promise<Persistent<T> | null>;
}
