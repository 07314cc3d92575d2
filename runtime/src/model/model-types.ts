import type { Condition } from './condition.js';
import type { DeepReadonly } from './deep-readonly.js';

/** What the compiler knows of a model. Types only: no entity has such a property when the program runs. */
export interface EntityTypes<Name extends string, F> {
  readonly model: Name;
  readonly fields: F;
  readonly patch: Patch<F>;
  readonly conditions: Conditions<F>;
}

/** What every model instance type carries: its name and its fields. */
export interface ModelBase<Name extends string, F> {
  readonly '~entity': EntityTypes<Name, F>;
}

/** Any model instance type, whatever its name and fields. */
export type AnyModel = ModelBase<string, object>;

/** Any class made by `defineModel`, or a subclass of one. */
export type ModelConstructor = abstract new (...args: never) => AnyModel;

/** The fields of a model, without `id` and without methods. */
export type Fields<T> = T extends AnyModel ? T['~entity']['fields'] : never;

type OptionalKeys<F> = { [K in keyof F]-?: object extends Pick<F, K> ? K : never }[keyof F];

/** Some of the fields, with the values that an entity shows; an optional one may be cleared. */
export type Patch<F> = F extends unknown
  ? {
      readonly [K in keyof F]?:
        DeepReadonly<F[K]> | (K extends OptionalKeys<F> ? undefined : never);
    }
  : never;

/** What the fields must be, each a value or a condition; of a union, those of one of its members. */
export type Conditions<F> = F extends unknown
  ? { readonly [K in keyof F]?: DeepReadonly<F[K]> | Condition<DeepReadonly<F[K]>> }
  : never;

/** Some properties of a type. It distributes over a union, and takes an object of the right kind for a generic one. */
export type SomeOf<P> = { readonly [K in keyof P]?: P[K] };

/**
 * The patch that `update` takes: some of the fields. Values read from a `Locked` fit as they are;
 * an optional field is cleared with `undefined`.
 */
export type UpdateData<T extends AnyModel> = SomeOf<T['~entity']['patch']>;

/** A type error that names its reason: shown by the compiler in place of the expected type. */
export interface Refused<Reason extends string> {
  readonly __refused: Reason;
}
