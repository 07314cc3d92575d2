import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Scalar } from './deep-readonly.js';

/** Names that a field cannot have: they belong to the states or would change what an object is. */
export type ReservedFieldName =
  | 'id'
  | 'constructor'
  | '__proto__'
  | 'toJSON'
  | 'then'
  | '~entity'
  | '~model'
  | '~state'
  | '~unsaved';

/** A schema that TypeScript sees through, or not: what `any` says of itself is believed. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the input of a schema is contravariant here: only `any` accepts all
type ObjectSchema = StandardSchemaV1<any, object>;

/** The schema itself, or the reason why it describes no model. */
export type CheckedSchema<S extends ObjectSchema> =
  Problem<StandardSchemaV1.InferOutput<S>> extends infer Reason
    ? [Reason] extends [never]
      ? S
      : Reason & string
    : never;

type Problem<F> = 0 extends 1 & F
  ? never
  : | ReservedIn<NamesIn<F>>
    | (Unstorable<ValuesIn<F>> extends never ? never : F extends unknown ? UnstorableIn<F> : never);

type NamesIn<F> = F extends unknown ? keyof F : never;
type ValuesIn<F> = F extends unknown ? F[keyof F] : never;

type ReservedIn<Name> = Name extends ReservedFieldName
  ? `a model's field must not be named ${Name}`
  : never;

type UnstorableIn<F> = {
  [K in keyof F & string]-?: Unstorable<F[K]> extends infer What
    ? What extends string
      ? `the field ${K} holds ${What}, which cannot be stored: use text, numbers, lists or plain objects`
      : never
    : never;
}[keyof F & string];

/** What a field may hold as a whole. */
type Column = Scalar | Date | Uint8Array;
type Deeper = [never, 0, 1, 2, 3];

/** What is in a value that no column can give back, in words; `never` when there is nothing. */
type Unstorable<V, Depth extends number = 4> = 0 extends 1 & V
  ? never
  : V extends Column
    ? V extends symbol
      ? 'a symbol'
      : never
    : [Depth] extends [never]
      ? never
      : V extends (...args: never) => unknown
        ? 'a function'
        : V extends ReadonlyMap<unknown, unknown>
          ? 'a Map'
          : V extends ReadonlySet<unknown>
            ? 'a Set'
            : V extends { readonly '~state': infer State }
              ? State extends 'ref'
                ? 'a Ref (keep its id)'
                : 'an entity (keep its id)'
              : V extends readonly (infer Item)[]
                ? InArray<Item, Deeper[Depth]>
                : V extends object
                  ? InJson<V[keyof V], Deeper[Depth]>
                  : never;

/** The same for the items of a field that is a list: they are values of an array's column, or JSON. */
type InArray<V, Depth extends number> = V extends Column
  ? Unstorable<V, Depth>
  : V extends readonly (infer Item)[]
    ? [Depth] extends [never]
      ? never
      : InArray<Item, Deeper[Depth]>
    : InJson<V, Depth>;

/** The same for what is inside an object, which is stored as JSON. */
type InJson<V, Depth extends number> = V extends Date
  ? 'a Date inside of JSON'
  : V extends bigint
    ? 'a bigint inside of JSON'
    : V extends ArrayBufferView
      ? 'bytes inside of JSON'
      : V extends readonly (infer Item)[]
        ? [Depth] extends [never]
          ? never
          : InJson<Item, Deeper[Depth]>
        : Unstorable<V, Depth>;

/** The fields as the class and a new entity show them: writable; of a union, those of all its members. */
export type DraftFields<F> =
  IsUnion<F> extends true
    ? { [K in keyof F & string]: F[K] } & {
        [K in Exclude<NamesIn<F>, keyof F>]?: ValueIn<F, K>;
      }
    : { -readonly [K in keyof F]: F[K] };

type IsUnion<F, Whole = F> = F extends unknown ? ([Whole] extends [F] ? false : true) : never;
type ValueIn<F, K> = F extends unknown ? (K extends keyof F ? F[K] : never) : never;

/** What a constructor takes: the schema's input, in which the fields that the database computes may be missing. */
export type NewFields<Input, Generated extends string> = [Generated] extends [never]
  ? Input
  : Input extends unknown
    ? Omit<Input, Generated> & Partial<Pick<Input, Generated & keyof Input>>
    : never;
