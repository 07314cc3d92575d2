import type ts from 'typescript';
import { getFunctions, type FunctionWithBody } from '../../program/callee.js';
import { getCalledName } from '../../program/called-name.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { containsLocked } from '../../vocabulary/contained-state.js';
import { getRoot, getStored } from './assigned-places.js';
import { getDeclaration } from './value-origin.js';

/** Decorators of packages that remember what a method returned. */
const MEMOISING_NAME = /memo|cache|once/i;

/**
 * The decorator of a method that keeps what the method returned, where that has a lock in it: the next call gets it when
 * its transaction is over. `null` when there is none.
 */
export function findKeepingDecorator(
  context: ProgramContext,
  method: ts.Node,
): ts.Expression | null {
  const { ts, checker } = context;
  if (!ts.isMethodDeclaration(method) && !ts.isGetAccessor(method)) return null;
  const decorators = ts.getDecorators(method);
  const signature = decorators && checker.getSignatureFromDeclaration(method);
  if (!signature || !containsLocked(context, signature.getReturnType())) return null;
  const found = decorators.find(({ expression }) => keepsResults(context, expression));
  return found?.expression ?? null;
}

function keepsResults(context: ProgramContext, decorator: ts.Expression): boolean {
  const { ts } = context;
  const inner = unwrapExpression(context, decorator);
  const name = ts.isCallExpression(inner) ? getCalledName(context, inner)?.node : inner;
  if (!name) return false;
  const functions = getFunctions(context, ts.isPropertyAccessExpression(name) ? name.name : name);
  if (functions.length === 0) return MEMOISING_NAME.test(name.getText());
  return functions.some((callee) => storesResult(context, callee));
}

/** Whether a decorator stores what a call of a function returned that it was given, where it outlives that call. */
function storesResult(context: ProgramContext, decorator: FunctionWithBody): boolean {
  const { ts } = context;
  const isOutside = (place: ts.Expression, at: ts.Node): boolean => {
    const root = getRoot(context, place);
    if (root.kind === ts.SyntaxKind.ThisKeyword) return true;
    const declaration = ts.isIdentifier(root) ? getDeclaration(context, root) : undefined;
    return (
      declaration !== undefined && getFunctionAround(ts, declaration) !== getFunctionAround(ts, at)
    );
  };
  const isResult = (value: ts.Expression, depth = 4): boolean => {
    const inner = unwrapExpression(context, value);
    if (depth === 0) return false;
    if (ts.isAwaitExpression(inner)) return isResult(inner.expression, depth - 1);
    if (ts.isCallExpression(inner)) return isGiven(inner.expression);
    const declaration = ts.isIdentifier(inner) ? getDeclaration(context, inner) : undefined;
    if (!declaration || !ts.isVariableDeclaration(declaration)) return false;
    return declaration.initializer !== undefined && isResult(declaration.initializer, depth - 1);
  };
  /** A parameter of the decorator, a part of one, or a name for either. */
  const isGiven = (callee: ts.Expression): boolean => {
    const root = getRoot(context, callee);
    const declaration = ts.isIdentifier(root) ? getDeclaration(context, root) : undefined;
    if (!declaration) return false;
    if (ts.isParameter(declaration)) return true;
    if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return false;
    return isGiven(declaration.initializer);
  };
  const visit = (node: ts.Node): boolean => {
    const isKept = getStored(context, node).some(
      ({ place, value }) => isOutside(place, node) && isResult(value),
    );
    return isKept || (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
  };
  return visit(decorator.body);
}

function getFunctionAround(typescript: typeof ts, node: ts.Node): ts.Node | null {
  for (let outer = node.parent; outer; outer = outer.parent) {
    if (typescript.isFunctionLike(outer)) return outer;
  }
  return null;
}
