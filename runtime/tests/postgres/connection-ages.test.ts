import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import { InvalidOptionError, type Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';

const database = useDatabase(ACCOUNT_SCHEMA);
let sql: postgres.Sql;
beforeAll(() => {
  sql = postgres(database.url, { max: 1 });
});
afterAll(() => sql.end());

/** The backends of the stores. */
async function backends(): Promise<number[]> {
  const rows = await sql<{ pid: number }[]>`
    select pid from pg_stat_activity
    where datname = current_database() and application_name = 'justscale' order by pid`;
  return rows.map(({ pid }) => pid);
}

/** Uses several connections at a time; returns how many there were while all were in use. */
async function useMany(store: Store): Promise<number> {
  const [count, accounts] = [3, store.repository(Account)];
  let inUse = 0;
  let most = 0;
  let release: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (release = resolve));
  await Promise.all(
    Array.from({ length: count }, () =>
      store.transaction(async () => {
        await accounts.find();
        inUse += 1;
        if (inUse === count) {
          most = (await backends()).length;
          release();
        }
        await all;
      }),
    ),
  );
  return most;
}

test.each([
  ['idleTimeoutMs', () => postgresStore(database.url, { idleTimeoutMs: 200 })],
  ['maxLifetimeMs', () => postgresStore(database.url, { maxLifetimeMs: 200 })],
  ['idle_timeout of a url', () => postgresStore(`${database.url}?idle_timeout=1`)],
  ['max_lifetime of a url', () => postgresStore(`${database.url}?max_lifetime=1`)],
])('unused connections are closed after %s, and opened again when needed', async (_, open) => {
  const store = open();
  expect(await useMany(store)).toBeGreaterThanOrEqual(3);
  await waitUntil(async () => (await backends()).length === 0);
  expect(await useMany(store)).toBeGreaterThanOrEqual(3);
  await store.close();
});

test('a connection in use outlives its limits and is replaced after the transaction', async () => {
  const store = postgresStore(database.url, {
    maxConnections: 1,
    maxLifetimeMs: 50,
    idleTimeoutMs: 50,
  });
  const pids: number[] = [];
  for (let round = 0; round < 2; round++) {
    await store.transaction(async () => {
      await store.repository(Account).find();
      const since = performance.now();
      await waitUntil(() => performance.now() - since > 150);
      await store.repository(Account).find();
      pids.push(...(await backends()));
    });
  }
  expect(pids).toHaveLength(2);
  expect(pids[0]).not.toBe(pids[1]);
  await store.close();
});

test('without limits connections stay', async () => {
  const store = postgresStore(database.url, { maxConnections: 1 });
  await store.repository(Account).find();
  const before = await backends();
  await store.repository(Account).find();
  expect(await backends()).toEqual(before);
  await store.close();
});

test.each([{ idleTimeoutMs: 0 }, { maxLifetimeMs: 1.5 }])('%o is refused', (options) => {
  expect(() => postgresStore(database.url, options)).toThrow(InvalidOptionError);
});
