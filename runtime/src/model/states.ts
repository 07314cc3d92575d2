/**
 * The four states of an entity, as types. Nothing in this file exists at run time: the brands are
 * declared, never constructed, so no value of a stored state can be made by hand.
 */

/** Which of the four states a value is in; a different literal per state makes two states incomparable. */
export declare const STATE: unique symbol;
/** The name of the model, as a literal: keeps two models with the same fields apart. */
export declare const MODEL: unique symbol;
/** The fields of the model, as its schema infers them. */
export declare const FIELDS: unique symbol;
/** The model whose entity a value names. */
export declare const ENTITY: unique symbol;

/** What every model instance type carries: its name and its fields. */
export interface ModelBase<Name extends string, F> {
  readonly [MODEL]: Name;
  readonly [FIELDS]: F;
}

/** Any model instance type, whatever its name and fields. */
export type AnyModel = ModelBase<string, object>;

/** Any class made by `defineModel`, or a subclass of one. */
export type ModelConstructor = abstract new (...args: never) => AnyModel;

/** The fields of a model, without `id` and without methods. */
export type Fields<T> = T extends { readonly [FIELDS]: infer F } ? F : never;

/** The methods and getters that the model's class adds to its fields. */
export type Behaviour<T> = {
  readonly [K in keyof T as Exclude<K, keyof Fields<T> | typeof STATE | 'id'>]: T[K];
};

/** `T` with every property readonly, at every depth; `Map` and `Set` become their readonly views. */
export type DeepReadonly<T> = 0 extends 1 & T
  ? T
  : T extends (...args: never) => unknown
    ? T
    : T extends Date
      ? T
      : T extends ReadonlyMap<infer K, infer V>
        ? ReadonlyMap<DeepReadonly<K>, DeepReadonly<V>>
        : T extends ReadonlySet<infer E>
          ? ReadonlySet<DeepReadonly<E>>
          : T extends object
            ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
            : T;

/** An entity that is stored. Invariant in `T`: the brands below are not, as a declaration file keeps no type of `#private`. */
interface Stored<T> {
  readonly id: string;
  readonly [ENTITY]: (entity: T) => T;
}

/** Proof of a held lock. The private member makes it nominal, and a spread drops it. */
declare abstract class Proof<T> {
  readonly #lock: (entity: T) => T;
}

/** Mark of a snapshot that was read without a lock. */
declare abstract class Snapshot<T> {
  readonly #snapshot: (entity: T) => T;
}

/** Mark of an identity. */
declare abstract class Identity<T> {
  readonly #identity: (entity: T) => T;
}

/** A new entity: writable, not stored yet, so nobody else has it. Made by `new Model(fields)`. */
export type Transient<T> = T & { readonly [STATE]: 'transient' };

/** A snapshot read without a lock: deeply readonly and frozen, and possibly stale by now. */
export type Persistent<T> = Stored<T> &
  DeepReadonly<Fields<T>> &
  Behaviour<T> &
  Snapshot<T> & { readonly [STATE]: 'persistent' };

/**
 * A readonly view of a row whose lock this transaction holds: authoritative until the transaction
 * ends. Only `Repository.lock`, `lockMany` and `mutate` make one. Reading a field after release
 * throws `LockReleasedError`.
 */
export type Locked<T> = Stored<T> &
  DeepReadonly<Fields<T>> &
  Behaviour<T> &
  Proof<T> & { readonly [STATE]: 'locked' };

/** Identity only: the one form in which an entity crosses a process boundary. Made by `Model.ref`. */
export type Ref<T> = Stored<T> & Identity<T> & { readonly [STATE]: 'ref' };

/** Whatever names a stored entity; it travels as its `Ref`. */
export type Refable<T> = Ref<T> | Persistent<T> | Locked<T>;

type OptionalKeys<F> = { [K in keyof F]-?: object extends Pick<F, K> ? K : never }[keyof F];

/**
 * The patch that `update` takes: some of the fields. Values read from a `Locked` fit as they are;
 * an optional field is cleared with `undefined`.
 */
export type UpdateData<T> = {
  readonly [K in keyof Fields<T>]?:
    DeepReadonly<Fields<T>[K]> | (K extends OptionalKeys<Fields<T>> ? undefined : never);
};

/** A type error that names its reason: shown by the compiler in place of the expected type. */
export interface Refused<Reason extends string> {
  readonly __refused: Reason;
}
