import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Scope, SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { isFunction } from './initialisation.js';
import { unwrapNode } from '../../syntax/unwrap-node.js';

/** What a name means where it stands; `null` when the file does not define it. */
export function getDefinition(
  sourceCode: Readonly<SourceCode>,
  identifier: TSESTree.Identifier,
): Scope.Definition | null {
  for (
    let scope: Scope.Scope | null = sourceCode.getScope(identifier);
    scope;
    scope = scope.upper
  ) {
    const definition = scope.set.get(identifier.name)?.defs[0];
    if (definition) return definition;
  }
  return null;
}

/** The class or function of this file that an identifier names. */
export function getLocal(
  sourceCode: Readonly<SourceCode>,
  callee: TSESTree.Expression,
): TSESTree.Node | null {
  if (callee.type !== AST_NODE_TYPES.Identifier) return null;
  const node = getDefinition(sourceCode, callee)?.node;
  if (
    node?.type === AST_NODE_TYPES.FunctionDeclaration ||
    node?.type === AST_NODE_TYPES.ClassDeclaration
  )
    return node;
  return node?.type === AST_NODE_TYPES.VariableDeclarator &&
    node.init &&
    (isFunction(node.init) || node.init.type === AST_NODE_TYPES.ClassExpression)
    ? node.init
    : null;
}

/** What a value was made by: the initial value of a `const`, or the expression itself. */
export function getMaker(
  sourceCode: Readonly<SourceCode>,
  value: TSESTree.Expression,
): TSESTree.Expression {
  const node = unwrapNode(value);
  if (node.type !== AST_NODE_TYPES.Identifier) return node;
  const declarator = getDefinition(sourceCode, node)?.node;
  return declarator?.type === AST_NODE_TYPES.VariableDeclarator &&
    declarator.parent.kind === 'const' &&
    declarator.init
    ? unwrapNode(declarator.init)
    : node;
}
