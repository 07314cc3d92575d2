import type ts from 'typescript';
import type { ProgramContext } from './program-context.js';
import { unwrapExpression } from './unwrap-expression.js';

/**
 * Whether an expression is the same for everybody, as far as it is written: a literal, `Status.PENDING`, `MAX_SEATS`. An
 * enum of a package that is not installed has no type that would say so.
 */
export function isWrittenConstant(context: ProgramContext, expression: ts.Expression): boolean {
  const { ts } = context;
  const node = unwrapExpression(context, expression);
  if (ts.isLiteralExpression(node)) return true;
  const { SyntaxKind } = ts;
  if (node.kind === SyntaxKind.TrueKeyword || node.kind === SyntaxKind.FalseKeyword) return true;
  if (ts.isIdentifier(node)) return /^[A-Z][A-Z0-9_]+$/.test(node.text);
  return ts.isPropertyAccessExpression(node) && /^[A-Z][\w.]*\.[A-Z]\w*$/.test(node.getText());
}
