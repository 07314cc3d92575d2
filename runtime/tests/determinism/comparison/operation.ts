import fc from 'fast-check';

/** What a client does in one step, in its open transaction if it has one. */
export type Operation =
  | { readonly kind: 'begin' | 'commit' | 'throw' | 'find' }
  | { readonly kind: 'get' | 'create' | 'emit'; readonly id: string }
  | { readonly kind: 'delete'; readonly id: string }
  | {
      readonly kind: 'lock';
      readonly id: string;
      readonly wait: 'block' | 'fail' | 'skip';
      readonly timeoutMs: number | undefined;
    }
  | { readonly kind: 'lockMany'; readonly ids: readonly string[] }
  | { readonly kind: 'lockName'; readonly name: string }
  | { readonly kind: 'update' | 'invalid'; readonly id: string; readonly amount: number }
  | { readonly kind: 'mutate'; readonly id: string; readonly amount: number }
  /** Writes with the lock that another client has on the row. */
  | { readonly kind: 'steal'; readonly id: string; readonly from: number };

export interface Step {
  readonly client: number;
  readonly operation: Operation;
  /** Whether a client without a transaction begins one first. */
  readonly begins: boolean;
}

export type Steps = readonly Step[];

export const CLIENTS = 3;
/** Stored when a program begins. */
export const STORED = ['a', 'b'] as const;
export const UNSTORED = ['x'] as const;

const id = fc.constantFrom(...STORED, ...UNSTORED);
const amount = fc.integer({ min: 1, max: 99 });
const is = <const K extends string>(kind: K): fc.Arbitrary<K> => fc.constant(kind);

const lock = fc.record({
  kind: is('lock'),
  id,
  wait: fc.oneof(
    { weight: 6, arbitrary: fc.constant('block' as const) },
    fc.constantFrom('fail' as const, 'skip' as const),
  ),
  timeoutMs: fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant(20) },
  ),
});

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 10, arbitrary: lock },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: is('lockMany'),
      ids: fc.shuffledSubarray([...STORED, ...UNSTORED], { minLength: 2 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: is('lockName'), name: fc.constantFrom('m', 'n') }),
  },
  { weight: 6, arbitrary: fc.record({ kind: is('update'), id, amount }) },
  { weight: 1, arbitrary: fc.record({ kind: is('invalid'), id, amount }) },
  { weight: 2, arbitrary: fc.record({ kind: is('mutate'), id, amount }) },
  { weight: 3, arbitrary: fc.record({ kind: is('create'), id }) },
  { weight: 3, arbitrary: fc.record({ kind: is('delete'), id }) },
  { weight: 1, arbitrary: fc.record({ kind: is('get'), id }) },
  { weight: 1, arbitrary: fc.record({ kind: is('find') }) },
  { weight: 1, arbitrary: fc.record({ kind: is('emit'), id }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: is('steal'), id, from: fc.nat({ max: CLIENTS - 1 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: is('commit') }) },
  { weight: 1, arbitrary: fc.record({ kind: is('throw') }) },
);

/** The steps of all clients in the order in which they are begun. */
export const steps: fc.Arbitrary<Steps> = fc.array(
  fc.record({
    client: fc.nat({ max: CLIENTS - 1 }),
    operation,
    begins: fc.oneof(
      { weight: 9, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
  }),
  { minLength: 3, maxLength: 30, size: 'max' },
);
