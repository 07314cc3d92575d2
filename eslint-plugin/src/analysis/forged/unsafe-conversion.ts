import type ts from 'typescript';
import { containsLocked, isLocked } from '../../vocabulary/contained-state.js';
import { getRepositoryModel } from '../../vocabulary/entity-type.js';
import type { ProgramContext } from '../../program/program-context.js';
import {
  demandsLock,
  getPresentMembers,
  getTypeArguments,
  hidesAny,
  isAny,
  isLockOfAny,
  isNever,
  isObject,
} from './type-facts.js';

/**
 * How a conversion that compiles makes a lock of something else: `any` is taken for one, a function that demands one
 * is called with less, or what demands one is handed on as something that does not.
 */
export type Conversion = 'any' | 'narrowed' | 'widened';

/** Deeper than this, two types are not compared. */
const DEPTH = 8;

const conversions = new WeakMap<ts.Type, WeakMap<ts.Type, Conversion | null>>();

/** Whether a type is worth comparing with what it is converted to. */
export function mayConvert(context: ProgramContext, from: ts.Type): boolean {
  return hidesAny(context, from) || demandsLock(context, from);
}

/** What is wrong with a conversion that the compiler accepts; `null` when nothing is. */
export function findConversion(
  context: ProgramContext,
  from: ts.Type,
  to: ts.Type,
  depth = DEPTH,
): Conversion | null {
  if (from === to || depth === 0) return null;
  let known = conversions.get(from);
  if (!known) conversions.set(from, (known = new WeakMap()));
  const answer = known.get(to);
  if (answer !== undefined) return answer;
  known.set(to, null);
  const result = compare(context, from, to, depth);
  known.set(to, result);
  return result;
}

function compare(
  context: ProgramContext,
  from: ts.Type,
  to: ts.Type,
  depth: number,
): Conversion | null {
  const { checker } = context;
  if (isAny(context, from)) return containsLocked(context, to, 'results') ? 'any' : null;
  if (isAny(context, to)) return demandsLock(context, from) ? 'widened' : null;
  if (isNever(context, from)) return null;
  if (from.isUnion()) {
    return firstOf(from.types, (member) => findConversion(context, member, to, depth));
  }
  if (to.isUnion()) {
    const fitting = getPresentMembers(context, to).filter((member) =>
      checker.isTypeAssignableTo(from, member),
    );
    const results = fitting.map((member) => findConversion(context, from, member, depth));
    return results.includes(null) ? null : (results[0] ?? null);
  }
  if (!isObject(context, from) || !isObject(context, to)) return null;
  if (isLocked(context, from)) {
    return isLockOfAny(context, from) && isLocked(context, to) && !isLockOfAny(context, to)
      ? 'any'
      : null;
  }
  if (isFunctionType(to)) return demandsLock(context, from) ? 'widened' : null;
  return (
    compareRepositories(context, from, to) ??
    compareArguments(context, from, to, depth) ??
    compareSignatures(context, from, to, depth) ??
    compareElements(context, from, to, depth) ??
    compareProperties(context, from, to, depth)
  );
}

function firstOf<T>(items: readonly T[], find: (item: T) => Conversion | null): Conversion | null {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return null;
}

/** The interface `Function`, which says nothing of what it takes. */
function isFunctionType(type: ts.Type): boolean {
  return type.symbol?.name === 'Function' && type.getCallSignatures().length === 0;
}

/** `Repository<any>` takes the locks of every model. */
function compareRepositories(
  context: ProgramContext,
  from: ts.Type,
  to: ts.Type,
): Conversion | null {
  if (!getRepositoryModel(context, from) || !getRepositoryModel(context, to)) return null;
  if (hasAnyModel(context, from)) return hasAnyModel(context, to) ? null : 'any';
  return hasAnyModel(context, to) ? 'widened' : null;
}

/** Whether a type is `Repository<any>`. */
export function hasAnyModel(context: ProgramContext, type: ts.Type): boolean {
  return getTypeArguments(context, type).some((argument) => isAny(context, argument));
}

/** The type arguments of two instances of one generic, or of two containers. */
function compareArguments(
  context: ProgramContext,
  from: ts.Type,
  to: ts.Type,
  depth: number,
): Conversion | null {
  const given = getTypeArguments(context, from);
  const wanted = getTypeArguments(context, to);
  for (const [index, argument] of wanted.entries()) {
    const source = given[index];
    const found = source && findConversion(context, source, argument, depth - 1);
    if (found === 'any' || (found && isList(context, to))) return found;
  }
  return null;
}

function isList({ checker }: ProgramContext, type: ts.Type): boolean {
  return checker.isArrayType(type) || checker.isTupleType(type);
}

function compareSignatures(
  context: ProgramContext,
  from: ts.Type,
  to: ts.Type,
  depth: number,
): Conversion | null {
  const [given] = from.getCallSignatures();
  const [wanted] = to.getCallSignatures();
  if (given && wanted) return compareSignature(context, given, wanted, depth);
  const [made] = from.getConstructSignatures();
  const [asked] = to.getConstructSignatures();
  return made && asked ? compareSignature(context, made, asked, depth) : null;
}

function compareSignature(
  context: ProgramContext,
  given: ts.Signature,
  wanted: ts.Signature,
  depth: number,
): Conversion | null {
  return (
    compareParameters(context, given, wanted) ??
    findConversion(context, given.getReturnType(), wanted.getReturnType(), depth - 1)
  );
}

/** A function that demands a lock, where it will be called with something else. */
export function compareParameters(
  context: ProgramContext,
  given: ts.Signature,
  wanted: ts.Signature,
): Conversion | null {
  const { ts, checker } = context;
  for (const [index, parameter] of given.parameters.entries()) {
    const demanded = checker.getTypeOfSymbol(parameter);
    if (!containsLocked(context, demanded)) continue;
    const passed = getParameterType(context, wanted, index);
    if (!passed || passed.flags & ts.TypeFlags.Instantiable) continue;
    if (isAny(context, passed)) return 'any';
    // What a generic takes is inferred from what it is given.
    if (given.typeParameters && containsLocked(context, passed)) continue;
    if (!checker.isTypeAssignableTo(passed, demanded)) return 'narrowed';
  }
  return null;
}

function getParameterType(
  context: ProgramContext,
  signature: ts.Signature,
  index: number,
): ts.Type | null {
  const { ts, checker } = context;
  const last = signature.parameters.at(-1);
  const parameter = signature.parameters[index] ?? last;
  if (!parameter) return null;
  const type = checker.getTypeOfSymbol(parameter);
  const declaration = parameter.valueDeclaration;
  const isRest = declaration && ts.isParameter(declaration) && declaration.dotDotDotToken;
  if (!isRest) return parameter === signature.parameters[index] ? type : null;
  return isAny(context, type) ? type : (getTypeArguments(context, type)[0] ?? null);
}

function compareElements(
  context: ProgramContext,
  from: ts.Type,
  to: ts.Type,
  depth: number,
): Conversion | null {
  const { checker } = context;
  return firstOf(checker.getIndexInfosOfType(to), ({ type, keyType }) => {
    if (isAny(context, type) && demandsLock(context, from)) return 'widened';
    const given = checker.getIndexInfosOfType(from).find((info) => info.keyType === keyType);
    if (given) return findConversion(context, given.type, type, depth - 1);
    if (isList(context, from) || from.isClassOrInterface()) return null;
    return firstOf(from.getProperties(), (property) =>
      findConversion(context, checker.getTypeOfSymbol(property), type, depth - 1),
    );
  });
}

function compareProperties(
  context: ProgramContext,
  from: ts.Type,
  to: ts.Type,
  depth: number,
): Conversion | null {
  const { checker } = context;
  return firstOf(to.getProperties(), (property) => {
    const given = checker.getPropertyOfType(from, property.name);
    if (!given || given === property) return null;
    const wanted = checker.getTypeOfSymbol(property);
    return findConversion(context, checker.getTypeOfSymbol(given), wanted, depth - 1);
  });
}
