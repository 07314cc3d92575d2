import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { getCalleeName } from '../../syntax/member-access.js';
import { isFunction } from './initialisation.js';
import type { StateWrite } from './state-write.js';

/**
 * Whether a state is kept to let nobody else in: who finds something there goes away, and what is put there is taken out when
 * the work is over, whatever became of it. Who is given what was found, as the promise of the same work, is not kept out.
 */
export function isWorkUnderWay(
  sourceCode: Readonly<SourceCode>,
  name: string,
  writes: readonly StateWrite[],
): boolean {
  if (!writes.some(({ node }) => isRemoval(node) && isInFinally(node))) return false;
  const isNamedIn = (node: TSESTree.Node): boolean => mentions(sourceCode, node, name);
  return writes.some(
    ({ node, deferring }) =>
      !isRemoval(node) &&
      some(
        sourceCode,
        deferring,
        (at) =>
          at.type === AST_NODE_TYPES.IfStatement &&
          isNamedIn(at.test) &&
          !isNamedIn(at.consequent) &&
          some(sourceCode, at.consequent, isLeaving),
      ),
  );
}

/** `delete active[key]`, `active.delete(key)` */
function isRemoval(node: TSESTree.Node): boolean {
  if (node.type === AST_NODE_TYPES.UnaryExpression) return node.operator === 'delete';
  return node.type === AST_NODE_TYPES.CallExpression && getCalleeName(node.callee) === 'delete';
}

/** In `finally { … }`, or in `.finally(() => …)` */
function isInFinally(node: TSESTree.Node): boolean {
  for (let at: TSESTree.Node = node; at.parent; at = at.parent) {
    const { parent } = at;
    if (parent.type === AST_NODE_TYPES.TryStatement && parent.finalizer === at) return true;
    if (
      isFunction(at) &&
      parent.type === AST_NODE_TYPES.CallExpression &&
      getCalleeName(parent.callee) === 'finally'
    )
      return true;
  }
  return false;
}

function isLeaving({ type }: TSESTree.Node): boolean {
  return (
    type === AST_NODE_TYPES.ReturnStatement ||
    type === AST_NODE_TYPES.ThrowStatement ||
    type === AST_NODE_TYPES.ContinueStatement
  );
}

function mentions(sourceCode: Readonly<SourceCode>, node: TSESTree.Node, name: string): boolean {
  return some(
    sourceCode,
    node,
    (at) =>
      (at.type === AST_NODE_TYPES.Identifier && at.name === name) ||
      (at.type === AST_NODE_TYPES.PrivateIdentifier && `#${at.name}` === name),
  );
}

function some(
  sourceCode: Readonly<SourceCode>,
  node: TSESTree.Node,
  matches: (node: TSESTree.Node) => boolean,
): boolean {
  if (matches(node)) return true;
  return (sourceCode.visitorKeys[node.type] ?? []).some((key) => {
    const child = (node as unknown as Record<string, unknown>)[key];
    return (Array.isArray(child) ? child : [child]).some(
      (part) =>
        typeof part === 'object' &&
        part !== null &&
        'type' in part &&
        some(sourceCode, part as TSESTree.Node, matches),
    );
  });
}
