import type { FieldValues } from '../model/field-values.js';
import type { StoredIdentity } from '../model/stored-identity.js';

/** What the runtime knows of one lock; a `Locked` is the only handle that leads to it. */
export interface LockRecord extends StoredIdentity {
  readonly kind: 'locked';
  /** The transaction and the repository that took it, by identity. */
  readonly transaction: object;
  readonly repository: object;
  /** The row as this transaction last read or wrote it. */
  fields: FieldValues;
  state: 'held' | 'released' | 'deleted';
}
