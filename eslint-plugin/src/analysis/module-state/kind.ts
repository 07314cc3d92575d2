import type { TSESTree } from '@typescript-eslint/utils';

/**
 * What a value is, as far as the syntax shows it:
 * `container` is one of unknown sort, `data` is an object literal or the like, `code` a function or class, `resource` something with a life of its own
 * (a socket, a timer, a client), `lock` what lets in one at a time in this process, `weak` a container keyed by object identity, `opaque` an unknown object.
 */
export interface ValueKind {
  readonly kind:
    | 'map'
    | 'set'
    | 'array'
    | 'container'
    | 'data'
    | 'code'
    | 'resource'
    | 'lock'
    | 'weak'
    | 'opaque'
    | 'primitive'
    | 'nothing';
  /** What is inside of a container, when that is known; `undefined` otherwise. */
  readonly element?: ValueKind | undefined;
  /** The object literal behind `data`, whose properties are known one by one. */
  readonly literal?: TSESTree.ObjectExpression | undefined;
  /** What the lock is called that this is. */
  readonly lock?: string | undefined;
  /** Fields known by name: those of a class. */
  readonly fields?: ReadonlyMap<string, ValueKind> | undefined;
  /** Whether the container starts without anything in it. */
  readonly empty?: boolean | undefined;
}

export const OPAQUE: ValueKind = { kind: 'opaque' };
