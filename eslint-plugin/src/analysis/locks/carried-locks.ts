import type ts from 'typescript';
import { getFunctions } from '../../program/callee.js';
import { getCalledName } from '../../program/called-name.js';
import { getDeclaredSymbol } from '../../program/class-index.js';
import { containsLocked, isLocked } from '../../vocabulary/contained-state.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getDeclaration, getSources, isLockedValue } from './value-origin.js';
import { getParts } from './inner-locks.js';
import { getReturned } from './returned-values.js';

/** How deep literals, names and closures are looked through. */
const DEPTH = 5;

/**
 * Whether work that is under way takes its locks along: it does where the promise is put somewhere, and does not where
 * it is returned to who waits for it.
 */
type Promises = 'awaited' | 'stored';

/**
 * The lock that a value takes along: the value itself, what is in it, and what a function in it captures from around
 * it. `null` when it takes none.
 */
export function findCarriedLock(
  context: ProgramContext,
  node: ts.Expression,
  promises: Promises = 'awaited',
): ts.Node | null {
  return findCarried(context, node, promises, DEPTH);
}

function findCarried(
  context: ProgramContext,
  node: ts.Expression,
  promises: Promises,
  depth: number,
): ts.Node | null {
  const { checker } = context;
  if (depth === 0) return null;
  const inner = unwrapExpression(context, node);
  if (isClosure(context, inner)) return findCapturedLock(context, inner, depth);
  const type = checker.getTypeAtLocation(inner);
  if (isLocked(context, type)) return inner;
  for (const part of getCarriedParts(context, inner, promises)) {
    const found = findCarried(context, part, promises, depth - 1);
    if (found) return found;
  }
  const inFunction = findInFunctions(context, inner, depth);
  return inFunction ?? (containsLocked(context, type) ? inner : null);
}

function isClosure({ ts }: ProgramContext, node: ts.Node): boolean {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isClassExpression(node);
}

function getCarriedParts(
  context: ProgramContext,
  node: ts.Expression,
  promises: Promises,
): readonly ts.Expression[] {
  const { ts } = context;
  if (ts.isNewExpression(node)) {
    return (node.arguments ?? []).filter((_, index) => isKeptByConstructor(context, node, index));
  }
  if (ts.isCallExpression(node)) return getPartsOfCall(context, node, promises);
  return [...getParts(context, node), ...getSources(context, node)];
}

/** `write.bind(null, held)`, the closure that a helper makes of its arguments, and work that is under way. */
function getPartsOfCall(
  context: ProgramContext,
  node: ts.CallExpression,
  promises: Promises,
): readonly ts.Expression[] {
  const called = getCalledName(context, node);
  if (called?.name === 'bind' && called.receiver) return [called.receiver, ...node.arguments];
  const callee = unwrapExpression(context, node.expression);
  if (isInline(context, callee)) {
    const isLater = callee.asteriskToken !== undefined;
    return isLater || promises === 'stored' ? [callee] : getReturned(context, callee);
  }
  if (promises === 'stored' && isPromise(context, node)) {
    return called?.receiver ? [called.receiver, ...node.arguments] : node.arguments;
  }
  const isMaker = called !== null && returnsClosure(context, called.node);
  return isMaker ? node.arguments : getParts(context, node);
}

function isInline(
  { ts }: ProgramContext,
  node: ts.Expression,
): node is ts.ArrowFunction | ts.FunctionExpression {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

function isPromise({ checker }: ProgramContext, node: ts.Expression): boolean {
  return checker.getTypeAtLocation(node).symbol?.name === 'Promise';
}

const closureMakers = new WeakMap<ts.Node, boolean>();

/** Whether a helper of the program returns something that captures a lock of its parameters. */
function returnsClosure(context: ProgramContext, name: ts.Node): boolean {
  const { ts } = context;
  return getFunctions(context, name).some((callee) => {
    const known = closureMakers.get(callee);
    if (known !== undefined) return known;
    closureMakers.set(callee, false);
    // A generator runs when somebody iterates.
    if ('asteriskToken' in callee && callee.asteriskToken) {
      closureMakers.set(callee, true);
      return true;
    }
    const returned = getReturned(context, callee);
    const result = returned.some((expression) => {
      const inner = unwrapExpression(context, expression);
      const isObject =
        isClosure(context, inner) ||
        ts.isObjectLiteralExpression(inner) ||
        ts.isNewExpression(inner);
      return isObject && findCarriedLock(context, inner) !== null;
    });
    closureMakers.set(callee, result);
    return result;
  });
}

/** Functions among the members of a literal, and the function that a name is declared as. */
function findInFunctions(
  context: ProgramContext,
  node: ts.Expression,
  depth: number,
): ts.Node | null {
  const { ts } = context;
  if (ts.isObjectLiteralExpression(node)) {
    for (const property of node.properties) {
      if (!ts.isMethodDeclaration(property) && !ts.isAccessor(property)) continue;
      const found = findCapturedLock(context, property, depth);
      if (found) return found;
    }
  }
  if (!ts.isIdentifier(node)) return null;
  const declaration = getDeclaration(context, node);
  if (!declaration || !ts.isFunctionDeclaration(declaration) || !isNested(declaration, ts)) {
    return null;
  }
  return findCapturedLock(context, declaration, depth - 1);
}

function isNested(declaration: ts.Declaration, typescript: typeof ts): boolean {
  return !typescript.isSourceFile(declaration.parent);
}

/** The lock that a function or class uses and that belongs to a function around it. */
function findCapturedLock(
  context: ProgramContext,
  closure: ts.Node,
  depth: number,
): ts.Node | null {
  const { ts, checker } = context;
  const isOutside = (declaration: ts.Declaration): boolean =>
    declaration.getSourceFile() === closure.getSourceFile() &&
    (declaration.pos < closure.pos || declaration.end > closure.end);
  const visit = (node: ts.Node): ts.Node | null => {
    if (ts.isTypeNode(node)) return null;
    if (node.kind === ts.SyntaxKind.ThisKeyword && ts.isArrowFunction(closure)) {
      return isLocked(context, checker.getTypeAtLocation(node)) ? node : null;
    }
    if (ts.isIdentifier(node)) return isUse(context, node) ? visitUse(node) : null;
    return ts.forEachChild(node, (child) => visit(child) ?? undefined) ?? null;
  };
  const visitUse = (name: ts.Identifier): ts.Node | null => {
    const declaration = getDeclaration(context, name);
    if (!declaration || !isOutside(declaration)) return null;
    if (ts.isFunctionDeclaration(declaration)) return findInFunctions(context, name, depth);
    if (!ts.isVariableDeclaration(declaration) && !isParameterLike(declaration)) return null;
    if (isLockedValue(context, name)) return name;
    return isModuleLevel(context, declaration)
      ? null
      : findCarried(context, name, 'awaited', depth - 1);
  };
  const isParameterLike = (node: ts.Node): boolean =>
    ts.isParameter(node) || ts.isBindingElement(node);
  return ts.forEachChild(closure, (child) => visit(child) ?? undefined) ?? null;
}

/** Whether an identifier reads a value: it is no property's name and no declaration's. */
function isUse({ ts }: ProgramContext, node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  return !(ts.isFunctionLike(parent) || ts.isBindingElement(parent)) || isInitializer(parent, node);
}

function isInitializer(parent: ts.Node, node: ts.Identifier): boolean {
  return 'initializer' in parent
    ? parent.initializer === node
    : 'body' in parent && parent.body === node;
}

/** Whether a name belongs to the module, not to a function in it. */
export function isModuleLevel({ ts }: ProgramContext, declaration: ts.Node): boolean {
  for (let outer = declaration.parent; outer; outer = outer.parent) {
    if (ts.isFunctionLike(outer) || ts.isClassStaticBlockDeclaration(outer)) return false;
  }
  return true;
}

/** Whether a class keeps an argument of its constructor; of a class without a body one has to assume it. */
function isKeptByConstructor(
  context: ProgramContext,
  node: ts.NewExpression,
  index: number,
): boolean {
  const { ts } = context;
  const declaration = getDeclaredSymbol(context, node.expression)?.valueDeclaration;
  if (!declaration || !ts.isClassLike(declaration)) return true;
  const constructor = declaration.members.find(ts.isConstructorDeclaration);
  if (!constructor?.body) return declaration.heritageClauses !== undefined;
  const parameter = constructor.parameters[index];
  if (!parameter || ts.isParameterPropertyDeclaration(parameter, constructor)) return true;
  return keepsParameter(context, constructor.body, parameter);
}

function keepsParameter(
  context: ProgramContext,
  body: ts.Block,
  parameter: ts.ParameterDeclaration,
): boolean {
  const { ts } = context;
  const isMadeOf = (node: ts.Expression): boolean => {
    const inner = unwrapExpression(context, node);
    if (ts.isIdentifier(inner)) return getDeclaration(context, inner) === parameter;
    return isClosure(context, inner) || getParts(context, inner).some(isMadeOf);
  };
  const visit = (node: ts.Node): boolean => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      if (ts.isPropertyAccessExpression(node.left) && isMadeOf(node.right)) return true;
    }
    const isSuper =
      ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword;
    if (isSuper && node.arguments.some(isMadeOf)) return true;
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(body);
}
