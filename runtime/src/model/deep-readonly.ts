/** Values that are stored as they are. */
export type Scalar = string | number | bigint | boolean | symbol | null | undefined;

/** Objects that stand for one value: nothing in them is made readonly. */
type Whole = ((...args: never) => unknown) | Date | ArrayBuffer | ArrayBufferView;

/**
 * `T` with every property readonly, at every depth. Branded values stay what they are; `Map` and `Set` become their readonly
 * views. Lists are written out rather than mapped, as only so the compiler puts the items of a recursive type off.
 */
export type DeepReadonly<T> = T extends Scalar | Whole
  ? T
  : T extends { readonly '~state': string }
    ? T
    : T extends readonly (infer Item)[]
      ? Item[] extends T
        ? readonly DeepReadonly<Item>[]
        : { readonly [K in keyof T]: DeepReadonly<T[K]> }
      : T extends ReadonlyMap<infer K, infer V>
        ? ReadonlyMap<DeepReadonly<K>, DeepReadonly<V>>
        : T extends ReadonlySet<infer Item>
          ? ReadonlySet<DeepReadonly<Item>>
          : T extends object
            ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
            : T;
