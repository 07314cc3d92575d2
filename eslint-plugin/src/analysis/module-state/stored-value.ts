import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { StateWrite } from './state-write.js';

/** What a write puts into a state: the right side of an assignment, or the last argument of `set`, `add` or `push`; `null` when it puts in nothing. */
export function getStoredValue({ node, value }: StateWrite): TSESTree.Expression | null {
  if (value) return value;
  if (node.type !== AST_NODE_TYPES.CallExpression) return null;
  const stored = node.arguments.at(-1);
  return stored && stored.type !== AST_NODE_TYPES.SpreadElement ? stored : null;
}
