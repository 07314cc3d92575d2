import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';

/** An expression without what is nothing at run time, and without `await`. */
export function unwrapNode(node: TSESTree.Expression): TSESTree.Expression {
  let inner = node;
  for (;;) {
    switch (inner.type) {
      case AST_NODE_TYPES.TSAsExpression:
      case AST_NODE_TYPES.TSNonNullExpression:
      case AST_NODE_TYPES.TSSatisfiesExpression:
      case AST_NODE_TYPES.TSTypeAssertion:
      case AST_NODE_TYPES.ChainExpression:
        inner = inner.expression;
        break;
      case AST_NODE_TYPES.AwaitExpression:
        inner = inner.argument;
        break;
      default:
        return inner;
    }
  }
}
