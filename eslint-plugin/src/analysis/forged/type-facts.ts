import type ts from 'typescript';
import { containsLocked, isLocked } from '../../vocabulary/contained-state.js';
import { isDeclaredByRuntime } from '../../program/runtime-package.js';
import { getRepositoryModel } from '../../vocabulary/entity-type.js';
import type { ProgramContext } from '../../program/program-context.js';

/** Deeper than this, a type is not looked through: a container of dependencies, or a message with all its envelopes. */
const DEPTH = 8;

export function isAny({ ts }: ProgramContext, type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Any) !== 0;
}

/** Whether a type has no values: `never`, and what two states at once amount to. */
export function isNever({ ts, checker }: ProgramContext, type: ts.Type): boolean {
  if (type.isIntersection()) return checker.isTypeAssignableTo(type, checker.getNeverType());
  return (type.flags & ts.TypeFlags.Never) !== 0;
}

export function isObject({ ts }: ProgramContext, type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
}

/** The type without `null`, `undefined` and `void`, as its members. */
export function getPresentMembers({ ts }: ProgramContext, type: ts.Type): readonly ts.Type[] {
  const { Null, Undefined, Void } = ts.TypeFlags;
  const members = type.isUnion() ? type.types : [type];
  return members.filter((member) => (member.flags & (Null | Undefined | Void)) === 0);
}

/** Whether a type may be `null` or `undefined`. */
export function isNullable(context: ProgramContext, type: ts.Type): boolean {
  return getPresentMembers(context, type).length < (type.isUnion() ? type.types.length : 1);
}

const anyHolders = new WeakMap<ts.Type, boolean>();

/** Whether there is an `any` in a type: in what it holds, in its type arguments, in what it returns. */
export function hidesAny(context: ProgramContext, type: ts.Type, depth = DEPTH): boolean {
  if (isAny(context, type)) return true;
  if (depth === 0) return false;
  if (!type.isUnion() && isLocked(context, type)) return isLockOfAny(context, type);
  const known = anyHolders.get(type);
  if (known !== undefined) return known;
  anyHolders.set(type, false);
  const result = getInnerTypes(context, type).some((inner) => hidesAny(context, inner, depth - 1));
  anyHolders.set(type, result);
  return result;
}

function getInnerTypes(context: ProgramContext, type: ts.Type): readonly ts.Type[] {
  const { checker } = context;
  if (type.isUnionOrIntersection()) return type.types;
  if (!isObject(context, type)) return [];
  if (isOfPackage(type)) return getTypeArguments(context, type);
  return [
    ...getTypeArguments(context, type),
    ...checker.getIndexInfosOfType(type).map((info) => info.type),
    ...type.getCallSignatures().map((signature) => signature.getReturnType()),
    ...type.getProperties().map((property) => checker.getTypeOfSymbol(property)),
  ];
}

/** Whether a type is `Locked<any>`, which is taken for a lock of every model. */
export function isLockOfAny(context: ProgramContext, type: ts.Type): boolean {
  if (!type.isIntersection()) return false;
  return type.types.some((member) =>
    getTypeArguments(context, member).some((argument) => isAny(context, argument)),
  );
}

export function getTypeArguments(
  { ts, checker }: ProgramContext,
  type: ts.Type,
): readonly ts.Type[] {
  const isReference = (type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference;
  return isReference ? checker.getTypeArguments(type as ts.TypeReference) : [];
}

/** The store hands out repositories. */
function isStore({ program }: ProgramContext, type: ts.Type): boolean {
  const declaration = type.symbol?.declarations?.[0];
  return (
    type.symbol?.name === 'Store' &&
    declaration !== undefined &&
    isDeclaredByRuntime(program, declaration)
  );
}

/** A named type of a package or of the language. */
function isOfPackage(type: ts.Type): boolean {
  const declaration = type.symbol?.declarations?.[0];
  return declaration?.getSourceFile().isDeclarationFile === true;
}

const demanding = new WeakMap<ts.Type, boolean>();

/** Whether a type is a function that demands a lock, a repository, or an object with either. */
export function demandsLock(context: ProgramContext, type: ts.Type, depth = DEPTH): boolean {
  if (depth === 0 || (!isObject(context, type) && !type.isUnion())) return false;
  const known = demanding.get(type);
  if (known !== undefined) return known;
  demanding.set(type, false);
  const result = findDemand(context, type, depth);
  demanding.set(type, result);
  return result;
}

function findDemand(context: ProgramContext, type: ts.Type, depth: number): boolean {
  const { checker } = context;
  if (isLocked(context, type)) return false;
  if (checker.isArrayType(type) || checker.isTupleType(type)) {
    return getTypeArguments(context, type).some((item) => demandsLock(context, item, depth - 1));
  }
  if (type.isUnion()) return type.types.some((member) => demandsLock(context, member, depth));
  if (getRepositoryModel(context, type)) return true;
  const signatures = [...type.getCallSignatures(), ...type.getConstructSignatures()];
  const isDemanding = signatures.some(
    (signature) =>
      signature.parameters.some((parameter) =>
        containsLocked(context, checker.getTypeOfSymbol(parameter)),
      ) || demandsLock(context, signature.getReturnType(), depth - 1),
  );
  if (isDemanding) return true;
  if (isOfPackage(type) && !isStore(context, type)) return false;
  return type
    .getProperties()
    .some((property) => demandsLock(context, checker.getTypeOfSymbol(property), depth - 1));
}
