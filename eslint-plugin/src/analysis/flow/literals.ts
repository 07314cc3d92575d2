import type ts from 'typescript';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import type { Flow } from './flow.js';

/** The digits of a literal number; `null` for any other expression. */
export function getNumber(flow: Flow, expression: ts.Expression): string | null {
  const node = unwrapExpression(flow.context, expression);
  return flow.context.ts.isNumericLiteral(node) ? node.text : null;
}
