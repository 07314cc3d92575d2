import type ts from 'typescript';
import { containsLocked, isLocked, isWritable } from '../../vocabulary/contained-state.js';
import { getEntityType } from '../../vocabulary/entity-type.js';
import { getOperation } from '../../vocabulary/operation.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getDeclaration } from '../locks/value-origin.js';
import { isEmptyValue } from '../provenance/empty-values.js';
import {
  demandsLock,
  getPresentMembers,
  hidesAny,
  isAny,
  isNever,
  isNullable,
} from './type-facts.js';
import { findConversion } from './unsafe-conversion.js';

/** What an assertion claims that nothing has shown. */
export type AssertedKind = 'asserted' | 'present' | 'draft' | 'widened' | 'narrowed';

/** What is wrong with `x as T` or `<T>x`; `null` when nothing is. */
export function getAssertedKind(
  context: ProgramContext,
  node: ts.AssertionExpression,
): AssertedKind | null {
  const { ts, checker } = context;
  if (ts.isConstTypeReference(node.type)) return null;
  const from = checker.getTypeAtLocation(node.expression);
  const to = checker.getTypeAtLocation(node);
  if (isOpen(context, to)) {
    const isHidden = isAny(context, to) || isAssertedAgain(context, node);
    return isHidden && demandsLock(context, from) ? 'widened' : null;
  }
  if (isNever(context, to)) return isEntity(context, from) ? 'asserted' : null;
  const isLock = containsLocked(context, to, 'results');
  if (!isLock && !isWritable(context, to)) return getConversion(context, from, to);
  if (isEmptyValue(context, node.expression)) return null;
  if (!hidesAny(context, from) && checker.isTypeAssignableTo(from, to)) {
    return getConversion(context, from, to);
  }
  if (isOnlyPresence(context, from, to)) {
    return isSurelyPresent(context, node.expression) ? null : 'present';
  }
  if (isLock) return isOfSameModel(context, from, to) ? null : 'asserted';
  return isOfDraft(context, from) ? null : 'draft';
}

/** `never` fits everywhere, and an entity is never nothing. */
function isEntity(context: ProgramContext, type: ts.Type): boolean {
  return getPresentMembers(context, type).some((member) => getEntityType(context, member) !== null);
}

/** A type that says nothing: `any`, `unknown`, `object`. */
function isOpen({ ts }: ProgramContext, type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive)) !== 0;
}

function isAssertedAgain({ ts }: ProgramContext, node: ts.Node): boolean {
  let { parent } = node;
  while (ts.isParenthesizedExpression(parent)) parent = parent.parent;
  return ts.isAsExpression(parent) || ts.isTypeAssertionExpression(parent);
}

function getConversion(context: ProgramContext, from: ts.Type, to: ts.Type): AssertedKind | null {
  if (isAny(context, from) || !demandsLock(context, from)) return null;
  const found = findConversion(context, from, to);
  return found === 'any' ? 'narrowed' : found;
}

/** The same value, only that it is there. */
function isOnlyPresence(context: ProgramContext, from: ts.Type, to: ts.Type): boolean {
  if (!isNullable(context, from) || isNullable(context, to)) return false;
  const members = getPresentMembers(context, from);
  return (
    members.length > 0 &&
    members.every(
      (member) => !isAny(context, member) && context.checker.isTypeAssignableTo(member, to),
    )
  );
}

/** A lock of a model that extends another one, taken for a lock of that. */
function isOfSameModel(context: ProgramContext, from: ts.Type, to: ts.Type): boolean {
  if (!isLocked(context, from) || !isLocked(context, to)) return false;
  if (from.isUnion() || hidesAny(context, from)) return false;
  // A type parameter stands for a subclass, and its lock is no less one.
  return getEntityType(context, from)?.model === null;
}

/** A draft that was widened is still one. */
function isOfDraft(context: ProgramContext, type: ts.Type): boolean {
  return getPresentMembers(context, type).every((member) => isWritable(context, member));
}

/** Whether `x!` says of a lock that may be missing that it is there. */
export function isUncheckedPresence(context: ProgramContext, node: ts.NonNullExpression): boolean {
  const { checker } = context;
  const type = checker.getTypeAtLocation(node.expression);
  if (!isNullable(context, type) || !isLocked(context, type)) return false;
  return !isSurelyPresent(context, node.expression);
}

/** An element of what `lockMany` returns for as many refs: it throws when one of them is missing. */
function isSurelyPresent(context: ProgramContext, node: ts.Expression): boolean {
  const { ts } = context;
  const inner = unwrapExpression(context, node);
  if (ts.isElementAccessExpression(inner)) {
    const index = Number(inner.argumentExpression.getText());
    return index < countLocks(context, inner.expression);
  }
  if (!ts.isIdentifier(inner)) return false;
  const declaration = getDeclaration(context, inner);
  if (!declaration || !ts.isBindingElement(declaration)) return false;
  const pattern = declaration.parent;
  if (!ts.isArrayBindingPattern(pattern) || !ts.isVariableDeclaration(pattern.parent)) return false;
  const source = pattern.parent.initializer;
  return (
    source !== undefined && pattern.elements.indexOf(declaration) < countLocks(context, source)
  );
}

/** How many locks `lockMany` surely returns; 0 when that is not to be seen. */
function countLocks(context: ProgramContext, node: ts.Expression): number {
  const { ts } = context;
  const inner = unwrapExpression(context, node);
  if (ts.isAwaitExpression(inner)) return countLocks(context, inner.expression);
  if (ts.isIdentifier(inner)) {
    const declaration = getDeclaration(context, inner);
    const isConstant =
      declaration &&
      ts.isVariableDeclaration(declaration) &&
      (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
    return isConstant && declaration.initializer ? countLocks(context, declaration.initializer) : 0;
  }
  if (!ts.isCallExpression(inner) || getOperation(context, inner)?.name !== 'lockMany') return 0;
  const [refs] = inner.arguments;
  if (!refs || !ts.isArrayLiteralExpression(refs)) return 0;
  return refs.elements.some(ts.isSpreadElement) ? 0 : refs.elements.length;
}
