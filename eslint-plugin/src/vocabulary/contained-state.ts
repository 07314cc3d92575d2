import type ts from 'typescript';
import { getState, type EntityType } from './entity-type.js';
import type { ProgramContext } from '../program/program-context.js';
import { isDeclaredByRuntime } from '../program/runtime-package.js';

type State = EntityType['state'];

/** How far a type is searched: what a value holds, or also what functions and constructors in it return. */
export type Reach = 'data' | 'results';

/** Deeper than this, nobody hides an entity by accident. */
const DEPTH = 4;

const LOCKED: ReadonlySet<State> = new Set<State>(['locked']);
const STORED: ReadonlySet<State> = new Set<State>(['locked', 'persistent']);
const WRITABLE: ReadonlySet<State> = new Set<State>(['locked', 'transient']);

/** Whether a value of the type is a `Locked`, or may be one: through unions, generics and subclasses. */
export function isLocked(context: ProgramContext, type: ts.Type): boolean {
  return hasState(context, type, LOCKED);
}

/** Whether a value of the type is a `Persistent` or a `Locked`, or may be one. */
export function isStored(context: ProgramContext, type: ts.Type): boolean {
  return hasState(context, type, STORED);
}

/** Whether a value of the type is what `save` takes, or may be. */
export function isWritable(context: ProgramContext, type: ts.Type): boolean {
  return hasState(context, type, WRITABLE);
}

function hasState(
  context: ProgramContext,
  type: ts.Type,
  states: ReadonlySet<State>,
  depth = DEPTH,
): boolean {
  const { ts, checker } = context;
  if (depth === 0 || !mayHold(context, type)) return false;
  if (type.isUnion()) {
    return type.types.some((member) => hasState(context, member, states, depth));
  }
  if (type.flags & ts.TypeFlags.Instantiable) {
    const constraint = checker.getBaseConstraintOfType(type);
    return constraint !== undefined && constraint !== type
      ? hasState(context, constraint, states, depth - 1)
      : false;
  }
  const state = getCachedState(context, type);
  return state !== null && states.has(state);
}

const NAMES: ReadonlyMap<string, State> = new Map<string, State>([
  ['Locked', 'locked'],
  ['Persistent', 'persistent'],
  ['Ref', 'ref'],
  ['Transient', 'transient'],
]);

/** The state that the name of a type says, where a generic leaves its model open: `Locked<InstanceType<C>>`. */
function getNamedState({ program }: ProgramContext, { aliasSymbol }: ts.Type): State | null {
  const state = aliasSymbol && NAMES.get(aliasSymbol.name);
  const declaration = aliasSymbol?.declarations?.[0];
  return state && declaration && isDeclaredByRuntime(program, declaration) ? state : null;
}

const states = new WeakMap<ts.Type, State | null>();

function getCachedState(context: ProgramContext, type: ts.Type): State | null {
  const known = states.get(type);
  if (known !== undefined) return known;
  const found = getState(context, type);
  const shown = found === 'transient' || isBranded(context, type) ? found : null;
  const state = shown ?? getNamedState(context, type);
  states.set(type, state);
  return state;
}

/** Whether a type has the protected member of a stored state, which a spread or a mapped type of it has not. */
function isBranded({ ts, program }: ProgramContext, type: ts.Type): boolean {
  return type.getProperties().some(({ valueDeclaration }) => {
    if (!valueDeclaration || !ts.isPropertyDeclaration(valueDeclaration)) return false;
    const isProtected = ts.getCombinedModifierFlags(valueDeclaration) & ts.ModifierFlags.Protected;
    return isProtected !== 0 && isDeclaredByRuntime(program, valueDeclaration);
  });
}

/** Whether anything that needs to be looked at can be in a type: not in a string, nor in `any`. */
function mayHold({ ts }: ProgramContext, type: ts.Type): boolean {
  const { Object, Union, Intersection, Instantiable } = ts.TypeFlags;
  return (type.flags & (Object | Union | Intersection | Instantiable)) !== 0;
}

const known = {
  locked: { data: new WeakMap<ts.Type, boolean>(), results: new WeakMap<ts.Type, boolean>() },
  stored: { data: new WeakMap<ts.Type, boolean>(), results: new WeakMap<ts.Type, boolean>() },
  writable: { data: new WeakMap<ts.Type, boolean>(), results: new WeakMap<ts.Type, boolean>() },
};

/**
 * Whether a value of the type shows a `Locked`: in properties, arrays, tuples, promises, maps, sets, type arguments;
 * with `results`, in what a function or constructor returns as well.
 */
export function containsLocked(
  context: ProgramContext,
  type: ts.Type,
  reach: Reach = 'data',
): boolean {
  return contains(context, type, { states: LOCKED, reach, known: known.locked[reach] });
}

/** Whether a value of the type shows a `Persistent` or a `Locked`, as {@link containsLocked} does. */
export function containsStored(
  context: ProgramContext,
  type: ts.Type,
  reach: Reach = 'data',
): boolean {
  return contains(context, type, { states: STORED, reach, known: known.stored[reach] });
}

/** Whether a value of the type shows what `save` takes, also in what a function returns. */
export function containsWritable(context: ProgramContext, type: ts.Type): boolean {
  return contains(context, type, {
    states: WRITABLE,
    reach: 'results',
    known: known.writable.results,
  });
}

interface Search {
  readonly states: ReadonlySet<State>;
  readonly reach: Reach;
  readonly known: WeakMap<ts.Type, boolean>;
}

function contains(context: ProgramContext, type: ts.Type, search: Search, depth = DEPTH): boolean {
  if (depth === 0 || !mayHold(context, type)) return false;
  const answer = search.known.get(type);
  if (answer !== undefined) return answer;
  search.known.set(type, false);
  const result = findState(context, type, search, depth);
  // What was found is found; what was not may have been too deep, seen from here.
  if (result || depth === DEPTH) search.known.set(type, result);
  else search.known.delete(type);
  return result;
}

function findState(context: ProgramContext, type: ts.Type, search: Search, depth: number): boolean {
  const { ts, checker } = context;
  const inner = (member: ts.Type | undefined): boolean =>
    member !== undefined && contains(context, member, search, depth - 1);
  if (type.isUnion()) {
    return type.types.some((member) => contains(context, member, search, depth));
  }
  if (type.flags & ts.TypeFlags.Instantiable) {
    const constraint = checker.getBaseConstraintOfType(type);
    return constraint !== type && inner(constraint);
  }
  const state = getCachedState(context, type);
  if (state !== null) return search.states.has(state);
  if (type.isIntersection()) return type.types.some(inner);
  if (search.reach === 'results') {
    const signatures = [...type.getCallSignatures(), ...type.getConstructSignatures()];
    if (signatures.some((signature) => inner(signature.getReturnType()))) return true;
  }
  if (isOfRuntime(context, type)) return false;
  if (checker.isArrayType(type) || checker.isTupleType(type) || isExternal(type)) {
    return getTypeArguments(context, type).some(inner);
  }
  const hasElement = checker.getIndexInfosOfType(type).some((info) => inner(info.type));
  return (
    hasElement || getDataProperties(context, type).some((p) => inner(checker.getTypeOfSymbol(p)))
  );
}

/** The properties that hold something; methods come with the class. */
function getDataProperties({ ts }: ProgramContext, type: ts.Type): readonly ts.Symbol[] {
  return type.getProperties().filter((property) => !(property.flags & ts.SymbolFlags.Method));
}

function getTypeArguments({ ts, checker }: ProgramContext, type: ts.Type): readonly ts.Type[] {
  const isReference = (type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference;
  return isReference ? checker.getTypeArguments(type as ts.TypeReference) : [];
}

/** A repository, a store or a model's class is no container of entities. */
function isOfRuntime({ program }: ProgramContext, type: ts.Type): boolean {
  const declaration = type.symbol?.declarations?.[0];
  return declaration !== undefined && isDeclaredByRuntime(program, declaration);
}

/** A class or interface of a package or of the language: it is known by its type arguments alone. */
function isExternal(type: ts.Type): boolean {
  const declaration = type.symbol?.declarations?.[0];
  if (!declaration || (!type.isClassOrInterface() && !isGenericInstance(type))) return false;
  return declaration.getSourceFile().isDeclarationFile;
}

function isGenericInstance(type: ts.Type): boolean {
  const { target } = type as Partial<ts.TypeReference>;
  return target?.isClassOrInterface() === true;
}
