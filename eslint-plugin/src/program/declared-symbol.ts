import type ts from 'typescript';
import type { ProgramContext } from './program-context.js';
import { unwrapExpression } from './unwrap-expression.js';

/** Where what an expression names is declared, through the imports of the program's files. */
export function getDeclaration(
  context: ProgramContext,
  node: ts.Expression,
): ts.Declaration | null {
  const { ts, checker } = context;
  const value = unwrapExpression(context, node);
  const name = ts.isPropertyAccessExpression(value) ? value.name : value;
  if (!ts.isIdentifier(name)) return null;
  let symbol = ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
  if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  return symbol?.valueDeclaration ?? symbol?.declarations?.[0] ?? null;
}
