import type ts from 'typescript';
import { getDeclaration } from '../../program/declared-symbol.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';

/** How far a name is followed to the text that it is. */
const DEPTH = 3;

/** The text that an expression is: written there, or that of a constant, an enum or a table of constants. */
export function getConstantText(
  context: ProgramContext,
  node: ts.Expression | undefined,
  depth = DEPTH,
): string | null {
  if (!node || depth === 0) return null;
  const { ts } = context;
  const value = unwrapExpression(context, node);
  if (ts.isStringLiteralLike(value)) return value.text;
  const declaration = getDeclaration(context, value);
  if (!declaration) return null;
  const isText =
    ts.isVariableDeclaration(declaration) ||
    ts.isPropertyAssignment(declaration) ||
    ts.isPropertyDeclaration(declaration) ||
    ts.isEnumMember(declaration);
  return isText ? getConstantText(context, declaration.initializer, depth - 1) : null;
}
