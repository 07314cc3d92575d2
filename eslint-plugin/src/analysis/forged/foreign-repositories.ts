import type ts from 'typescript';
import { getArgument, getCalledName } from '../../program/called-name.js';
import { getOperation } from '../../vocabulary/operation.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getDeclaration, getSources } from '../locks/value-origin.js';

/** How many names a lock is followed through. */
const DEPTH = 4;

const WRITES: ReadonlySet<string> = new Set(['update', 'save', 'delete']);

/** The repository that took the lock with which a call writes, if it is another one; otherwise `null`. */
export function findForeignRepository(
  context: ProgramContext,
  call: ts.CallExpression,
): ts.Expression | null {
  if (!WRITES.has(getOperation(context, call)?.name ?? '')) return null;
  const writer = getCalledName(context, call)?.receiver;
  const entity = getArgument(context, call, 0);
  const locker = entity && findLocker(context, entity, DEPTH);
  return writer && locker && areApart(context, writer, locker) ? locker : null;
}

/** The repository whose `lock` made a value. */
function findLocker(
  context: ProgramContext,
  node: ts.Expression,
  depth: number,
): ts.Expression | null {
  const { ts } = context;
  if (depth === 0) return null;
  let inner = unwrapExpression(context, node);
  if (ts.isAwaitExpression(inner)) inner = unwrapExpression(context, inner.expression);
  if (ts.isCallExpression(inner)) {
    const isLock = getOperation(context, inner)?.name === 'lock';
    return isLock ? (getCalledName(context, inner)?.receiver ?? null) : null;
  }
  if (!ts.isIdentifier(inner)) return null;
  const [source] = getSources(context, inner);
  return source ? findLocker(context, source, depth - 1) : null;
}

/**
 * Whether two expressions surely name two repositories: two names in one list of parameters, pattern, class or
 * interface, or two calls of `repository` with other arguments.
 */
function areApart(context: ProgramContext, a: ts.Expression, b: ts.Expression): boolean {
  const first = getNamed(context, a);
  const second = getNamed(context, b);
  if (!first || !second || first === second) return false;
  const { ts } = context;
  if (ts.isVariableDeclaration(first) && ts.isVariableDeclaration(second)) {
    return areOtherCalls(context, first, second);
  }
  if (ts.isBindingElement(first) && ts.isBindingElement(second)) {
    return first.parent === second.parent && nameOf(first) !== nameOf(second);
  }
  return (
    first.parent === second.parent && first.kind === second.kind && !ts.isVariableDeclaration(first)
  );
}

function nameOf(element: ts.BindingElement): string {
  return (element.propertyName ?? element.name).getText();
}

function getNamed(context: ProgramContext, node: ts.Expression): ts.Declaration | undefined {
  const { ts, checker } = context;
  const inner = unwrapExpression(context, node);
  if (ts.isIdentifier(inner)) return getDeclaration(context, inner);
  if (!ts.isPropertyAccessExpression(inner)) return undefined;
  return checker.getSymbolAtLocation(inner.name)?.valueDeclaration;
}

/** The same arguments return the same repository. */
function areOtherCalls(
  { ts }: ProgramContext,
  a: ts.VariableDeclaration,
  b: ts.VariableDeclaration,
): boolean {
  const isMaker = (node: ts.VariableDeclaration): boolean =>
    node.initializer !== undefined &&
    ts.isCallExpression(node.initializer) &&
    ts.isPropertyAccessExpression(node.initializer.expression) &&
    node.initializer.expression.name.text === 'repository';
  return isMaker(a) && isMaker(b) && a.initializer?.getText() !== b.initializer?.getText();
}
