import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import { getKeyName } from './member-access.js';

/** The name a reader knows a function by, or `null` for a nameless callback. */
export function getFunctionName(node: TSESTree.Node): string | null {
  if ('id' in node && node.id?.type === AST_NODE_TYPES.Identifier) return node.id.name;
  const parent = node.parent;
  switch (parent?.type) {
    case AST_NODE_TYPES.VariableDeclarator:
      return parent.id.type === AST_NODE_TYPES.Identifier ? parent.id.name : null;
    case AST_NODE_TYPES.AssignmentExpression:
      return parent.left.type === AST_NODE_TYPES.Identifier ? parent.left.name : null;
    case AST_NODE_TYPES.MethodDefinition:
    case AST_NODE_TYPES.PropertyDefinition:
    case AST_NODE_TYPES.Property:
      return getKeyName(parent);
    default:
      return null;
  }
}
