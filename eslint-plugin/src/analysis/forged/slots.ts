import type ts from 'typescript';
import { containsLocked, isLocked, isWritable } from '../../vocabulary/contained-state.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getDeclaration } from '../locks/value-origin.js';
import { isEmptyValue } from './empty-values.js';
import { isOpenSelf } from './open-self.js';
import { isAny, isNever } from './type-facts.js';
import {
  compareParameters,
  findConversion,
  mayConvert,
  type Conversion,
} from './unsafe-conversion.js';

/** What is wrong with a value where it is put. */
export type SlotKind = Conversion | 'never' | 'anyDraft' | 'self';

/**
 * What is wrong with an expression in the place where it stands: an argument, an initialiser, what is returned or
 * assigned. `null` when nothing is.
 */
export function getSlotKind(context: ProgramContext, node: ts.Expression): SlotKind | null {
  const { ts, checker } = context;
  const inner = unwrapParentheses(context, node);
  if (ts.isObjectLiteralExpression(inner) || ts.isArrayLiteralExpression(inner)) return null;
  if (isOpenSelf(context, inner)) return 'self';
  const from = checker.getTypeAtLocation(inner);
  if (isNever(context, from)) return getNeverKind(context, inner);
  if (!mayConvert(context, from) || isEmptyValue(context, inner)) return null;
  const to = getWantedType(context, inner);
  if (!to) return null;
  if (isAny(context, from)) return getAnyKind(context, to);
  if (isAny(context, to) && isHandedToPackage(context, inner)) return null;
  if (ts.isArrowFunction(inner) || ts.isFunctionExpression(inner)) {
    return compareCallback(context, from, to);
  }
  return findConversion(context, from, to);
}

function unwrapParentheses({ ts }: ProgramContext, node: ts.Expression): ts.Expression {
  let inner = node;
  while (ts.isParenthesizedExpression(inner)) inner = inner.expression;
  return inner;
}

function takesLock(context: ProgramContext, type: ts.Type): boolean {
  return containsLocked(context, type, 'results') || isWritable(context, type);
}

function getAnyKind(context: ProgramContext, to: ts.Type): SlotKind | null {
  if (containsLocked(context, to, 'results')) return 'any';
  return isWritable(context, to) ? 'anyDraft' : null;
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
  return takesLock(context, declared) ? declared : (contextual ?? null);
}

/** `never` fits everywhere. A call that never returns is none; a variable narrowed to nothing is its declaration's. */
function getNeverKind(context: ProgramContext, node: ts.Expression): SlotKind | null {
  const { ts, checker } = context;
  if (ts.isCallExpression(node)) return null;
  if (ts.isIdentifier(node)) {
    const declaration = getDeclaration(context, node);
    if (!declaration || !isNever(context, checker.getTypeAtLocation(declaration))) return null;
  }
  const to = checker.getContextualType(node);
  return to && (isLocked(context, to) || isWritable(context, to)) ? 'never' : null;
}

/** Packages take `any` to print, to compare or to mock it; none of them writes with it. */
function isHandedToPackage(context: ProgramContext, node: ts.Expression): boolean {
  const { ts, checker } = context;
  const call = node.parent;
  if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return false;
  const declaration = checker.getResolvedSignature(call)?.declaration;
  return declaration?.getSourceFile().isDeclarationFile ?? true;
}

/** What a function returns is checked where it returns it. */
function compareCallback(context: ProgramContext, from: ts.Type, to: ts.Type): SlotKind | null {
  const [given] = from.getCallSignatures();
  const [wanted] = context.checker.getNonNullableType(to).getCallSignatures();
  return given && wanted ? compareParameters(context, given, wanted) : null;
}

/** Whether arguments are spread from `any` into a call that takes a lock. */
export function isUnsafeSpread(context: ProgramContext, node: ts.SpreadElement): boolean {
  const { ts, checker } = context;
  const type = checker.getTypeAtLocation(unwrapExpression(context, node.expression));
  const spread = checker.getTypeAtLocation(node.expression);
  const call = node.parent;
  if (!ts.isCallExpression(call)) return false;
  const element = checker.getIndexTypeOfType(spread, ts.IndexKind.Number);
  const isOpen = isAny(context, spread) || (element !== undefined && isAny(context, element));
  if (!isOpen && !isAny(context, type)) return false;
  const signature = checker.getResolvedSignature(call);
  return (
    signature?.parameters.some((parameter) =>
      takesLock(context, checker.getTypeOfSymbol(parameter)),
    ) ?? false
  );
}
