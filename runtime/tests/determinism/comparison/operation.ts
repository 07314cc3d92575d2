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
      readonly strength: Strength;
    }
  | { readonly kind: 'lockMany'; readonly ids: readonly string[]; readonly strength: Strength }
  | { readonly kind: 'where'; readonly condition: Comparison }
  | {
      readonly kind: 'lockWhere';
      readonly condition: Comparison;
      readonly wait: 'block' | 'fail' | 'skip';
      readonly limit: number | undefined;
      readonly order: 'asc' | 'desc';
    }
  | { readonly kind: 'saveMany'; readonly ids: readonly string[] }
  /** Updates a row that is held and creates one, in a savepoint that may fail. */
  | {
      readonly kind: 'savepoint';
      readonly id: string;
      readonly created: string;
      readonly amount: number;
      readonly fails: boolean;
    }
  | { readonly kind: 'lockName'; readonly name: string }
  | { readonly kind: 'update' | 'invalid'; readonly id: string; readonly amount: number }
  | {
      readonly kind: 'mutate';
      readonly id: string;
      readonly amount: number;
      readonly strength: Strength;
    }
  /** Writes with the lock that another client has on the row. */
  | { readonly kind: 'steal'; readonly id: string; readonly from: number };

export type Strength = 'update' | 'no key update';

/** How a row is compared, and with what. */
export interface Comparison {
  readonly field: 'amount' | 'note' | 'id';
  readonly is: 'gt' | 'gte' | 'lt' | 'lte' | 'oneOf' | 'not';
  readonly values: readonly number[];
}

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
export const UNSTORED = ['x', 'y'] as const;

const id = fc.constantFrom(...STORED, ...UNSTORED);
const amount = fc.integer({ min: 1, max: 99 });
const is = <const K extends string>(kind: K): fc.Arbitrary<K> => fc.constant(kind);

const strength = fc.constantFrom('update' as const, 'no key update' as const);
const wait = fc.oneof(
  { weight: 6, arbitrary: fc.constant('block' as const) },
  fc.constantFrom('fail' as const, 'skip' as const),
);

const condition: fc.Arbitrary<Comparison> = fc.record({
  field: fc.constantFrom('amount' as const, 'amount' as const, 'note' as const, 'id' as const),
  is: fc.constantFrom('gt', 'gte', 'lt', 'lte', 'oneOf', 'not'),
  values: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 3 }),
});

const lock = fc.record({
  kind: is('lock'),
  id,
  wait,
  strength,
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
      strength,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: is('where'), condition }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: is('lockWhere'),
      condition,
      wait,
      limit: fc.constantFrom(undefined, 1, 2),
      order: fc.constantFrom('asc' as const, 'desc' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: is('saveMany'),
      ids: fc.shuffledSubarray([...STORED, ...UNSTORED], { minLength: 1 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: is('savepoint'), id, created: id, amount, fails: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: is('lockName'), name: fc.constantFrom('m', 'n') }),
  },
  { weight: 6, arbitrary: fc.record({ kind: is('update'), id, amount }) },
  { weight: 1, arbitrary: fc.record({ kind: is('invalid'), id, amount }) },
  { weight: 2, arbitrary: fc.record({ kind: is('mutate'), id, amount, strength }) },
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
