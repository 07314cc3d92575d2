import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';

/** The property that a member expression names, `null` where it is computed at run time. */
export function getPropertyName(node: TSESTree.MemberExpression): string | null {
  const { property } = node;
  if (property.type === AST_NODE_TYPES.PrivateIdentifier) return `#${property.name}`;
  if (!node.computed) return property.type === AST_NODE_TYPES.Identifier ? property.name : null;
  return property.type === AST_NODE_TYPES.Literal && typeof property.value === 'string'
    ? property.value
    : null;
}

type Keyed =
  | TSESTree.MethodDefinition
  | TSESTree.PropertyDefinition
  | TSESTree.AccessorProperty
  | TSESTree.Property;

/** The name of a class member's or property's key, `null` where it is computed at run time. */
export function getKeyName(node: Keyed): string | null {
  const { key } = node;
  if (key.type === AST_NODE_TYPES.PrivateIdentifier) return `#${key.name}`;
  if (key.type === AST_NODE_TYPES.Identifier && !node.computed) return key.name;
  return key.type === AST_NODE_TYPES.Literal ? String(key.value) : null;
}

/** The last name of what is called or constructed: `b` of `a.b()`. */
export function getCalleeName(callee: TSESTree.Node): string | null {
  if (callee.type === AST_NODE_TYPES.Identifier) return callee.name;
  return callee.type === AST_NODE_TYPES.MemberExpression ? getPropertyName(callee) : null;
}
