import type { Operator } from './query.js';

/** What an adapter can do where databases differ. The conformance suite runs what it declares. */
export interface AdapterCapabilities {
  /** What a lock keeps others from locking and writing: its `row`, or everything in the `store`. */
  readonly locks: 'row' | 'store';
  /** When its own transport sends the signals of a transaction: after the COMMIT, or with it, so that none can be lost between. */
  readonly signals: 'after-commit' | 'with-commit';
  /** How `where` can compare; every other operator is refused by name. */
  readonly conditions: readonly Operator[];
  /** Whether a part of a transaction can be undone alone; false without this. */
  readonly savepoints?: boolean;
  /** Whether it fills in the generated fields that a new entity leaves out; false without this. */
  readonly generated?: boolean;
  /**
   * Whether changes of several callers are to share a transaction, because a COMMIT costs more than a change; false without
   * this. Its `commit` takes several writes then, and signals are sent after it.
   */
  readonly groupCommit?: boolean;
}

/** All that `where` has. */
export const ALL_OPERATORS: readonly Operator[] = [
  'eq',
  'not',
  'oneOf',
  'noneOf',
  'gt',
  'gte',
  'lt',
  'lte',
];
