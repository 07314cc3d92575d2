import type ts from 'typescript';
import { getDeclaredSymbol, getImplementers } from './class-index.js';
import { getFunctionNames } from './function-names.js';
import type { ProgramContext } from './program-context.js';
import { isDeclaredByRuntime } from './runtime-package.js';
import { unwrapExpression } from './unwrap-expression.js';

/** A function whose body the program has. */
export type FunctionWithBody = ts.FunctionLikeDeclaration & { readonly body: ts.ConciseBody };

export function hasBody(context: ProgramContext, node: ts.Node): node is FunctionWithBody {
  return context.ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

const bodies = new WeakMap<ts.Symbol, readonly FunctionWithBody[]>();

/**
 * The functions that a name can stand for, as far as the program has their bodies: functions, methods, arrows in
 * constants and properties; for a method of an interface or of an abstract class, those of what implements it.
 */
export function getFunctions(context: ProgramContext, name: ts.Node): readonly FunctionWithBody[] {
  if (!mayNameFunction(context, name)) return [];
  const symbol = getDeclaredSymbol(context, name);
  if (!symbol) return [];
  const own = isAbstract(context, symbol) ? getOwnImplementations(context, name, symbol) : [];
  return own.length > 0 ? own : getFunctionsOf(context, symbol);
}

/** Whether a method has no body where it is declared: an interface's, or an abstract one. */
function isAbstract(context: ProgramContext, { declarations = [] }: ts.Symbol): boolean {
  const { ts } = context;
  return declarations.some(
    (one) =>
      ts.isMethodSignature(one) ||
      ts.isPropertySignature(one) ||
      (ts.isMethodDeclaration(one) && one.body === undefined),
  );
}

/** What implements a method of a general interface in those classes that implement the receiver's own. */
function getOwnImplementations(
  context: ProgramContext,
  name: ts.Node,
  method: ts.Symbol,
): readonly FunctionWithBody[] {
  const { ts, checker } = context;
  if (!ts.isPropertyAccessExpression(name.parent)) return [];
  const { symbol } = checker.getTypeAtLocation(name.parent.expression);
  return symbol ? getMembers(context, symbol, method) : [];
}

/** The members of the classes that implement an interface. */
function getMembers(
  context: ProgramContext,
  type: ts.Symbol,
  method: ts.Symbol,
): readonly FunctionWithBody[] {
  return getImplementers(context, type).flatMap((implementer) =>
    implementer.members
      .filter((member) => member.name?.getText() === method.name)
      .flatMap((member) => getFunctionOf(context, member)),
  );
}

/** Most calls are of what no function of the program is called, such as `map` or `trim`: no type has to be asked. */
function mayNameFunction(context: ProgramContext, name: ts.Node): boolean {
  const { ts } = context;
  const isName =
    ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name);
  return !isName || getFunctionNames(context).isDeclared(name.text);
}

export function getFunctionsOf(
  context: ProgramContext,
  symbol: ts.Symbol,
): readonly FunctionWithBody[] {
  const known = bodies.get(symbol);
  if (known) return known;
  bodies.set(symbol, []);
  const result = findFunctions(context, symbol);
  bodies.set(symbol, result);
  return result;
}

function findFunctions(context: ProgramContext, symbol: ts.Symbol): readonly FunctionWithBody[] {
  const declarations = (symbol.declarations ?? []).filter(
    (declaration) =>
      !declaration.getSourceFile().isDeclarationFile &&
      !isDeclaredByRuntime(context.program, declaration),
  );
  const found = declarations.flatMap((declaration) => getFunctionOf(context, declaration));
  if (found.length > 0) return found;
  return declarations.flatMap((declaration) => getImplementations(context, declaration, symbol));
}

function getFunctionOf(
  context: ProgramContext,
  declaration: ts.Declaration,
): readonly FunctionWithBody[] {
  const { ts } = context;
  if (hasBody(context, declaration)) return [declaration];
  if (
    (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)) &&
    declaration.initializer !== undefined
  ) {
    return getFunctionExpression(context, declaration.initializer);
  }
  if (ts.isPropertyAssignment(declaration)) {
    return getFunctionExpression(context, declaration.initializer);
  }
  if (ts.isBindingElement(declaration)) {
    const symbol = getBoundProperty(context, declaration);
    return symbol ? getFunctionsOf(context, symbol) : [];
  }
  if (ts.isShorthandPropertyAssignment(declaration)) {
    const symbol = context.checker.getShorthandAssignmentValueSymbol(declaration);
    return symbol ? getFunctionsOf(context, symbol) : [];
  }
  return [];
}

/** The property that a name in a pattern takes out of an object. */
export function getBoundProperty(
  { ts, checker }: ProgramContext,
  { name, propertyName, parent, dotDotDotToken }: ts.BindingElement,
): ts.Symbol | undefined {
  if (dotDotDotToken || !ts.isObjectBindingPattern(parent)) return undefined;
  const property = propertyName ?? name;
  if (!ts.isIdentifier(property) && !ts.isStringLiteralLike(property)) return undefined;
  return checker.getTypeAtLocation(parent).getProperty(property.text);
}

function getFunctionExpression(
  context: ProgramContext,
  expression: ts.Expression,
): readonly FunctionWithBody[] {
  const { ts } = context;
  const inner = unwrapExpression(context, expression);
  if (ts.isArrowFunction(inner) || ts.isFunctionExpression(inner)) return [inner];
  return ts.isIdentifier(inner) ? getFunctions(context, inner) : [];
}

function getImplementations(
  context: ProgramContext,
  declaration: ts.Declaration,
  symbol: ts.Symbol,
): readonly FunctionWithBody[] {
  const { ts, checker } = context;
  const owner = declaration.parent;
  if (!owner || (!ts.isInterfaceDeclaration(owner) && !ts.isClassDeclaration(owner))) return [];
  const type = owner.name && checker.getSymbolAtLocation(owner.name);
  if (!type) return [];
  return getMembers(context, type, symbol);
}
