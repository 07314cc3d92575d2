import type ts from 'typescript';
import type { ProgramContext } from '../program/program-context.js';
import { isDeclaredByRuntime } from '../program/runtime-package.js';

/** What a type says of an entity: its state and the class of its model, when it says which. */
export interface EntityType {
  readonly state: 'persistent' | 'locked' | 'ref' | 'transient';
  readonly model: ts.Symbol | null;
  /** It is an array or tuple of such entities. */
  readonly isCollection: boolean;
}

const entityTypes = new WeakMap<ts.Type, EntityType | null>();

/** How deep aliases, promises, arrays and constraints are looked through. */
const DEPTH = 4;

/**
 * The entity that a type stands for: through promises, arrays, unions with `null`, generics and subclasses.
 * `null` when it is none, or when a union leaves the state open.
 */
export function getEntityType(context: ProgramContext, type: ts.Type): EntityType | null {
  const known = entityTypes.get(type);
  if (known !== undefined) return known;
  entityTypes.set(type, null);
  const result = classify(context, type, DEPTH);
  entityTypes.set(type, result);
  return result;
}

function classify(context: ProgramContext, type: ts.Type, depth: number): EntityType | null {
  const { ts, checker } = context;
  if (depth === 0) return null;
  if (type.isUnion()) return classifyUnion(context, type, depth);
  if (type.isIntersection()) return classifyIntersection(context, type, depth);
  if (type.flags & ts.TypeFlags.TypeParameter) {
    const constraint = checker.getBaseConstraintOfType(type);
    return constraint && constraint !== type ? classify(context, constraint, depth - 1) : null;
  }
  if (!(type.flags & ts.TypeFlags.Object)) return null;
  if (checker.isArrayType(type) || checker.isTupleType(type)) {
    return classifyCollection(context, type as ts.TypeReference, depth);
  }
  if (type.symbol?.name === 'Promise') {
    const [awaited] = checker.getTypeArguments(type as ts.TypeReference);
    return awaited ? classify(context, awaited, depth - 1) : null;
  }
  const state = getState(context, type);
  if (state) return { state, model: type.symbol ?? null, isCollection: false };
  if (!type.isClassOrInterface()) return null;
  for (const base of checker.getBaseTypes(type)) {
    const found = classify(context, base, depth - 1);
    if (found) return found;
  }
  return null;
}

function classifyUnion(context: ProgramContext, type: ts.UnionType, depth: number) {
  let result: EntityType | null = null;
  for (const member of type.types) {
    const found = classify(context, member, depth);
    if (!found) continue;
    if (result && result.state !== found.state) return null;
    result = found;
  }
  return result;
}

function classifyIntersection(
  context: ProgramContext,
  type: ts.IntersectionType,
  depth: number,
): EntityType | null {
  let state: EntityType['state'] | null = null;
  let model: ts.Symbol | null = null;
  for (const member of type.types) {
    state ??= getState(context, member);
    model ??= getBrandedModel(context, member);
  }
  if (state) return { state, model, isCollection: false };
  for (const member of type.types) {
    const found = classify(context, member, depth - 1);
    if (found) return found;
  }
  return null;
}

function classifyCollection(context: ProgramContext, type: ts.TypeReference, depth: number) {
  for (const argument of context.checker.getTypeArguments(type)) {
    const found = classify(context, argument, depth - 1);
    if (found) return { ...found, isCollection: true };
  }
  return null;
}

const STATES = new Set<string>(['persistent', 'locked', 'ref', 'transient']);

/** The literal in the runtime's property `~state`, for a type that shows it. */
export function getState(context: ProgramContext, type: ts.Type): EntityType['state'] | null {
  const { checker, program } = context;
  if (isOfLanguage(context, type)) return null;
  const property = type.getProperty('~state');
  const declaration = property?.declarations?.[0];
  if (!property || !declaration || !isDeclaredByRuntime(program, declaration)) return null;
  const value = checker.getTypeOfSymbol(property);
  return value.isStringLiteral() && STATES.has(value.value)
    ? (value.value as EntityType['state'])
    : null;
}

/** An array, a promise or a map has no state, and looking for one would make TypeScript resolve all its methods. */
function isOfLanguage({ program }: ProgramContext, type: ts.Type): boolean {
  const file = type.symbol?.declarations?.[0]?.getSourceFile();
  return file?.isDeclarationFile === true && program.isSourceFileDefaultLibrary(file);
}

/** The model in the runtime's branded class, such as `LockOf<Room>`. */
function getBrandedModel(context: ProgramContext, type: ts.Type): ts.Symbol | null {
  const { ts, checker, program } = context;
  const declaration = type.symbol?.declarations?.[0];
  if (!declaration || !ts.isClassDeclaration(declaration)) return null;
  if (!isDeclaredByRuntime(program, declaration)) return null;
  const [model] = checker.getTypeArguments(type as ts.TypeReference);
  return getModelSymbol(context, model);
}

function getModelSymbol(context: ProgramContext, type: ts.Type | undefined): ts.Symbol | null {
  if (!type || type.flags & context.ts.TypeFlags.TypeParameter) return null;
  return type.symbol ?? null;
}

const repositoryModels = new WeakMap<ts.Type, { readonly model: ts.Symbol | null } | null>();

/** The model of a repository's type, or of a subclass of `Repository`; `null` when it is none. */
export function getRepositoryModel(
  context: ProgramContext,
  type: ts.Type,
): { readonly model: ts.Symbol | null } | null {
  const known = repositoryModels.get(type);
  if (known !== undefined) return known;
  const result = findRepositoryModel(context, type, DEPTH);
  repositoryModels.set(type, result);
  return result;
}

function findRepositoryModel(
  context: ProgramContext,
  type: ts.Type,
  depth: number,
): { readonly model: ts.Symbol | null } | null {
  const { ts, checker, program } = context;
  if (depth === 0) return null;
  if (type.isUnionOrIntersection()) {
    for (const member of type.types) {
      const found = findRepositoryModel(context, member, depth - 1);
      if (found) return found;
    }
    return null;
  }
  if (type.flags & ts.TypeFlags.TypeParameter) {
    const constraint = checker.getBaseConstraintOfType(type);
    return constraint ? findRepositoryModel(context, constraint, depth - 1) : null;
  }
  const declaration = type.symbol?.declarations?.[0];
  if (!declaration || !(type.flags & ts.TypeFlags.Object)) return null;
  if (type.symbol.name === 'Repository' && isDeclaredByRuntime(program, declaration)) {
    const [argument] = checker.getTypeArguments(type as ts.TypeReference);
    return { model: getModelSymbol(context, argument) };
  }
  const target = (type as ts.TypeReference).target ?? type;
  if (!target.isClassOrInterface()) return null;
  for (const base of checker.getBaseTypes(target)) {
    const found = findRepositoryModel(context, base, depth - 1);
    if (found) return found;
  }
  return null;
}
