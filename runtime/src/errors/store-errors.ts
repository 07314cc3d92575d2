import { JustScaleError } from './justscale-error.js';

/** The connection was lost while a transaction or a statement ran. */
export class ConnectionLostError extends JustScaleError {
  readonly code: string = 'CONNECTION_LOST';
  /** `rolled back`: nothing was written. `unknown`: it was lost during COMMIT, so read before you repeat. */
  readonly outcome: 'rolled back' | 'unknown';

  constructor(outcome: 'rolled back' | 'unknown', options?: ErrorOptions & { message?: string }) {
    super(
      options?.message ??
        (outcome === 'unknown'
          ? 'The connection was lost during COMMIT: the outcome is unknown. Read the entity before repeating the work.'
          : 'The connection was lost before COMMIT: everything was rolled back. It is safe to try again.'),
      options,
    );
    this.outcome = outcome;
  }
}

/** No connection could be opened; nothing was written. */
export class ConnectionFailedError extends ConnectionLostError {
  override readonly code = 'CONNECTION_FAILED';
  /** The server, as `host:port/database`; never with a password. */
  readonly server: string;

  constructor(server: string, reason: string, options?: ErrorOptions) {
    super('rolled back', { ...options, message: `No connection to ${server}: ${reason}` });
    this.server = server;
  }
}

/** A read outside transactions took too long and was cancelled on the server; its connection is as good as before. */
export class ReadTimeoutError extends JustScaleError {
  readonly code = 'READ_TIMEOUT';
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(
      `The read took longer than ${timeoutMs} ms (replyTimeoutMs) and was cancelled on the server. ` +
        'Make it faster, with an index or a limit, or raise replyTimeoutMs.',
    );
    this.timeoutMs = timeoutMs;
  }
}

/** Every connection of the pool was busy for too long. */
export class PoolTimeoutError extends JustScaleError {
  readonly code = 'POOL_TIMEOUT';
  readonly maxConnections: number;
  readonly waitedMs: number;

  constructor(maxConnections: number, waitedMs: number) {
    super(
      `All ${maxConnections} connections were busy for ${waitedMs} ms; nothing was written. ` +
        'Shorten the transactions, or raise maxConnections or acquireTimeoutMs.',
    );
    this.maxConnections = maxConnections;
    this.waitedMs = waitedMs;
  }
}

/** The transaction ran longer than its `timeoutMs` and was rolled back. */
export class TransactionTimeoutError extends JustScaleError {
  readonly code = 'TRANSACTION_TIMEOUT';
  readonly timeoutMs: number;

  constructor(timeoutMs: number, options?: ErrorOptions) {
    super(
      `The transaction ran longer than ${timeoutMs} ms and was rolled back. Shorten it, or raise timeoutMs.`,
      options,
    );
    this.timeoutMs = timeoutMs;
  }
}

/**
 * Something inside the transaction failed earlier, was caught, and left nothing to commit; or this work goes on although its
 * transaction was rolled back. Everything was rolled back, and this work did nothing.
 */
export class TransactionRolledBackError extends JustScaleError {
  readonly code = 'TRANSACTION_ROLLED_BACK';

  constructor(options?: ErrorOptions & { message?: string }) {
    super(
      options?.message ??
        'The transaction was rolled back because work inside it failed (see cause). ' +
          'An error inside a transaction cannot be caught and carried past it: let it end the transaction.',
      options,
    );
  }
}

/** What only a transaction can do was called where none runs. */
export class OutsideTransactionError extends JustScaleError {
  readonly code = 'OUTSIDE_TRANSACTION';
  /** What was called, such as `savepoint()`. */
  readonly call: string;

  constructor(call: string) {
    super(
      `${call} belongs into a transaction, and none runs here; nothing was done. ${LOST_CONTEXT}`,
    );
    this.call = call;
  }
}

/** How code may have come out of its transaction without noticing. */
export const LOST_CONTEXT: string =
  'Call it inside store.transaction(async () => { … }). If it is called there, its async context was lost on the way, as in ' +
  "a queue's worker or an emitter that was made before: let the transaction be transaction(async (tx) => { … }), and call it " +
  'in tx.run(() => …).';

/** A transaction that may only read was asked to lock or to write. */
export class ReadOnlyTransactionError extends JustScaleError {
  readonly code = 'READ_ONLY_TRANSACTION';
  /** The model, or the name given to `lockName`. */
  readonly subject: string;

  constructor(subject: string) {
    super(
      `${subject}: this transaction is read only; nothing was locked or written. Leave out readOnly where something is written.`,
    );
    this.subject = subject;
  }
}

/** Something outside a savepoint was called while it was open: what the savepoint takes back would take it along. */
export class SavepointOpenError extends JustScaleError {
  readonly code = 'SAVEPOINT_OPEN';

  constructor() {
    super(
      'A savepoint of this transaction is open, and this call is outside of it; nothing was done. Await savepoint() before it.',
    );
  }
}

/** Postgres could not serialise this transaction with another one; it was rolled back. */
export class SerializationError extends JustScaleError {
  readonly code = 'SERIALIZATION';

  constructor(options?: ErrorOptions) {
    super(
      'The transaction could not be serialised and was rolled back. Let transaction(…, { retries }) run it again.',
      options,
    );
  }
}

/** The store was closed, before this was called or while it ran; nothing was written. */
export class StoreClosedError extends JustScaleError {
  readonly code = 'STORE_CLOSED';

  constructor(
    message = 'The store is closed. Close it only after the last transaction, subscription and read.',
  ) {
    super(message);
  }
}

/** What of a database an error is about, as far as the database says so. */
export interface DatabaseSubject {
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly constraint?: string | undefined;
  readonly detail?: string | undefined;
}

/** The database refused a statement: a constraint, a missing table or column, a value of the wrong type. */
export class DatabaseError extends JustScaleError {
  readonly code: string = 'DATABASE';
  readonly model: string;
  /** The SQLSTATE (PostgreSQL, Appendix A), where there is one. */
  readonly sqlState: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  /** The violated constraint, such as `account_owner_fkey`. */
  readonly constraint: string | undefined;
  /** What the server adds; it may hold values of the row. */
  readonly detail: string | undefined;

  constructor(
    model: string,
    message: string,
    sqlState?: string,
    options: ErrorOptions & DatabaseSubject = {},
  ) {
    super(message, options);
    this.model = model;
    this.sqlState = sqlState;
    this.table = options.table;
    this.column = options.column;
    this.constraint = options.constraint;
    this.detail = options.detail;
  }
}

/** What is referred to does not exist, or what is deleted is still referred to; nothing was written. */
export class ForeignKeyError extends DatabaseError {
  override readonly code = 'FOREIGN_KEY';
}

/** A CHECK constraint forbids the values; nothing was written. */
export class CheckError extends DatabaseError {
  override readonly code = 'CHECK';
}

/** An option, a name or a query that the store cannot use. */
export class InvalidOptionError extends JustScaleError {
  readonly code = 'INVALID_OPTION';
  readonly option: string;
  /** What is wrong with it. */
  readonly reason: string;

  constructor(option: string, reason: string) {
    super(`${option}: ${reason}${reason.endsWith('?') ? '' : '.'}`);
    this.option = option;
    this.reason = reason;
  }
}
