import type { TransactionScope } from './transaction-scope.js';

type Deeper = [never, 0, 1, 2, 3, 4];

/** What a `Locked` cannot hide in. */
type Opaque =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | Date
  | RegExp
  | Error
  | ArrayBuffer
  | ArrayBufferView;

/**
 * `true` when a value of type `R` shows a `Locked` to the compiler, up to five levels deep: in properties,
 * arrays, tuples, unions, promises, maps, sets, iterables, class instances and what a function returns at once. What a
 * function promises is not looked at: it may lock by itself, in a transaction of its own.
 */
export type ContainsLocked<R, Depth extends number = 5> = 0 extends 1 & R
  ? false
  : [Depth] extends [never]
    ? false
    : R extends Opaque
      ? false
      : R extends { readonly '~state': infer State }
        ? State extends 'locked'
          ? true
          : false
        : R extends (...args: never) => infer Result
          ? Result extends PromiseLike<unknown> | AsyncIterable<unknown>
            ? false
            : ContainsLocked<Result, Deeper[Depth]>
          : R extends PromiseLike<infer Value>
            ? ContainsLocked<Value, Deeper[Depth]>
            : R extends ReadonlyMap<infer Key, infer Value>
              ? ContainsLocked<Key, Deeper[Depth]> | ContainsLocked<Value, Deeper[Depth]>
              : R extends Iterable<infer Item> | AsyncIterable<infer Item>
                ? ContainsLocked<Item, Deeper[Depth]>
                : R extends object
                  ? { [K in keyof R]-?: ContainsLocked<R[K], Deeper[Depth]> }[keyof R]
                  : false;

/**
 * Whether the compiler sees a `Locked` in `R`. For a type parameter it answers `clean`, so that generic helpers compile: the tuple
 * keeps the compiler from putting the question off.
 */
export type LocksIn<R> = [ContainsLocked<R>] extends [false] ? 'clean' : 'locked';

/**
 * What `Store.transaction` takes: a function, or the reason why what it returns must not leave the transaction. A helper
 * of one's own that takes its work as `TransactionWork<R>` refuses the same.
 */
export type TransactionWork<R> =
  'locked' extends LocksIn<R>
    ? 'a Locked<T> must not leave its transaction: return Model.ref(entity), or what update() returned'
    : (tx: TransactionScope) => R | PromiseLike<R>;
