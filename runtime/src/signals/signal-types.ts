import type { AnyModel, ModelConstructor, Ref, Refable, Refused } from '../model/states.js';

/** The parameters of a path, as a union of their names. */
export type PathParameters<Path extends string> =
  Path extends `${string}/:${infer Name}/${infer Rest}`
    ? Name | PathParameters<`/${Rest}`>
    : Path extends `${string}/:${infer Name}`
      ? Name
      : never;

type DuplicateParameter<
  Path extends string,
  Seen extends string = never,
> = Path extends `${string}/:${infer Name}/${infer Rest}`
  ? Name extends Seen
    ? Name
    : DuplicateParameter<`/${Rest}`, Seen | Name>
  : Path extends `${string}/:${infer Name}`
    ? Name extends Seen
      ? Name
      : never
    : never;

/** `Path` itself, or the reason why it is no path. */
export type CheckedPath<Path extends string> = string extends Path
  ? Path
  : Path extends `/${string}`
    ? [DuplicateParameter<Path>] extends [never]
      ? Path
      : `duplicate path parameter :${DuplicateParameter<Path>}`
    : 'a signal path begins with /';

/** Which model each parameter of a path names; parameters that are not listed are strings. */
export type ParameterModels<Path extends string> = {
  readonly [K in PathParameters<Path>]?: ModelConstructor;
};

/** One signal of a group: a path and the models of its parameters. */
export interface SignalDefinition<Path extends string = string, Models extends object = object> {
  readonly path: Path;
  readonly models: Models;
}

/** A signal whose parameters have no models yet. */
export interface UntypedSignalDefinition<Path extends string> extends SignalDefinition<
  Path,
  // eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- no parameter has a model
  Record<never, never>
> {
  /** Names the models of parameters; the others stay strings. */
  types<const Models extends ParameterModels<Path>>(
    models: Models & {
      [
        K in Exclude<keyof Models, PathParameters<Path>>
      ]: Refused<`no path parameter :${K & string}`>;
    },
  ): SignalDefinition<Path, Models>;
}

type ModelAt<Models, K> = K extends keyof Models
  ? Models[K] extends (abstract new (...args: never) => infer T extends AnyModel)
    ? T
    : never
  : never;

/** What `emit` takes: for a model's parameter whatever names an entity of it, otherwise a string. */
export type EmitParameters<Path extends string, Models> = {
  readonly [K in PathParameters<Path>]: K extends keyof Models
    ? Refable<ModelAt<Models, K>>
    : string;
};

/** What a subscriber receives: for a model's parameter a `Ref`, otherwise a string. */
export type SignalParameters<Path extends string, Models> = {
  readonly [K in PathParameters<Path>]: K extends keyof Models ? Ref<ModelAt<Models, K>> : string;
};

/** A running subscription. */
export interface Subscription extends Disposable {
  /** Resolves when from here on every emit is heard. */
  readonly ready: Promise<void>;
  /** Ends it; the listener is not called again. Idempotent. */
  unsubscribe(): void;
}

/** Signals as they arrive. */
export interface SignalStream<P> extends AsyncIterableIterator<P, undefined> {
  /** Resolves when from here on every emit is heard. */
  readonly ready: Promise<void>;
  next(): Promise<IteratorResult<P, undefined>>;
  return(): Promise<IteratorResult<P, undefined>>;
}

/** A signal bound to a store. */
export interface Signal<Path extends string, Models> {
  /** The pattern, such as `/room/:room/typing/:who`. */
  readonly path: Path;

  /**
   * Sends the signal. Inside a transaction it is delivered after COMMIT, and never after ROLLBACK.
   *
   * @throws {@link SignalPathError} when a parameter is missing, empty, of another model, or makes the topic too long
   */
  emit(parameters: EmitParameters<Path, Models>): Promise<void>;

  /**
   * Calls `listener` for every signal, from whichever process. A listener that throws, or whose promise rejects,
   * is reported to `store.on('error')`; the others are called all the same.
   *
   * @param only - hear only signals with these parameters
   * @param options - `signal` ends it when it is aborted, as `unsubscribe` does
   */
  subscribe(
    listener: (parameters: SignalParameters<Path, Models>) => unknown,
    only?: Partial<EmitParameters<Path, Models>>,
    options?: { readonly signal?: AbortSignal },
  ): Subscription;

  /**
   * The signals as an async iterable, from `ready` on. Leaving the loop, `signal`, or closing the store ends it.
   *
   * @param options - `signal` ends it; `only` as for `subscribe`; `limit` is how many signals may wait for the
   *   consumer (10,000 without it), beyond that it throws `SignalOverflowError`
   */
  stream(options?: {
    readonly signal?: AbortSignal;
    readonly only?: Partial<EmitParameters<Path, Models>>;
    readonly limit?: number;
  }): SignalStream<SignalParameters<Path, Models>>;
}
