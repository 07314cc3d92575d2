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

/**
 * The patch that `update` takes: some of the fields. Values read from a `Locked` fit as they are;
 * an optional field is cleared with `undefined`.
 */
// The second parameter is not to be given: over it the type distributes, so that each member of a union model has patches.
export type UpdateData<T extends AnyModel, P = T['~entity']['patch']> = {
  readonly [K in keyof P]?: P[K];
};

/** A type error that names its reason: shown by the compiler in place of the expected type. */
export interface Refused<Reason extends string> {
  readonly __refused: Reason;
}
