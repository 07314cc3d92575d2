import { shown } from '../errors/shown.js';
import { SignalPathError } from '../errors/signal-errors.js';
import { descriptionOf, type ModelDescription } from '../model/model-description.js';
import type { Refused } from '../model/states.js';
import { overlaps, parseSignalPath, type SignalPath } from './signal-path.js';
import type {
  CheckedPath,
  Signal,
  SignalDefinition,
  UntypedSignalDefinition,
} from './signal-types.js';

/** Defines one signal: its path. */
export type DefineSignal = <const Path extends string>(
  path: CheckedPath<Path>,
) => UntypedSignalDefinition<Path>;

type Definitions = Readonly<Record<string, SignalDefinition>>;

/** A path without the names of its parameters: two paths of one shape carry the same topics. */
type Shape<Path extends string> = Path extends `${infer Head}/:${string}/${infer Rest}`
  ? `${Head}/:/${Shape<`/${Rest}`> extends `/${infer Tail}` ? Tail : never}`
  : Path extends `${infer Head}/:${string}`
    ? `${Head}/:`
    : Path;

type ShapeOf<D> = D extends SignalDefinition<infer Path> ? Shape<Path> : never;

/** Refuses every signal whose path another one of the group has too. */
type DistinctPaths<G extends Definitions> = {
  [K in keyof G]: ShapeOf<G[K]> extends ShapeOf<G[Exclude<keyof G, K>]>
    ? string extends ShapeOf<G[K]>
      ? unknown
      : Refused<`another signal of this group has the path ${G[K]['path']}`>
    : unknown;
};

/** What every group of signals is. */
export interface SignalGroup {
  readonly [signalGroup]: Definitions;
}

/** The signals of a group, bound to a store. */
export type BoundSignals<G extends Definitions> = {
  readonly [K in keyof G]: G[K] extends SignalDefinition<infer Path, infer Models>
    ? Signal<Path, Models>
    : never;
};

/** The class that `defineSignals` returns, to be extended by the group. `store.signals(Group)` makes the instance. */
export type SignalGroupClass<G extends Definitions> = new () => BoundSignals<G> & SignalGroup;

/** The property in which a group carries its definitions. */
export declare const signalGroup: unique symbol;

const definitionsOf = new WeakMap<object, ReadonlyMap<string, ParsedSignal>>();

/** A signal's definition, checked and parsed. */
export interface ParsedSignal {
  readonly path: SignalPath;
  /** The models of the parameters that name entities. */
  readonly models: ReadonlyMap<string, ModelDescription>;
}

/**
 * Defines a group of signals: `class RoomSignals extends defineSignals((signal) => ({ … })) {}`.
 * A signal carries identity only: path parameters, each a string or an entity's `Ref`.
 *
 * @param build - receives `signal(path)` and returns the group, by name
 * @throws {@link SignalPathError} when a path is malformed, has a parameter twice, or could be taken for another one of the group
 * @throws {@link InvalidModelError} when a parameter's type is no model
 */
export function defineSignals<const G extends Definitions>(
  build: (signal: DefineSignal) => G & DistinctPaths<G>,
): SignalGroupClass<G> {
  const definitions = parseDefinitions(build(((path: unknown) => untyped(path)) as DefineSignal));
  class Group {}
  definitionsOf.set(Group, definitions);
  return Group as unknown as SignalGroupClass<G>;
}

/**
 * The signals of a group's class or of a subclass of it.
 *
 * @throws {@link SignalPathError} when the class was not made by `defineSignals`
 */
export function parsedSignals(group: unknown): ReadonlyMap<string, ParsedSignal> {
  for (
    let constructor = group;
    typeof constructor === 'function';
    constructor = Object.getPrototypeOf(constructor)
  ) {
    const definitions = definitionsOf.get(constructor);
    if (definitions !== undefined) return definitions;
  }
  throw new SignalPathError(shown(group), 'it is no class made by defineSignals()');
}

function untyped(path: unknown): SignalDefinition & { types(models: object): SignalDefinition } {
  const pattern = parseSignalPath(path).pattern;
  return { path: pattern, models: {}, types: (models) => ({ path: pattern, models }) };
}

function parseDefinitions(group: Definitions): ReadonlyMap<string, ParsedSignal> {
  const parsed = new Map<string, ParsedSignal>();
  for (const [name, definition] of Object.entries(group)) {
    const path = parseSignalPath(definition.path);
    for (const [other, { path: otherPath }] of parsed) {
      if (overlaps(path, otherPath)) {
        throw new SignalPathError(
          path.pattern,
          `it is the same path as ${otherPath.pattern} of the signal ${other}, or can be taken for it`,
        );
      }
    }
    parsed.set(name, { path, models: parseModels(path, definition.models) });
  }
  return parsed;
}

function parseModels(path: SignalPath, models: object): ReadonlyMap<string, ModelDescription> {
  const parsed = new Map<string, ModelDescription>();
  for (const [parameter, model] of Object.entries(models)) {
    if (!path.parameters.includes(parameter)) {
      throw new SignalPathError(path.pattern, `it has no parameter :${parameter}`);
    }
    parsed.set(parameter, descriptionOf(model));
  }
  return parsed;
}
