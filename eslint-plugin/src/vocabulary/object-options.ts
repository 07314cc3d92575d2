import type ts from 'typescript';
import type { ProgramContext } from '../program/program-context.js';
import { unwrapExpression } from '../program/unwrap-expression.js';

/** How far a name is followed to the object that it was made of. */
const DEPTH = 3;

/** The object that an expression is: written there, or a constant that was made of one. `null` when it is not known. */
export function getOptions(
  context: ProgramContext,
  node: ts.Expression | null | undefined,
  depth = DEPTH,
): ts.ObjectLiteralExpression | null {
  if (!node || depth === 0) return null;
  const { ts, checker } = context;
  const value = unwrapExpression(context, node);
  if (ts.isObjectLiteralExpression(value)) return value;
  if (!ts.isIdentifier(value)) return null;
  const symbol = ts.isShorthandPropertyAssignment(value.parent)
    ? checker.getShorthandAssignmentValueSymbol(value.parent)
    : checker.getSymbolAtLocation(value);
  const declaration = symbol?.valueDeclaration;
  if (!declaration || !ts.isVariableDeclaration(declaration)) return null;
  const isConstant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  return isConstant ? getOptions(context, declaration.initializer, depth - 1) : null;
}

/** The value of a property of an object literal. */
export function getOption(
  context: ProgramContext,
  options: ts.ObjectLiteralExpression | null,
  name: string,
): ts.Expression | null {
  for (const property of options?.properties ?? []) {
    const found = getPropertyValue(context, property);
    if (found?.name === name) return found.value;
  }
  return null;
}

/** A property of an object literal: its name and its value. `null` for a spread, a method, and a computed name. */
export function getPropertyValue(
  { ts }: ProgramContext,
  property: ts.ObjectLiteralElementLike,
): { readonly name: string; readonly value: ts.Expression } | null {
  if (ts.isShorthandPropertyAssignment(property)) {
    return { name: property.name.text, value: property.name };
  }
  if (!ts.isPropertyAssignment(property)) return null;
  const { name, initializer: value } = property;
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? { name: name.text, value } : null;
}
