import type ts from 'typescript';
import {
  compareParameters,
  findConversion,
  mayConvert,
  type Conversion,
} from '../forged/unsafe-conversion.js';
import type { ProgramContext } from '../../program/program-context.js';
import { getCalledName } from '../../program/called-name.js';
import { getOperation } from '../../vocabulary/operation.js';
import { containsLocked, isWritable } from '../../vocabulary/contained-state.js';
import { demandsLock, isAny, isNever } from '../forged/type-facts.js';
import { findReleasedWork } from '../locks/released-results.js';
import { getTracer } from './create-tracer.js';
import { isEmptyValue } from './empty-values.js';
import { isOpenSelf } from './open-self.js';
import type { Reason, Unknown } from './origin.js';

/** What is wrong with a value in the place where it is put. */
export interface SlotProblem {
  readonly kind: Conversion | Reason;
  readonly isDraft: boolean;
  readonly node: ts.Node;
  readonly place?: ts.Node;
}

/**
 * What is wrong with an expression in the place where it stands: an argument, an initialiser, what is returned or
 * assigned. `null` when nothing is, or when the place demands no lock.
 */
export function findSlotProblem(context: ProgramContext, node: ts.Expression): SlotProblem | null {
  const { ts, checker } = context;
  const inner = unwrapParentheses(context, node);
  if (isOpenSelf(context, inner)) return { kind: 'self', isDraft: true, node: inner };
  const type = checker.getTypeAtLocation(node);
  if (isNever(context, type) || isAny(context, type)) return findOfOpenType(context, node, type);
  if (!ts.isObjectLiteralExpression(inner) && !ts.isArrayLiteralExpression(inner)) {
    const kind = mayConvert(context, type) && findSlotConversion(context, inner, type);
    if (kind) return { kind, isDraft: false, node: inner };
  }
  return findUnknownLock(context, node, type) ?? findUnknownDraft(context, node);
}

/** `any` and `never` fit everywhere: whether they are taken for a lock is for the place to say. */
function findOfOpenType(
  context: ProgramContext,
  node: ts.Expression,
  type: ts.Type,
): SlotProblem | null {
  if (isEmptyValue(context, node)) return null;
  const wanted = getWantedType(context, node);
  if (!wanted) return null;
  const isLock = isAny(context, type)
    ? containsLocked(context, wanted, 'results')
    : containsLocked(context, wanted);
  const isDraft = !isLock && isWritable(context, wanted);
  if (!isLock && !isDraft) return null;
  const unknown = getTracer(context, isLock ? 'lock' : 'draft').trace(node, null);
  return unknown && problemOf(unknown, isDraft);
}

function findUnknownLock(
  context: ProgramContext,
  node: ts.Expression,
  type: ts.Type,
): SlotProblem | null {
  const tracer = getTracer(context, 'lock');
  if (!tracer.holds(type, null)) return null;
  const unknown = tracer.trace(node, null);
  if (!unknown || !isDemanded(context, node) || isSeenAsEscape(context, unknown)) return null;
  return problemOf(unknown, false);
}

/** no-escaped-lock says it where the work is handed over. */
function isSeenAsEscape(context: ProgramContext, { reason, node }: Unknown): boolean {
  const { ts } = context;
  if (reason !== 'released' || !(ts.isCallExpression(node) || ts.isNewExpression(node)))
    return false;
  return findReleasedWork(context, node) !== null;
}

/** What is wrong with the object of `room.admit(user)`, where the method says `this: Locked<Room>`. */
export function findReceiverProblem(
  context: ProgramContext,
  call: ts.CallExpression,
): SlotProblem | null {
  const { ts, checker } = context;
  const { expression: callee } = call;
  if (!ts.isPropertyAccessExpression(callee) && !ts.isElementAccessExpression(callee)) return null;
  const receiver = callee.expression;
  const tracer = getTracer(context, 'lock');
  if (!tracer.holds(checker.getTypeAtLocation(receiver), null)) return null;
  const [self] = checker.getResolvedSignature(call)?.declaration?.parameters ?? [];
  const wantsLock =
    self !== undefined &&
    ts.isParameter(self) &&
    ts.isIdentifier(self.name) &&
    self.name.text === 'this' &&
    containsLocked(context, checker.getTypeAtLocation(self), 'results');
  const unknown = wantsLock ? tracer.trace(receiver, null) : null;
  return unknown && !isSeenAsEscape(context, unknown) ? problemOf(unknown, false) : null;
}

function isDemanded(context: ProgramContext, node: ts.Expression): boolean {
  const wanted = getWantedType(context, node);
  return wanted !== null && containsLocked(context, wanted, 'results');
}

/** Drafts are followed from where they are saved. */
export function findUnknownDraft(context: ProgramContext, node: ts.Expression): SlotProblem | null {
  const { ts } = context;
  const call = node.parent;
  if (!ts.isCallExpression(call) || call.arguments[0] !== node) return null;
  const operation = getOperation(context, call)?.name;
  if (operation !== 'save' && operation !== 'saveMany') return null;
  const unknown = getTracer(context, 'draft').trace(node, null);
  return unknown && problemOf(unknown, true);
}

function problemOf({ reason, node, place }: Unknown, isDraft: boolean): SlotProblem {
  return { kind: reason, isDraft, node, ...(place && { place }) };
}

function findSlotConversion(
  context: ProgramContext,
  node: ts.Expression,
  from: ts.Type,
): Conversion | null {
  const { ts } = context;
  if (isEmptyValue(context, node)) return null;
  if (isCalledByReflection(context, node)) return 'widened';
  const to = getWantedType(context, node);
  if (!to) return null;
  if (isAny(context, to) && isHandedToPackage(context, node)) return null;
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
    return compareCallback(context, from, to);
  }
  return findConversion(context, from, to);
}

/** `Function.prototype.call.call(accounts.update, accounts, seen)`: what is called so is not asked what it takes. */
function isCalledByReflection(context: ProgramContext, node: ts.Expression): boolean {
  const { ts, checker } = context;
  const call = node.parent;
  if (!ts.isCallExpression(call) || call.arguments[0] !== node) return false;
  const called = getCalledName(context, call);
  if (!called?.receiver || !BORROWING.test(called.name)) return false;
  const { receiver } = called;
  const isBorrowed = ts.isPropertyAccessExpression(receiver) && BORROWING.test(receiver.name.text);
  return isBorrowed && demandsLock(context, checker.getTypeAtLocation(node));
}

const BORROWING = /^(?:call|apply|bind)$/;

function unwrapParentheses({ ts }: ProgramContext, node: ts.Expression): ts.Expression {
  let inner = node;
  while (ts.isParenthesizedExpression(inner)) inner = inner.expression;
  return inner;
}

/** What a place demands; for a generic that any of its arguments fits, what it demands of its type parameter. */
function getWantedType(context: ProgramContext, node: ts.Expression): ts.Type | null {
  const { ts, checker } = context;
  const contextual = checker.getContextualType(node);
  if (contextual && !isAny(context, contextual)) return contextual;
  const call = node.parent;
  if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return contextual ?? null;
  const index = call.arguments?.indexOf(node) ?? -1;
  const declaration = checker.getResolvedSignature(call)?.declaration;
  const parameter = index >= 0 ? declaration?.parameters[index] : undefined;
  if (!parameter || ts.isJSDocParameterTag(parameter)) return contextual ?? null;
  const declared = checker.getTypeAtLocation(parameter);
  const takesEntity = containsLocked(context, declared, 'results') || isWritable(context, declared);
  return takesEntity ? declared : (contextual ?? null);
}

/** Packages take `any` to print, to compare or to mock it; none of them writes with it. */
function isHandedToPackage(context: ProgramContext, node: ts.Expression): boolean {
  const { ts, checker } = context;
  const call = node.parent;
  if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return false;
  // `Function.prototype.call.call(accounts.update, …)`
  const name = ts.isCallExpression(call) ? getCalledName(context, call)?.name : undefined;
  if (name !== undefined && /^(?:call|apply|bind)$/.test(name)) return false;
  const declaration = checker.getResolvedSignature(call)?.declaration;
  return declaration?.getSourceFile().isDeclarationFile ?? true;
}

/** What a function returns is checked where it returns it. */
function compareCallback(context: ProgramContext, from: ts.Type, to: ts.Type): Conversion | null {
  const wanted = context.checker.getNonNullableType(to);
  const [given] = from.getCallSignatures();
  const [signature] = wanted.getCallSignatures();
  if (!given) return null;
  if (!signature) return findConversion(context, from, wanted);
  return compareParameters(context, given, signature);
}

/** Whether arguments or properties are spread from `any` into something that takes a lock. */
export function isUnsafeSpread(
  context: ProgramContext,
  node: ts.SpreadElement | ts.SpreadAssignment,
): boolean {
  const { ts, checker } = context;
  const spread = checker.getTypeAtLocation(node.expression);
  const owner = node.parent;
  if (ts.isObjectLiteralExpression(owner)) {
    if (!isAny(context, spread)) return false;
    const wanted = checker.getContextualType(owner);
    return wanted !== undefined && containsLocked(context, wanted);
  }
  if (!ts.isCallExpression(owner) && !ts.isNewExpression(owner)) return false;
  const elements = checker.isTupleType(spread)
    ? checker.getTypeArguments(spread as ts.TypeReference)
    : [checker.getIndexTypeOfType(spread, ts.IndexKind.Number)];
  const isOpen =
    isAny(context, spread) ||
    elements.some((element) => element !== undefined && isAny(context, element));
  if (!isOpen) return false;
  const signature = checker.getResolvedSignature(owner);
  return (
    signature?.parameters.some((parameter) => {
      const type = checker.getTypeOfSymbol(parameter);
      return containsLocked(context, type, 'results') || isWritable(context, type);
    }) ?? false
  );
}
