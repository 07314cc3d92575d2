import type ts from 'typescript';
import { getCalledName } from '../../program/called-name.js';
import { getFunctions, type FunctionWithBody } from '../../program/callee.js';
import { containsStored, isLocked } from '../../vocabulary/contained-state.js';
import { getOperation } from '../../vocabulary/operation.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getDeclaration } from './value-origin.js';
import {
  getRoot,
  getStored,
  getThisOwner,
  isWeakContainer,
  type Stored,
} from './assigned-places.js';
import { findEntityData } from './entity-data.js';
import { isModuleLevel } from './carried-locks.js';
import { findInnerEntity } from './inner-locks.js';
import { getFunctionAround, getFunctionBelow, isKeptFunction } from './kept-functions.js';

/** An entity that is kept where the next call finds it. */
export interface EntityStore {
  readonly kind: 'field' | 'closure' | 'module' | 'memoised' | 'loader';
  readonly entity: ts.Expression;
  /** The field or variable that keeps it. */
  readonly place: ts.Node;
}

/** The entities that a node keeps, by itself. */
export function getEntityStores(context: ProgramContext, node: ts.Node): readonly EntityStore[] {
  const { ts } = context;
  if (ts.isPropertyDeclaration(node)) {
    return node.initializer ? getInitial(context, node.initializer, node) : [];
  }
  if (ts.isVariableDeclaration(node)) {
    if (!node.initializer || !isModuleLevel(context, node)) return [];
    return isSharedName(context, node) ? getInitial(context, node.initializer, node) : [];
  }
  if (ts.isCallExpression(node)) {
    if (getOperation(context, node)) return [];
    const memoised = getMemoised(context, node);
    if (memoised) return [memoised];
  }
  return getStored(context, node).flatMap((stored) => {
    const { place, value } = stored;
    if (stored.isScoped) return [];
    const kind = isWeakContainer(context, place) ? null : getPlaceKind(context, place);
    if (!kind) return [];
    const entity =
      findInnerEntity(context, value) ??
      (isRemembered(context, node, stored) ? findEntityData(context, value) : null);
    return entity && !isLocked(context, context.checker.getTypeAtLocation(entity))
      ? [{ kind, entity, place }]
      : [];
  });
}

/** Whether a value is kept to be found again: put into a container, or where nothing was before. */
function isRemembered(
  { ts }: ProgramContext,
  node: ts.Node,
  { value, isContainer }: Stored,
): boolean {
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    return (
      kind === ts.SyntaxKind.QuestionQuestionEqualsToken || kind === ts.SyntaxKind.BarBarEqualsToken
    );
  }
  // By what something is found in a map says nothing of what is in it.
  const isKey =
    ts.isCallExpression(node) && node.arguments.length === 2 && node.arguments[0] === value;
  return isContainer && !isKey;
}

/** What a field or a variable of the module is made with: a read of its own, or a loader that caches. */
function getInitial(
  context: ProgramContext,
  value: ts.Expression,
  declaration: ts.PropertyDeclaration | ts.VariableDeclaration,
): readonly EntityStore[] {
  const { ts, checker } = context;
  const inner = unwrapExpression(context, value);
  const place = declaration.name;
  if (ts.isNewExpression(inner)) {
    const isLoader =
      ts.isIdentifier(inner.expression) && OF_ONE_REQUEST.test(inner.expression.text);
    const holds = isLoader && containsStored(context, checker.getTypeAtLocation(inner), 'results');
    return holds ? [{ kind: 'loader', entity: inner, place }] : [];
  }
  if (!ts.isCallExpression(inner) && !ts.isAwaitExpression(inner)) return [];
  if (ts.isCallExpression(inner) && getMemoised(context, inner)) return [];
  const entity = findInnerEntity(context, inner);
  const kind = ts.isPropertyDeclaration(declaration) ? 'field' : 'module';
  return entity ? [{ kind, entity, place }] : [];
}

/** A script may read something once; what is exported, or used by a function, is found by later calls. */
function isSharedName(context: ProgramContext, declaration: ts.VariableDeclaration): boolean {
  const { ts, checker } = context;
  const statement = declaration.parent.parent;
  const isExported =
    ts.isVariableStatement(statement) &&
    statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);
  if (isExported === true) return true;
  const type = checker.getTypeAtLocation(declaration);
  if (!containsStored(context, type, 'results')) return false;
  const { name } = declaration;
  const visit = (node: ts.Node): boolean => {
    if (ts.isTypeNode(node)) return false;
    if (ts.isIdentifier(node) && ts.isIdentifier(name) && node.text === name.text) {
      const isUse = getDeclaration(context, node) === declaration;
      return isUse && getFunctionAround(context, node) !== null;
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(declaration.getSourceFile());
}

const MEMOISING_NAME = /memo|^cache|cached$|^once$|^mem$|^lru/i;

/** `memoize(async (id) => rooms.get(Room.ref(id)))` */
function getMemoised(context: ProgramContext, call: ts.CallExpression): EntityStore | null {
  const { ts, checker } = context;
  const called = getCalledName(context, call);
  if (!called) return null;
  const [first] = call.arguments;
  const work =
    getRememberedWork(context, call, called.node) ??
    (MEMOISING_NAME.test(called.name) ? first : undefined);
  if (!work) return null;
  const inner = unwrapExpression(context, work);
  const isFunction =
    ts.isArrowFunction(inner) ||
    ts.isFunctionExpression(inner) ||
    (ts.isIdentifier(inner) && getFunctions(context, inner).length > 0);
  if (!isFunction || !containsStored(context, checker.getTypeAtLocation(inner), 'results')) {
    return null;
  }
  return { kind: 'memoised', entity: inner, place: call.expression };
}

/** The callback of which a function of the program keeps what it returns: `this.cached(id, () => …)`. */
function getRememberedWork(
  context: ProgramContext,
  call: ts.CallExpression,
  callee: ts.Node,
): ts.Expression | undefined {
  const { ts } = context;
  if (!ts.isIdentifier(callee) && !ts.isPrivateIdentifier(callee)) return undefined;
  if (!call.arguments.some((argument) => ts.isArrowFunction(argument))) return undefined;
  const functions = getFunctions(context, callee);
  return call.arguments.find(
    (argument, index) =>
      ts.isArrowFunction(argument) &&
      functions.some((called) => keepsResult(context, called, called.parameters[index])),
  );
}

/** Whether a function puts what it gets from calling a parameter where later calls find it. */
function keepsResult(
  context: ProgramContext,
  { body }: FunctionWithBody,
  parameter: ts.ParameterDeclaration | undefined,
): boolean {
  const { ts } = context;
  if (!parameter || !ts.isIdentifier(parameter.name)) return false;
  const isResult = (value: ts.Expression, depth = 3): boolean => {
    const inner = unwrapExpression(context, value);
    if (ts.isAwaitExpression(inner)) return isResult(inner.expression, depth);
    if (ts.isCallExpression(inner)) {
      const called = unwrapExpression(context, inner.expression);
      return ts.isIdentifier(called) && getDeclaration(context, called) === parameter;
    }
    const declaration = depth > 0 && ts.isIdentifier(inner) ? getDeclaration(context, inner) : null;
    return (
      declaration != null &&
      ts.isVariableDeclaration(declaration) &&
      declaration.initializer !== undefined &&
      isResult(declaration.initializer, depth - 1)
    );
  };
  const visit = (node: ts.Node): boolean => {
    const isKept = getStored(context, node).some(
      ({ place, value }) =>
        !isWeakContainer(context, place) &&
        getPlaceKind(context, place) !== null &&
        isResult(value),
    );
    return isKept || (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
  };
  return visit(body);
}

/** As what a place is found again by the next call; `null` when it goes with this one. */
function getPlaceKind(context: ProgramContext, place: ts.Expression): EntityStore['kind'] | null {
  const { ts } = context;
  const root = getRoot(context, place);
  if (root.kind === ts.SyntaxKind.ThisKeyword) {
    const owner = getThisOwner(context, root);
    return owner === null || isOfOneRequest(context, owner) ? null : 'field';
  }
  if (!ts.isIdentifier(root)) return null;
  const declaration = getDeclaration(context, root);
  if (!declaration) return null;
  if (declaration.getSourceFile() !== root.getSourceFile()) return 'module';
  if (ts.isClassLike(declaration)) return 'module';
  if (isModuleLevel(context, declaration)) {
    const user = getFunctionAround(context, root);
    return user === null || isTestCallback(context, user) ? null : 'module';
  }
  return isKeptByClosure(context, root, declaration) ? 'closure' : null;
}

/** What is made for each request may remember what it has read: where one is kept for all of them, that is reported. */
const OF_ONE_REQUEST = /Loader|^(?:Per)?Request|^Scoped|UnitOfWork$/;

function isOfOneRequest({ ts }: ProgramContext, owner: ts.Node): boolean {
  return ts.isClassLike(owner) && owner.name !== undefined && OF_ONE_REQUEST.test(owner.name.text);
}

/** Whether a variable belongs to a function that has returned one in which a node is. */
function isKeptByClosure(
  context: ProgramContext,
  node: ts.Identifier,
  declaration: ts.Declaration,
): boolean {
  const { ts } = context;
  if (!ts.isVariableDeclaration(declaration)) return false;
  const owner = getFunctionAround(context, declaration);
  const user = owner && getFunctionBelow(context, node, owner);
  return user !== null && isKeptFunction(context, user);
}

const TEST_FUNCTION = /^(?:(?:before|after)(?:Each|All)?|it|test|describe|suite)$/;

/** What a test prepares is for that test. */
function isTestCallback({ ts }: ProgramContext, node: ts.Node): boolean {
  const call = node.parent;
  return (
    ts.isCallExpression(call) &&
    ts.isIdentifier(call.expression) &&
    TEST_FUNCTION.test(call.expression.text)
  );
}
