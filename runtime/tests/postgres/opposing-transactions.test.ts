import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { DeadlockError, type Store } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import { expect, test } from 'vitest';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';
import { deferred } from './support/deferred.js';

/** Here the server would find a deadlock after ten minutes: the store finds those of its own transactions. */
const database = useDatabase(withDeadlockTimeout('10min'));
const hasty = useDatabase(withDeadlockTimeout('10ms'));

function withDeadlockTimeout(time: string): string {
  return `
    ${ACCOUNT_SCHEMA};
    do $$ begin
      execute format('alter database %I set deadlock_timeout = ''${time}''', current_database());
    end $$;`;
}

const COUNT = 60;

test.each([
  ['memory', () => [memoryStore()]],
  ['Postgres', () => [postgresStore(database.url)]],
  ['Postgres, by two stores', () => [postgresStore(hasty.url), postgresStore(hasty.url)]],
])('%s: sixty transactions in opposite orders all end well with retries', async (name, open) => {
  const stores = open();
  const [first] = stores as [Store];
  const accounts = first.repository(Account);
  const saved = await Promise.all(
    ['ada', 'bob'].map((owner) =>
      accounts.save(new Account({ owner: `${owner} of ${name}`, balance: 0 })),
    ),
  );
  const refs = saved.map((account) => Account.ref(account));

  const add = async (store: Store, order: typeof refs): Promise<void> => {
    for (const ref of order) {
      const account = await store.repository(Account).lock(ref);
      if (account === null) throw new Error('an account is gone');
      // What another transaction may do meanwhile: without it those of one process never meet.
      await store.repository(Account).get(ref);
      await store.repository(Account).update(account, { balance: account.balance + 1 });
    }
  };
  await Promise.all(
    Array.from({ length: COUNT }, (_, index) => {
      const store = stores[index % stores.length] as Store;
      const order = (index >> 1) % 2 === 0 ? refs : refs.toReversed();
      return store.transaction(() => add(store, order), { retries: 20 });
    }),
  );

  for (const ref of refs) expect((await accounts.get(ref))?.balance).toBe(COUNT);
  if (stores.length === 1) expect(first.stats().transactions.repeated).toBeGreaterThan(0);
  await Promise.all(stores.map((store) => store.close()));
});

test('of three transactions that wait for each other in a circle one is told at once, and the others go on', async () => {
  const store = postgresStore(database.url);
  const accounts = store.repository(Account);
  const saved = await accounts.saveMany(
    ['x', 'y', 'z'].map((owner) => new Account({ owner, balance: 0 })),
  );
  const refs = saved.map((account) => Account.ref(account));
  const all = deferred();
  let holding = 0;
  const take = async (first: number): Promise<void> => {
    const [own, next] = [refs[first % 3], refs[(first + 1) % 3]];
    if (own === undefined || next === undefined) throw new Error('there are three');
    await accounts.lock(own);
    if (++holding === 3) all.resolve();
    await all.promise;
    await accounts.lock(next);
  };

  const results = await Promise.allSettled(
    refs.map((_, first) => store.transaction(() => take(first))),
  );

  const failed = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  expect(failed).toEqual([expect.any(DeadlockError)]);
  await store.close();
});
