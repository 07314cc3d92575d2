import type ts from 'typescript';

export type EscapeKind =
  | 'returned'
  | 'variable'
  | 'field'
  | 'property'
  | 'container'
  | 'timer'
  | 'listener'
  | 'left'
  | 'context'
  | 'deleted'
  | 'resolved'
  | 'yielded'
  | 'thrown'
  | 'helper';

/** A way by which a lock gets to where its transaction is over. */
export interface Escape {
  readonly kind: EscapeKind;
  /** The lock, or the name by which a closure captures it. */
  readonly lock: ts.Node;
  /** Where it is put, or what it is handed to. */
  readonly target: ts.Node;
}
