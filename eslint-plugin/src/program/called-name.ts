import type ts from 'typescript';
import type { ProgramContext } from './program-context.js';
import { unwrapExpression } from './unwrap-expression.js';

/** The name that a call calls: `method` of `object.method(…)` and of `object['method'](…)`, or a function's own. */
export interface CalledName {
  readonly name: string;
  /** The node that names it, to ask the checker about. */
  readonly node: ts.Node;
  /** What it is a method of; `null` for a function. */
  readonly receiver: ts.Expression | null;
}

/** The name in a callee; `null` when it is an expression without one. */
export function getCalledName(
  context: ProgramContext,
  call: ts.CallExpression | ts.NewExpression,
): CalledName | null {
  const { ts } = context;
  const callee = unwrapExpression(context, call.expression);
  if (ts.isIdentifier(callee)) return { name: callee.text, node: callee, receiver: null };
  if (ts.isPropertyAccessExpression(callee)) {
    return { name: callee.name.text, node: callee.name, receiver: callee.expression };
  }
  if (ts.isElementAccessExpression(callee) && ts.isStringLiteralLike(callee.argumentExpression)) {
    const { argumentExpression: node, expression: receiver } = callee;
    return { name: node.text, node, receiver };
  }
  return null;
}

/** Whether a call is `Namespace.method(…)` of one of the language's own namespaces: `Object.assign`, `JSON.stringify`. */
export function isNamespaceCall(
  { ts }: ProgramContext,
  { receiver }: CalledName,
  namespace: string,
): boolean {
  return receiver !== null && ts.isIdentifier(receiver) && receiver.text === namespace;
}

/** Whether a name is declared by a package or by the language, not by the program. */
export function isDeclaredOutside({ ts, checker }: ProgramContext, name: ts.Node): boolean {
  let symbol = checker.getSymbolAtLocation(name);
  if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  const declaration = symbol?.declarations?.[0];
  return declaration?.getSourceFile().isDeclarationFile ?? false;
}

/** The arguments of a call that are not spread, by their index. */
export function getArgument(
  { ts }: ProgramContext,
  call: ts.CallExpression | ts.NewExpression,
  index: number,
): ts.Expression | null {
  const argument = call.arguments?.[index];
  return argument && !ts.isSpreadElement(argument) ? argument : null;
}
