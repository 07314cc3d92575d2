import type ts from 'typescript';
import type { ProgramContext } from './program-context.js';

/** An expression without what is nothing at run time: parentheses, assertions, `!`, `satisfies`. */
export function unwrapExpression({ ts }: ProgramContext, expression: ts.Expression): ts.Expression {
  let inner = expression;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isTypeAssertionExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}
