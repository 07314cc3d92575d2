import { JustScaleError } from './justscale-error.js';
import { LOST_CONTEXT } from './store-errors.js';

/** The argument of a write is not the very object that `lock()` handed out: a copy, a proxy, a snapshot, a plain object. */
export class LockNotHeldError extends JustScaleError {
  readonly code = 'LOCK_NOT_HELD';
  readonly model: string;

  constructor(model: string, what: string) {
    super(
      `${what} is not the object that lock() of ${model} returned; nothing was written. ` +
        `Lock the entity inside the transaction and pass the result itself, not a copy of it.`,
    );
    this.model = model;
  }
}

/** The lock is gone: its transaction ended, was retried, or deleted the entity. */
export class LockReleasedError extends JustScaleError {
  readonly code = 'LOCK_RELEASED';
  readonly model: string | undefined;
  readonly id: string | undefined;

  constructor(
    model: string | undefined,
    id: string | undefined,
    reason: string,
    options?: ErrorOptions,
  ) {
    const subject =
      model === undefined
        ? 'The transaction'
        : `The lock on ${model}${id === undefined ? '' : ` ${id}`}`;
    super(
      `${subject} ${reason}. Await all work inside the transaction, and lock the entity again in a new one.`,
      options,
    );
    this.model = model;
    this.id = id;
  }
}

/**
 * The row is no longer as its lock showed it: a trigger, a cascade, a rule or another name of its table changed it in this very
 * transaction. Nothing was written, the lock shows the row again as it is, and the transaction can go on.
 */
export class LockStaleError extends JustScaleError {
  readonly code = 'LOCK_STALE';
  readonly model: string;
  readonly id: string;

  constructor(model: string, id: string) {
    super(
      `${model} ${id} was changed in this transaction by something else than its lock: a trigger, a cascade, a rule, or another ` +
        'name of its table; nothing was written. The lock shows the row as it is now: compute the change from it again.',
    );
    this.model = model;
    this.id = id;
  }
}

/** The lock belongs to another transaction, repository or store. */
export class LockForeignError extends JustScaleError {
  readonly code = 'LOCK_FOREIGN';
  readonly model: string;
  readonly id: string;

  constructor(model: string, id: string, owner: 'transaction' | 'repository') {
    super(
      `The lock on ${model} ${id} belongs to another ${owner}; nothing was written. ` +
        (owner === 'transaction'
          ? 'Pass Model.ref(entity) on and lock it again inside the transaction that writes.'
          : 'Write through the repository whose lock() returned it.'),
    );
    this.model = model;
    this.id = id;
  }
}

/** `lock` was called where no transaction runs. */
export class LockOutsideTransactionError extends JustScaleError {
  readonly code = 'LOCK_OUTSIDE_TRANSACTION';
  /** The model, or the name given to `lockName`. */
  readonly subject: string;

  constructor(subject: string) {
    super(
      `${subject}: a lock lives as long as its transaction, and none runs here. Use mutate(), or a transaction. ${LOST_CONTEXT}`,
    );
    this.subject = subject;
  }
}

/** The lock was not free in time, or not free at all with `wait: 'fail'`. */
export class LockTimeoutError extends JustScaleError {
  readonly code = 'LOCK_TIMEOUT';
  /** The model, or the name given to `lockName`. */
  readonly subject: string;
  readonly ids: readonly string[];

  constructor(subject: string, ids: readonly string[], options?: ErrorOptions) {
    super(
      `${subject}${ids.length === 0 ? '' : ` ${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ', …' : ''}`} is locked by another transaction ` +
        'and did not become free in time; nothing was written. Try again, or wait longer (timeoutMs).',
      options,
    );
    this.subject = subject;
    this.ids = ids;
  }
}

/** Two transactions waited for each other; this one was rolled back. */
export class DeadlockError extends JustScaleError {
  readonly code = 'DEADLOCK';
  /** The model, or the name given to `lockName`, that was waited for. */
  readonly subject: string;

  constructor(subject: string, options?: ErrorOptions) {
    super(
      `Deadlock while locking ${subject}: this transaction was rolled back. ` +
        'Lock entities in one order (lockMany does), or let transaction(…, { retries }) run it again.',
      options,
    );
    this.subject = subject;
  }
}

/** Something tried to write into a `Locked`, which is a view. */
export class ReadonlyEntityError extends JustScaleError {
  readonly code = 'READONLY_ENTITY';
  readonly model: string;
  readonly field: string;

  constructor(model: string, field: string) {
    super(
      `${model}.${field} is readonly, nothing was written. Write it with repository.update(entity, { ${field}: … }).`,
    );
    this.model = model;
    this.field = field;
  }
}
