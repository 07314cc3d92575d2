import type { TSESTree } from '@typescript-eslint/utils';

/** One write that runs after initialisation. */
export interface StateWrite {
  /** What a reader looks for: the assignment, the call, the `delete`. */
  readonly node: TSESTree.Node;
  /** The function that runs later, or the class whose instances do. */
  readonly deferring: TSESTree.Node;
  /** `replace` gives a binding or property a new value, `change` alters what it holds. */
  readonly how: 'replace' | 'change';
  /** What a `replace` assigns; `null` where the syntax does not show it (`++`, destructuring). */
  readonly value: TSESTree.Expression | null;
  /** Names of the properties between the binding and the write. */
  readonly path: readonly (string | null)[];
}
