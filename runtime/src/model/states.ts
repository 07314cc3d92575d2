import type { DeepReadonly } from './deep-readonly.js';
import type { AnyModel, Fields } from './model-types.js';

/**
 * The four states of an entity, as types. Nothing in this file exists at run time: the marks are declared, never
 * constructed, so no value of a stored state can be made by hand.
 *
 * `~state` is a literal that a spread keeps: it makes two states incomparable, so that a single `as` is refused even from a
 * copy. The protected members are what a spread and a mapped type drop: they make the states nominal and, unlike private
 * ones, keep their types in a declaration file. Their names are what the compiler says of
 * a value that lacks them.
 */

/** The model's name, as a literal: what the compiler says of two models that differ. */
type NameOf<T> = (T & AnyModel)['~entity']['model'];

/** The names of all members of a union; distributive, so that for a type parameter the compiler takes its constraint. */
type MembersOf<T> = T extends unknown ? keyof T : never;

/**
 * Keeps the models apart: those of another name, unions of models, and a subclass with members of its own from its base. A type
 * parameter passes for its constraint, so that a generic service may call what the model's class offers: for this the
 * compiler has to look inside, which a mapped type in the first place makes it do.
 */
type Only<T> = readonly [
  shape: { readonly [K in keyof T]: unknown },
  entity: T,
  members: MembersOf<T>,
  takes: (model: NameOf<T>) => void,
];

/** What every stored state shows. */
export interface StoredAs<State extends string> {
  readonly '~state': State;
}

/** Proof of a held lock. */
export declare abstract class LockOf<T> {
  private constructor();
  readonly id: string;
  readonly '~model': NameOf<T>;
  protected readonly 'a lock, made by repository.lock()': Only<T>;
}

/** Mark of what was read without a lock. */
export declare abstract class SnapshotOf<T> {
  private constructor();
  readonly id: string;
  readonly '~model': NameOf<T>;
  protected readonly 'a snapshot, made by a repository': Only<T>;
}

/** Mark of an identity. */
export declare abstract class IdentityOf<T> {
  private constructor();
  readonly id: string;
  readonly '~model': NameOf<T>;
  protected readonly 'a reference, made by Model.ref()': Only<T>;
}

/** Mark of a value that nobody but a model's constructor makes. */
export declare abstract class Unsaved {
  private constructor();
  private readonly 'a new entity, made by new Model()': unknown;
}

/** What a new entity shows. The accessor is public, so that declarations can be written of it, and a spread drops it. */
export declare abstract class NewEntity {
  private constructor();
  readonly '~state': 'transient';
  get '~unsaved'(): Unsaved;
}

type Marks = '~state' | '~unsaved' | '~entity' | 'id';

/**
 * A method that demands the lock of a base model demands the one of this model when it is called on it. What can be called on
 * this model's lock as it is, nearly every method, is found out first, as looking for the base is dear.
 */
type Inherited<Method, T> = Method extends (this: Locked<T>, ...args: never) => unknown
  ? Method
  : ThisParameterType<Method> extends LockOf<infer Base>
    ? [T, Method] extends [Base, (this: never, ...args: infer Args) => infer Result]
      ? (this: Locked<T>, ...args: Args) => Result
      : Method
    : Method;

/** The methods and getters that the model's class adds to its fields. */
export type Behaviour<T> = T extends AnyModel
  ? {
      readonly [K in keyof T as Exclude<K, MembersOf<T['~entity']['fields']> | Marks>]: Inherited<
        T[K],
        T
      >;
    }
  : never;

/** A new entity: writable, not stored yet, so nobody else has it. Made by `new Model(fields)`. */
export type Transient<T> = T & NewEntity;

/** A snapshot read without a lock: deeply readonly and frozen, and possibly stale by now. */
export type Persistent<T> = StoredAs<'persistent'> &
  SnapshotOf<T> &
  DeepReadonly<Fields<T>> &
  Behaviour<T>;

/**
 * A readonly view of a row whose lock this transaction holds: authoritative until the transaction
 * ends. Only `Repository.lock`, `lockMany` and `mutate` make one. Reading a field after release
 * throws `LockReleasedError`.
 */
export type Locked<T> = StoredAs<'locked'> & LockOf<T> & DeepReadonly<Fields<T>> & Behaviour<T>;

/** Identity only: the one form in which an entity crosses a process boundary. Made by `Model.ref`. */
export type Ref<T> = StoredAs<'ref'> & IdentityOf<T>;

/** Whatever names a stored entity; it travels as its `Ref`. */
export type Refable<T> = Ref<T> | Persistent<T> | Locked<T>;

/** An entity in any state. */
export type Entity<T> = Transient<T> | Persistent<T> | Locked<T>;

/** What `value instanceof Model` says of a value: its model. Its state stays what it was, and open if nobody knew. */
export type InstanceIn<Value, T> = unknown extends Value
  ? Entity<T>
  : Value extends { readonly '~state': string }
    ? Value extends T | { readonly '~model': NameOf<T> }
      ? Value
      : never
    : Extract<Entity<T>, Value>;

export type {
  AnyModel,
  Fields,
  ModelBase,
  ModelConstructor,
  Refused,
  UpdateData,
} from './model-types.js';
export type { DeepReadonly } from './deep-readonly.js';
