import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Scope } from '@typescript-eslint/utils/ts-eslint';
import { getPropertyName } from '../../syntax/member-access.js';
import { isTypeReference } from '../../syntax/type-reference.js';
import { isFunction } from './initialisation.js';
import { isElementAccessor, mayMutate } from './mutators.js';

/**
 * Whether anything that a file does with a name can lead to a write, whatever the name holds. Most names are only
 * called, or asked with a method that changes nothing: of those nobody need know more.
 */
export function mayBeWritten({ references }: Scope.Variable): boolean {
  return references.some(
    (reference) =>
      !reference.init &&
      !isTypeReference(reference) &&
      (reference.isWrite() || mayLeadToWrite(reference.identifier)),
  );
}

function mayLeadToWrite(node: TSESTree.Node): boolean {
  const { parent } = node;
  switch (parent?.type) {
    case AST_NODE_TYPES.CallExpression:
    case AST_NODE_TYPES.NewExpression:
      return parent.callee !== node;
    case AST_NODE_TYPES.MemberExpression:
      return parent.object === node && !isHarmlessCall(parent);
    case AST_NODE_TYPES.BinaryExpression:
    case AST_NODE_TYPES.TemplateLiteral:
      return false;
    default:
      return true;
  }
}

/** Whether a member is called, and neither changes anything nor gets at what is inside. */
function isHarmlessCall(member: TSESTree.MemberExpression): boolean {
  const { parent } = member;
  if (parent.type !== AST_NODE_TYPES.CallExpression || parent.callee !== member) return false;
  const method = getPropertyName(member);
  if (method === null) return true;
  const [callback] = parent.arguments;
  return !mayMutate(method) && !isElementAccessor(method) && !(callback && isFunction(callback));
}
