import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getConstantText } from './constant-text.js';

/** A table by its name, or by what has to be handed in: to a factory of queries, or to a class. */
export type NamedTable =
  | { readonly name: string; readonly slot?: undefined }
  | { readonly name?: undefined; readonly slot: ts.Expression };

/** How far a name is followed to what the table was made of. */
const DEPTH = 4;

/** The table that an expression stands for, such as `'users'`, `Users.table` or `tableOf(Users)`. */
export function getNamedTable(
  context: ProgramContext,
  node: ts.Expression | undefined,
  depth = DEPTH,
): NamedTable | null {
  if (!node || depth === 0) return null;
  const { ts } = context;
  const value = unwrapExpression(context, node);
  const text = getConstantText(context, value);
  if (text !== null) return { name: text };
  if (ts.isIdentifier(value)) return tableOfName(context, value, depth);
  if (ts.isCallExpression(value)) return tableOfList(context, value.arguments, depth);
  if (ts.isArrayLiteralExpression(value)) return tableOfList(context, value.elements, depth);
  if (!ts.isPropertyAccessExpression(value)) return null;
  if (value.expression.kind === ts.SyntaxKind.ThisKeyword) return { slot: value };
  return getNamedTable(context, value.expression, depth - 1);
}

/** What is made of several things is named by the one that is a table, if there is just one. */
function tableOfList(
  context: ProgramContext,
  list: readonly ts.Expression[],
  depth: number,
): NamedTable | null {
  const found = list.flatMap((one) => getNamedTable(context, one, depth - 1) ?? []);
  const [table] = found;
  return found.length === 1 && table ? table : null;
}

function tableOfName(
  context: ProgramContext,
  name: ts.Identifier,
  depth: number,
): NamedTable | null {
  const { ts, checker } = context;
  const declaration = checker.getSymbolAtLocation(name)?.declarations?.[0];
  if (!declaration) return null;
  if (ts.isImportSpecifier(declaration)) {
    return { name: (declaration.propertyName ?? declaration.name).text };
  }
  const owner = getOwner(context, declaration);
  if (ts.isParameter(owner)) return { slot: name };
  if (!ts.isVariableDeclaration(owner) || !owner.initializer) return null;
  return ts.isObjectLiteralExpression(unwrapExpression(context, owner.initializer))
    ? { name: name.text }
    : getNamedTable(context, owner.initializer, depth - 1);
}

/** The variable or parameter in whose pattern a name stands. */
export function getOwner({ ts }: ProgramContext, declaration: ts.Node): ts.Node {
  let owner = declaration;
  while (ts.isBindingElement(owner)) owner = owner.parent.parent;
  return owner;
}
