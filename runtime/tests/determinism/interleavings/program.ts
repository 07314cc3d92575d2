import fc from 'fast-check';
import { NAMES, PAID_IDS, PASSING_IDS, SHARED_IDS } from './ledger-models.js';

/** One thing that a transaction does. */
export type Action =
  | { readonly kind: 'pay'; readonly id: string; readonly amount: number; readonly wait: Wait }
  | {
      readonly kind: 'transfer';
      readonly from: string;
      readonly to: string;
      readonly isMany: boolean;
    }
  | { readonly kind: 'mutate'; readonly id: string; readonly amount: number }
  | { readonly kind: 'create' | 'remove' | 'peek'; readonly id: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'scan' }
  | { readonly kind: 'emit'; readonly id: string }
  /** Reads what its condition is true of, without locks. */
  | { readonly kind: 'seek'; readonly atLeast: number }
  /** Locks what its condition is true of, and pays into it. */
  | {
      readonly kind: 'take';
      readonly atLeast: number;
      readonly amount: number;
      readonly wait: Wait;
      readonly limit: number;
      readonly strength: 'update' | 'no key update';
    }
  | { readonly kind: 'create many' }
  | { readonly kind: 'nest'; readonly actions: readonly Action[] }
  /** A savepoint, which may fail on purpose. */
  | { readonly kind: 'part'; readonly actions: readonly Action[]; readonly fails: boolean };

type Wait = 'block' | 'fail' | 'skip';

/** One transaction of a client; `alone` runs its actions outside any. */
export interface Work {
  readonly mode: 'transaction' | 'alone';
  readonly actions: readonly Action[];
  readonly end: 'commit' | 'throw';
}

/** What each client does, one work after another. */
export type Program = readonly (readonly Work[])[];

const amount = fc.integer({ min: 1, max: 9 });
const anyId = fc.constantFrom(...SHARED_IDS, ...PAID_IDS, ...PASSING_IDS);
const paidId = fc.constantFrom(...PAID_IDS, ...PASSING_IDS);

const wait = fc.oneof(
  { weight: 6, arbitrary: fc.constant('block' as const) },
  fc.constantFrom('fail' as const, 'skip' as const),
);
const atLeast = fc.integer({ min: 95, max: 125 });

const pay = fc.record({
  kind: fc.constant('pay' as const),
  id: paidId,
  amount,
  wait,
});

const transfer = fc
  .tuple(fc.shuffledSubarray([...SHARED_IDS], { minLength: 2, maxLength: 2 }), fc.boolean())
  .map(([[from = 's0', to = 's1'], isMany]) => ({ kind: 'transfer' as const, from, to, isMany }));

const mutate = fc.record({ kind: fc.constant('mutate' as const), id: paidId, amount });
const peek = fc.record({ kind: fc.constant('peek' as const), id: anyId });
const scan = fc.constant({ kind: 'scan' as const });

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: pay },
  { weight: 5, arbitrary: transfer },
  { weight: 2, arbitrary: mutate },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('create' as const, 'remove' as const),
      id: fc.constantFrom(...PASSING_IDS),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('name' as const), name: fc.constantFrom(...NAMES) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('take' as const),
      atLeast,
      amount,
      wait,
      limit: fc.integer({ min: 1, max: 3 }),
      strength: fc.constantFrom('update' as const, 'no key update' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('seek' as const), atLeast }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'create many' as const }) },
  { weight: 1, arbitrary: peek },
  { weight: 1, arbitrary: scan },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('emit' as const), id: anyId }) },
);

const actions: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: action },
    {
      weight: 1,
      arbitrary: fc
        .array(action, { minLength: 1, maxLength: 2 })
        .map((nested) => ({ kind: 'nest' as const, actions: nested })),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('part' as const),
        actions: fc.array(action, { minLength: 1, maxLength: 2 }),
        fails: fc.boolean(),
      }),
    },
  ),
  { minLength: 1, maxLength: 4 },
);

const work: fc.Arbitrary<Work> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      mode: fc.constant('transaction' as const),
      actions,
      end: fc.oneof(
        { weight: 3, arbitrary: fc.constant('commit' as const) },
        fc.constant('throw' as const),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      mode: fc.constant('alone' as const),
      actions: fc.tuple(fc.oneof(mutate, mutate, peek, scan)),
      end: fc.constant('commit' as const),
    }),
  },
);

/** Two to four clients that do one to three works each. */
export const program: fc.Arbitrary<Program> = fc.array(
  fc.array(work, { minLength: 1, maxLength: 3 }),
  { minLength: 2, maxLength: 4 },
);
