import type { StoredRow, Table } from '../adapter/adapter.js';
import type { StoredIdentity } from '../model/stored-identity.js';

/** A row that a transaction has locked: one, however many `Locked` there are of it. */
export interface LockedRow {
  readonly table: Table;
  /** The transaction that holds the lock, by identity. */
  readonly transaction: object;
  /** The row as this transaction last read or wrote it. */
  stored: StoredRow;
  /** The statement that `stored` comes from, as a number that grows. */
  asOf: number;
  /** How often something else than an update through this lock has changed it: what was computed before is out of date. */
  surprises: number;
  /** Copies of bytes that were handed out, by field: nothing keeps them from being changed, so it is looked for later. */
  bytes: Map<string, Uint8Array> | undefined;
  state: 'held' | 'released' | 'deleted';
  /** Settles when the update that is under way is over: the next one is checked against its result. */
  turn: Promise<unknown> | undefined;
}

/** What the runtime knows of one `Locked`, which is the only handle that leads to it. */
export interface LockRecord extends StoredIdentity {
  readonly kind: 'locked';
  /** The repository that took the lock, by identity. */
  readonly repository: object;
  readonly row: LockedRow;
}
