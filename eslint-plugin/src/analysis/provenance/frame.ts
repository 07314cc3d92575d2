import type ts from 'typescript';
import type { FunctionWithBody } from '../../program/callee.js';
import type { ProgramContext } from '../../program/program-context.js';

/** A call that is being looked into: the function, and what its parameters stand for. */
export interface Frame {
  readonly callee: FunctionWithBody;
  readonly call: ts.CallExpression | null;
  /** Around the call. */
  readonly outer: Frame | null;
  readonly depth: number;
}

/** More calls deep than this, nothing is followed: whatever is there is taken for known. */
export const MAX_DEPTH = 6;

export function enter(
  callee: FunctionWithBody,
  call: ts.CallExpression | null,
  outer: Frame | null,
): Frame {
  return { callee, call, outer, depth: (outer?.depth ?? 0) + 1 };
}

/** The frame in which a parameter is bound; `null` when it belongs to no function that is being looked into. */
export function findFrame(frame: Frame | null, parameter: ts.Node): Frame | null {
  for (let current = frame; current; current = current.outer) {
    if (current.callee === parameter.parent) return current;
  }
  return null;
}

/** How deep a type is searched for a type parameter. */
const TYPE_DEPTH = 4;

const mentions = new WeakMap<ts.Type, boolean>();

/** Whether a value of a type can hold what a type parameter stands for. */
export function mentionsTypeParameter(
  context: ProgramContext,
  type: ts.Type,
  depth = TYPE_DEPTH,
): boolean {
  const known = mentions.get(type);
  if (known !== undefined) return known;
  if (depth === 0) return false;
  mentions.set(type, false);
  const result = findTypeParameter(context, type, depth);
  if (result || depth === TYPE_DEPTH) mentions.set(type, result);
  else mentions.delete(type);
  return result;
}

function findTypeParameter(context: ProgramContext, type: ts.Type, depth: number): boolean {
  const { ts, checker } = context;
  const { TypeParameter, IndexedAccess, Conditional, Substitution, Object } = ts.TypeFlags;
  if (type.flags & (TypeParameter | IndexedAccess | Conditional | Substitution)) return true;
  const inner = (member: ts.Type): boolean => mentionsTypeParameter(context, member, depth - 1);
  if (type.isUnionOrIntersection()) return type.types.some(inner);
  if (type.aliasTypeArguments?.some(inner)) return true;
  if (!(type.flags & Object)) return false;
  const isReference = (type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference;
  if (isReference && checker.getTypeArguments(type as ts.TypeReference).some(inner)) return true;
  if (type.getCallSignatures().some((signature) => inner(signature.getReturnType()))) return true;
  const declaration = type.symbol?.declarations?.[0];
  if (isReference || !declaration || declaration.getSourceFile().isDeclarationFile) return false;
  return type.getProperties().some((property) => inner(checker.getTypeOfSymbol(property)));
}
