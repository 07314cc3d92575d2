import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import type { Store } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import { expect, test } from 'vitest';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';

/** A deadlock is looked for at once: the default of a second only makes this take longer. */
const database = useDatabase(`
  ${ACCOUNT_SCHEMA};
  do $$ begin
    execute format('alter database %I set deadlock_timeout = ''10ms''', current_database());
  end $$;`);

const COUNT = 60;

test.each([
  ['memory', () => [memoryStore()]],
  ['Postgres', () => [postgresStore(database.url)]],
  ['Postgres, by two stores', () => [postgresStore(database.url), postgresStore(database.url)]],
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
