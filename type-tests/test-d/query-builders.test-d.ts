import type { Store } from '@justscale/runtime';
import { drizzleOf, type ReadonlyDrizzle } from '@justscale/runtime/drizzle';
import { kyselyOf, type ReadonlyKysely } from '@justscale/runtime/kysely';
import { expectAssignable, expectError, expectType } from 'tsd';

interface Tables {
  account: { id: string; balance: number };
}

declare const store: Store;

// read: rows as the caller says, parameters of any kind.
expectType<Promise<{ total: number }[]>>(store.read<{ total: number }>('select 1', [1, null]));
expectType<Promise<Readonly<Record<string, unknown>>[]>>(store.read('select 1'));
expectError(store.read());
expectError(store.read(1));
expectError(store.read('select 1', 'ada'));
expectError(store.read<string>('select 1'));

// kyselyOf: what reads.
const kysely = kyselyOf<Tables>(store);
expectType<ReadonlyKysely<Tables>>(kysely);
expectType<Promise<{ balance: number }[]>>(
  kysely.selectFrom('account').select('balance').execute(),
);
expectError(kysely.selectFrom('acount'));
expectError(kysely.insertInto('account'));
expectError(kysely.updateTable('account'));
expectError(kysely.deleteFrom('account'));
expectError(kysely.transaction());
expectError(kyselyOf<Tables>({}));

// drizzleOf: what reads.
const drizzle = drizzleOf(store);
expectAssignable<ReadonlyDrizzle<Record<string, never>>>(drizzle);
expectError(drizzle.insert);
expectError(drizzle.update);
expectError(drizzle.delete);
expectError(drizzle.transaction);
expectError(drizzleOf({}));
