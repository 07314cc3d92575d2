import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import type { Repository, Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';

const database = useDatabase(ACCOUNT_SCHEMA);
const LIMIT_MS = 50;
const [free, held] = [Account.ref('free'), Account.ref('held')];
let sql: postgres.Sql;
let store: Store;
let accounts: Repository<Account>;

beforeAll(async () => {
  sql = postgres(database.url, { max: 2, onnotice: () => undefined });
  await sql`insert into account values ('free', 'ada', 0), ('held', 'bob', 0)`;
});
afterAll(() => sql.end());
beforeEach(() => {
  store = postgresStore(database.url, { maxConnections: 1 });
  accounts = store.repository(Account);
});
afterEach(() => store.close());

/** Runs work that waits for a row, and lets go of the row when the wait is longer than the limit of another wait. */
async function waitLongerThanTheLimit<R>(work: () => Promise<R>): Promise<R> {
  const working = await sql.begin(async (tx) => {
    await tx`select 1 from account where id = 'held' for update`;
    const started = { result: work() };
    started.result.catch(() => undefined);
    await waitUntil(async () => {
      const waiting = await sql`
        select 1 from pg_stat_activity
        where datname = current_database() and application_name = 'justscale' and wait_event_type = 'Lock'
          and clock_timestamp() - query_start > ${4 * LIMIT_MS} * interval '1 millisecond'`;
      return waiting.count === 1;
    });
    return started;
  });
  return working.result;
}

test('the timeoutMs of a lock does not limit the next one of its transaction', async () => {
  const locking = waitLongerThanTheLimit(() =>
    store.transaction(async () => {
      await accounts.lock(free, { timeoutMs: LIMIT_MS });
      return (await accounts.lock(held))?.id;
    }),
  );
  expect(await locking).toBe('held');
});

test('nor one of the next transaction on its connection', async () => {
  await store.transaction(async () => void (await accounts.lock(free, { timeoutMs: LIMIT_MS })));
  const locking = waitLongerThanTheLimit(() =>
    store.transaction(async () => (await accounts.lock(held))?.id),
  );
  expect(await locking).toBe('held');
});

test('a limited lock on a connection that is gone fails alone', async () => {
  const work = store.transaction(async () => {
    await accounts.lock(free);
    await sql`
      select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where datname = current_database() and application_name = 'justscale'`;
    // The limit and what ends it go with it, and fail with it: a rejection that nobody handles would fail this run.
    await accounts.lock(held, { timeoutMs: LIMIT_MS });
  });
  await expect(work).rejects.toMatchObject({ code: 'CONNECTION_LOST', outcome: 'rolled back' });
});
