import type ts from 'typescript';
import { getCalledName, isNamespaceCall } from '../../program/called-name.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { containsLocked } from '../../vocabulary/contained-state.js';
import { getOperation } from '../../vocabulary/operation.js';
import { getStored, type Stored } from './assigned-places.js';
import { findCarriedLock, isModuleLevel } from './carried-locks.js';
import type { Escape, EscapeKind } from './escape.js';
import { getEscapesInHelper } from './kept-by-helper.js';
import { getLaterKind, isAwaited, isLeftAlone } from './later-calls.js';
import { getFunctionAround, getPlaceKind, resolvesOutside } from './outliving-place.js';
import { findReleasedWork } from './released-results.js';
import { getWorkKind } from './transaction-work.js';
import { getUsesAfterDelete, isDeletedByHelper } from './use-after-delete.js';

/** The escapes in a node by itself, not in its children. */
export function getEscapes(context: ProgramContext, node: ts.Node): readonly Escape[] {
  const { ts } = context;
  if (ts.isReturnStatement(node)) return getReturned(context, node.expression, node);
  if (ts.isArrowFunction(node)) {
    return ts.isBlock(node.body) ? [] : getReturned(context, node.body, node.body);
  }
  if (ts.isYieldExpression(node)) return getYielded(context, node);
  if (ts.isThrowStatement(node)) return carried(context, node.expression, 'thrown', node);
  if (ts.isBinaryExpression(node)) return getEscapesOfStored(context, node);
  if (ts.isPropertyDeclaration(node)) {
    return node.initializer ? getHeld(context, node.initializer, 'field', node.name) : [];
  }
  if (ts.isVariableDeclaration(node)) {
    if (!node.initializer || !isModuleLevel(context, node)) return [];
    return getHeld(context, node.initializer, 'variable', node.name);
  }
  if (ts.isNewExpression(node)) {
    const released = findReleasedWork(context, node);
    return released ? [{ kind: 'returned', lock: released, target: node }] : [];
  }
  return ts.isCallExpression(node) ? getEscapesOfCall(context, node) : [];
}

/** `Promise.reject(new Held(account))` */
function isRejection(context: ProgramContext, node: ts.CallExpression): boolean {
  const called = getCalledName(context, node);
  return called?.name === 'reject' && isNamespaceCall(context, called, 'Promise');
}

function carried(
  context: ProgramContext,
  value: ts.Expression | undefined,
  kind: EscapeKind,
  target: ts.Node,
): readonly Escape[] {
  const lock = value && findCarriedLock(context, value);
  return lock ? [{ kind, lock, target }] : [];
}

/** What a field or a variable of the module is initialised with; a function there locks when it is called. */
function getHeld(
  context: ProgramContext,
  value: ts.Expression,
  kind: EscapeKind,
  target: ts.Node,
): readonly Escape[] {
  const inner = unwrapExpression(context, value);
  if (context.ts.isNewExpression(inner)) return [];
  return carried(context, value, kind, target);
}

function getReturned(
  context: ProgramContext,
  value: ts.Expression | undefined,
  target: ts.Node,
): readonly Escape[] {
  const work = getFunctionAround(context, target);
  if (!value || !work || getWorkKind(context, work) !== 'transaction') return [];
  return carried(context, value, 'returned', target);
}

function getYielded(context: ProgramContext, node: ts.YieldExpression): readonly Escape[] {
  if (!node.expression || node.asteriskToken) return [];
  return carried(context, node.expression, 'yielded', node);
}

function getEscapesOfStored(context: ProgramContext, node: ts.Node): readonly Escape[] {
  const found: Escape[] = [];
  for (const stored of getStored(context, node)) {
    if (stored.isScoped) continue;
    const kind = getPlaceKind(context, stored, node);
    const lock =
      kind && isForLock(context, stored) && findCarriedLock(context, stored.value, 'stored');
    if (kind && lock) found.push({ kind, lock, target: stored.place });
  }
  return found;
}

/** In a pattern, only the targets that are given a lock. */
function isForLock(context: ProgramContext, { place, isPart }: Stored): boolean {
  const { ts, checker } = context;
  if (!isPart) return true;
  const type = checker.getTypeAtLocation(place);
  const isOpen = (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
  return isOpen || containsLocked(context, type);
}

function getEscapesOfCall(context: ProgramContext, node: ts.CallExpression): readonly Escape[] {
  const operation = getOperation(context, node)?.name;
  if (operation === 'delete' || (!operation && isDeletedByHelper(context, node))) {
    return getUsesAfterDelete(context, node);
  }
  if (operation && operation !== 'subscribe' && operation !== 'afterCommit') return [];
  if (entersContext(context, node)) {
    return node.arguments.flatMap((a) => carried(context, a, 'context', node.expression));
  }
  if (isLeftAlone(context, node)) return carried(context, node.expression, 'left', node);
  if (isRejection(context, node)) {
    return node.arguments.flatMap((argument) => carried(context, argument, 'thrown', node));
  }
  const released = findReleasedWork(context, node);
  if (released) return [{ kind: 'returned', lock: released, target: node }];
  const later = getLaterKind(context, node);
  if (later) {
    return node.arguments.flatMap((argument) => carried(context, argument, later, node.expression));
  }
  if (resolvesOutside(context, node)) {
    return node.arguments.flatMap((a) => carried(context, a, 'resolved', node.expression));
  }
  const stored = getEscapesOfStored(context, node);
  return stored.length > 0 ? stored : getEscapesInHelper(context, node);
}

/** Whether a call of an `AsyncLocalStorage` gives its value to what nobody waits for. */
function entersContext(context: ProgramContext, node: ts.CallExpression): boolean {
  const called = getCalledName(context, node);
  if (!called?.receiver) return false;
  const isStorage = () =>
    context.checker.getTypeAtLocation(called.receiver ?? node).symbol?.name === 'AsyncLocalStorage';
  if (called.name === 'enterWith') return isStorage();
  return called.name === 'run' && !isAwaited(context, node) && isStorage();
}
