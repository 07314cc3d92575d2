import type ts from 'typescript';
import { getFunctions } from '../../program/callee.js';
import { getArgument, getCalledName, isNamespaceCall } from '../../program/called-name.js';
import { containsLocked, isLocked } from '../../vocabulary/contained-state.js';
import { getOperation } from '../../vocabulary/operation.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getDeclaration } from './value-origin.js';
import { getRoot, getStored, getThisOwner, type Stored } from './assigned-places.js';
import { findCarriedLock, isModuleLevel } from './carried-locks.js';
import { getLaterKind, isAwaited, isLeftAlone } from './later-calls.js';
import { findResolver } from './resolvers.js';
import { callsProgram, findUseInCallee, type Use } from './parameter-use.js';
import { findReleasedWork } from './released-results.js';
import { getEnclosingWork, getWorkKind, getWorksOf } from './transaction-work.js';

export type EscapeKind =
  | 'returned'
  | 'variable'
  | 'field'
  | 'property'
  | 'container'
  | 'timer'
  | 'listener'
  | 'left'
  | 'context'
  | 'deleted'
  | 'resolved'
  | 'yielded'
  | 'thrown'
  | 'helper';

/** A way by which a lock gets to where its transaction is over. */
export interface Escape {
  readonly kind: EscapeKind;
  /** The lock, or the name by which a closure captures it. */
  readonly lock: ts.Node;
  /** Where it is put, or what it is handed to. */
  readonly target: ts.Node;
}

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

function getFunctionAround({ ts }: ProgramContext, node: ts.Node): ts.Node | null {
  for (let outer = node.parent; outer; outer = outer.parent) {
    if (ts.isFunctionLike(outer)) return outer;
  }
  return null;
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

/** As what a place outlives the transaction; `null` when it may be gone with it. */
function getPlaceKind(
  context: ProgramContext,
  { place, isContainer }: Stored,
  at: ts.Node,
): EscapeKind | null {
  const { ts } = context;
  const root = getRoot(context, place);
  if (root.kind === ts.SyntaxKind.ThisKeyword) {
    const owner = getThisOwner(context, root);
    return owner && !isInside(owner, getEnclosingWork(context, at)) ? 'field' : null;
  }
  if (!ts.isIdentifier(root)) return null;
  const kind = isContainer ? 'container' : root === place ? 'variable' : 'property';
  return outlives(context, root, at) || isHandlerProperty(context, place) ? kind : null;
}

/** `socket.onmessage = …` */
function isHandlerProperty({ ts }: ProgramContext, place: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(place) && /^on[a-z]/.test(place.name.text);
}

function isInside(node: ts.Node, work: ts.Node | null): boolean {
  return work !== null && node.pos >= work.pos && node.end <= work.end;
}

/** Whether a name is there before and after the transaction in which a node runs. */
function outlives(context: ProgramContext, name: ts.Identifier, at: ts.Node): boolean {
  const declaration = getDeclaration(context, name);
  if (!declaration) return name.text === 'globalThis';
  if (declaration.getSourceFile() !== at.getSourceFile()) return true;
  if (isModuleLevel(context, declaration)) return true;
  const work = getEnclosingWork(context, at);
  if (work === null) return isUsedByWork(context, declaration, at);
  return !isInside(declaration, work);
}

/** Whether the function that a node is in is used by a transaction that a name outlives: both are declared around it. */
function isUsedByWork(context: ProgramContext, declaration: ts.Declaration, at: ts.Node): boolean {
  const { ts } = context;
  const helper = getFunctionAround(context, at);
  const owner = helper?.parent;
  if (!owner || !ts.isVariableDeclaration(owner) || isInside(declaration, helper)) return false;
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && getDeclaration(context, node) === owner) return true;
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return getWorksOf(context, at).some((work) => !isInside(declaration, work) && visit(work));
}

function getEscapesOfCall(context: ProgramContext, node: ts.CallExpression): readonly Escape[] {
  const operation = getOperation(context, node)?.name;
  if (operation === 'delete' || (!operation && isDeletedByHelper(context, node))) {
    return getUsesAfterDelete(context, node);
  }
  if (operation && operation !== 'subscribe') return [];
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

/** A helper of the program that deletes what it is given, whatever else it does. */
function isDeletedByHelper(context: ProgramContext, node: ts.CallExpression): boolean {
  const { ts, checker } = context;
  const [lock] = node.arguments;
  if (!lock || !ts.isIdentifier(lock) || !isLocked(context, checker.getTypeAtLocation(lock))) {
    return false;
  }
  const called = getCalledName(context, node);
  if (!called) return false;
  return getFunctions(context, called.node).some((callee) => {
    const [parameter] = callee.parameters;
    if (!parameter) return false;
    const statements = ts.isBlock(callee.body) ? callee.body.statements : [callee.body];
    return statements.some((statement) => {
      let inner: ts.Node = statement;
      while (
        ts.isExpressionStatement(inner) ||
        ts.isAwaitExpression(inner) ||
        (ts.isReturnStatement(inner) && inner.expression)
      ) {
        inner = inner.expression as ts.Node;
      }
      if (!ts.isCallExpression(inner) || getOperation(context, inner)?.name !== 'delete')
        return false;
      const deleted = getArgument(context, inner, 0);
      return (
        deleted !== null &&
        ts.isIdentifier(deleted) &&
        getDeclaration(context, deleted) === parameter
      );
    });
  });
}

/** Writes, in the statements after a `delete`, with the lock of what is deleted. */
function getUsesAfterDelete(context: ProgramContext, node: ts.CallExpression): readonly Escape[] {
  const { ts, checker } = context;
  const lock = getArgument(context, node, 0);
  const statement = ts.isAwaitExpression(node.parent) ? node.parent.parent : node.parent;
  if (!lock || !ts.isIdentifier(lock) || !ts.isExpressionStatement(statement)) return [];
  if (!ts.isBlock(statement.parent)) return [];
  const symbol = checker.getSymbolAtLocation(lock);
  const { statements } = statement.parent;
  const found: Escape[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isFunctionLike(child)) return;
    if (ts.isCallExpression(child) && WRITES.has(getOperation(context, child)?.name ?? '')) {
      const target = getArgument(context, child, 0);
      if (target && symbol && checker.getSymbolAtLocation(target) === symbol) {
        found.push({ kind: 'deleted', lock: target, target: child });
      }
    }
    ts.forEachChild(child, visit);
  };
  for (const later of statements.slice(statements.indexOf(statement) + 1)) {
    if (isAssigned(context, later, lock)) break;
    visit(later);
  }
  return found;
}

const WRITES: ReadonlySet<string> = new Set(['update', 'save', 'delete']);

/** `account = …` gives the name another lock. */
function isAssigned({ ts }: ProgramContext, statement: ts.Statement, name: ts.Identifier): boolean {
  if (!ts.isExpressionStatement(statement)) return false;
  const { expression } = statement;
  return ts.isBinaryExpression(expression) && expression.left.getText() === name.text;
}

/** Whether a call resolves a promise that was made outside of the transaction. */
function resolvesOutside(context: ProgramContext, node: ts.CallExpression): boolean {
  const { ts } = context;
  const resolver = findResolver(context, node.expression);
  const root = resolver && getRoot(context, resolver);
  if (!root) return false;
  return (
    root.kind === ts.SyntaxKind.ThisKeyword ||
    (ts.isIdentifier(root) && isOutsideOfWork(context, root, node))
  );
}

/** Whether a name is older than the transaction in which a node runs. */
function isOutsideOfWork(context: ProgramContext, name: ts.Identifier, at: ts.Node): boolean {
  const declaration = getDeclaration(context, name);
  if (!declaration || !context.ts.isParameter(declaration)) return outlives(context, name, at);
  return !isInside(declaration, getEnclosingWork(context, at));
}

/** A helper of the program that keeps a callback, or calls it at some other time. */
function getEscapesInHelper(context: ProgramContext, node: ts.CallExpression): readonly Escape[] {
  const { checker } = context;
  if (!callsProgram(context, node)) return [];
  const work = getEnclosingWork(context, node);
  for (const [index, argument] of node.arguments.entries()) {
    if (!mayBeKept(context, argument)) continue;
    const lock = findCarriedLock(context, argument);
    // A callback may be called before the helper returns; a lock that it keeps is kept.
    if (isAwaited(context, node) && !isLocked(context, checker.getTypeAtLocation(argument)))
      continue;
    const parameter = lock && checker.getResolvedSignature(node)?.declaration?.parameters[index];
    if (!parameter || context.ts.isJSDocParameterTag(parameter)) continue;
    if (containsLocked(context, checker.getTypeAtLocation(parameter))) continue;
    const place = findUseInCallee(context, node, index, keeping(context, node, work));
    if (place) return [{ kind: 'helper', lock, target: place }];
  }
  return [];
}

/** What cannot hold anything is not worth looking for. */
function mayBeKept({ ts }: ProgramContext, argument: ts.Expression): boolean {
  return !ts.isLiteralExpression(argument) && !ts.isTemplateExpression(argument);
}

function keeping(context: ProgramContext, call: ts.CallExpression, work: ts.Node | null): Use {
  const { ts } = context;
  return {
    reach: 'literals',
    operands: (node) => {
      if (ts.isCallExpression(node) && getLaterKind(context, node)) {
        return node.arguments.flatMap((argument) => getNames(context, argument));
      }
      if (ts.isCallExpression(node) && resolvesOutside(context, node)) return [...node.arguments];
      return getStored(context, node)
        .filter((stored) => !stored.isScoped && isKeptAfter(context, stored, node, call, work))
        .map(({ value }) => value);
    },
  };
}

/** Whether what a helper stores is there when the work that called it is over. */
function isKeptAfter(
  context: ProgramContext,
  stored: Stored,
  at: ts.Node,
  call: ts.CallExpression,
  work: ts.Node | null,
): boolean {
  const { ts } = context;
  const root = getRoot(context, stored.place);
  if (root.kind === ts.SyntaxKind.ThisKeyword) {
    const receiver = getCalledName(context, call)?.receiver;
    const owner = receiver && getRoot(context, receiver);
    const declaration =
      owner && ts.isIdentifier(owner) ? getDeclaration(context, owner) : undefined;
    if (declaration && isInside(declaration, work)) return false;
    if (owner && ts.isNewExpression(owner)) return false;
  }
  if (getPlaceKind(context, stored, at) !== null) return true;
  if (!ts.isIdentifier(root) || work === null) return false;
  // In a helper, what it captures from around it.
  const declaration = getDeclaration(context, root);
  const helper = getFunctionAround(context, at);
  if (!declaration || !helper || ts.isParameter(declaration)) return false;
  return !isInside(declaration, work) && !isInside(declaration, helper);
}

/** An argument, or, when it is a function, the names that it uses. */
function getNames(context: ProgramContext, argument: ts.Expression): readonly ts.Expression[] {
  const { ts } = context;
  const inner = unwrapExpression(context, argument);
  if (!ts.isArrowFunction(inner) && !ts.isFunctionExpression(inner)) return [argument];
  const names: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(inner, visit);
  return names;
}
