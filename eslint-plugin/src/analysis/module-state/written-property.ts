import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import { getPropertyName } from '../../syntax/member-access.js';
import { isElementMutator, isWritingBuiltin } from './mutators.js';
import type { StateWrite } from './state-write.js';

/** A write by itself, whosever state it is. */
export type WrittenProperty = Pick<StateWrite, 'node' | 'how' | 'value'>;

/** How the syntax around a property access writes to the property; `null` when it only reads it. */
export function getPropertyWrite(node: TSESTree.Node): WrittenProperty | null {
  const { parent } = node;
  switch (parent?.type) {
    case AST_NODE_TYPES.AssignmentExpression:
      if (parent.left !== node) return null;
      return {
        node: parent,
        how: isPlainAssignment(parent) ? 'replace' : 'change',
        value: isPlainAssignment(parent) ? parent.right : null,
      };
    case AST_NODE_TYPES.UpdateExpression:
      return { node: parent, how: 'change', value: null };
    case AST_NODE_TYPES.UnaryExpression:
      return parent.operator === 'delete' ? { node: parent, how: 'change', value: null } : null;
    case AST_NODE_TYPES.ArrayPattern:
      return { node, how: 'replace', value: null };
    case AST_NODE_TYPES.ForOfStatement:
    case AST_NODE_TYPES.ForInStatement:
      return parent.left === node ? { node, how: 'replace', value: null } : null;
    case AST_NODE_TYPES.Property:
      return parent.value === node && parent.parent.type === AST_NODE_TYPES.ObjectPattern
        ? { node, how: 'replace', value: null }
        : null;
    default:
      return null;
  }
}

/** Whether an assignment gives a new value, rather than one that is made from the old. */
export function isPlainAssignment({ operator }: TSESTree.AssignmentExpression): boolean {
  return operator === '=' || operator === '??=' || operator === '||=' || operator === '&&=';
}

/** Whether a function that a method is called on writes into its first argument: `Object.assign`, a borrowed `push.call`. */
export function isWritingCall(callee: TSESTree.MemberExpression): boolean {
  const method = getPropertyName(callee);
  if (method === null) return false;
  if (callee.object.type === AST_NODE_TYPES.Identifier)
    return isWritingBuiltin(callee.object.name, method);
  // Array.prototype.push.call(list, …), Map.prototype.set.call(map, …)
  return (
    (method === 'call' || method === 'apply') &&
    callee.object.type === AST_NODE_TYPES.MemberExpression &&
    isElementMutator(getPropertyName(callee.object) ?? '', true)
  );
}

/** The outermost expression that stands for the same value: around `!`, assertions and optional chains. */
export function skipAssertions(node: TSESTree.Node): TSESTree.Node {
  let outer = node;
  while (
    outer.parent?.type === AST_NODE_TYPES.TSNonNullExpression ||
    outer.parent?.type === AST_NODE_TYPES.TSAsExpression ||
    outer.parent?.type === AST_NODE_TYPES.ChainExpression
  )
    outer = outer.parent;
  return outer;
}
