import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import { defineModel, type Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';
import { deferred } from './support/deferred.js';
import { useAccountServer } from './support/server.js';

class Slow extends defineModel('slow', z.object({ n: z.string() })) {}

const database = useDatabase(
  `${ACCOUNT_SCHEMA}; create view slow as select 'x'::text as id, pg_sleep(60)::text as n`,
);
const server = useAccountServer(database);
const ref = Account.ref('a1');

let store: Store;
beforeEach(() => {
  store = postgresStore(database.url, { maxConnections: 1 });
});
afterEach(() => store.close({ timeoutMs: 1_000 }));

/** How many backends of the store wait, for a lock or asleep. */
async function waiting(): Promise<number> {
  const [row] = await server.current.sql<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and application_name = 'justscale' and state = 'active'
      and (wait_event = 'PgSleep' or wait_event_type = 'Lock')`;
  return row?.count ?? 0;
}

const backend = async (): Promise<number | undefined> =>
  (await store.read<{ pid: number }>('select pg_backend_pid() as pid'))[0]?.pid;

/** Aborts what is called when the server is busy with it. */
async function aborted(work: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
  const abort = new AbortController();
  const reason = new Error('mine');
  const outcome = work(abort.signal).then(
    () => 'no error',
    (error: unknown) => (error === reason ? 'aborted' : error),
  );
  await waitUntil(async () => (await waiting()) === 1);
  abort.abort(reason);
  return outcome;
}

test.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
  ['find', (signal) => store.repository(Slow).find({}, { signal })],
  ['get', (signal) => store.repository(Slow).get(Slow.ref('x'), { signal })],
  ['read', (signal) => store.read('select pg_sleep(60)', [], { signal })],
  [
    'find in a transaction',
    (signal) =>
      store.transaction(() =>
        store
          .repository(Slow)
          .find({}, { signal })
          .then(() => 0),
      ),
  ],
  [
    'read in a transaction',
    (signal) => store.transaction(() => store.read('select pg_sleep(60)', [], { signal })),
  ],
  [
    'transaction',
    (signal) => store.transaction(() => store.read('select pg_sleep(60)'), { signal }),
  ],
])(
  'a %s that is aborted is cancelled on the server, and its connection goes on',
  async (_, work) => {
    const before = await backend();
    expect(await aborted(work)).toBe('aborted');
    await waitUntil(async () => (await waiting()) === 0);
    expect(await backend()).toBe(before);
  },
);

test('so is a wait for a lock, and what held it goes on', async () => {
  const accounts = store.repository(Account);
  const before = await backend();
  await server.current.sql.begin(async (tx) => {
    await tx`select from account where id = 'a1' for update`;
    const other = postgresStore(database.url, { maxConnections: 1 });
    const abort = new AbortController();
    const outcome = store
      .transaction(() => accounts.lock(ref, { signal: abort.signal }).then(() => 0))
      .catch((error: unknown) => error);
    const count = async (): Promise<string | undefined> =>
      (
        await other.read<{ count: string }>(
          "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
        )
      )[0]?.count;
    await waitUntil(async () => (await count()) === '1');
    abort.abort('gone');
    expect(await outcome).toBe('gone');
    await waitUntil(async () => (await count()) === '0');
    await other.close();
  });
  expect(await backend()).toBe(before);
  expect(await accounts.mutate(ref, () => ({ balance: 1 }))).toMatchObject({ balance: 1 });
});

test('a wait for a connection ends too, and leaves the next one to whoever comes', async () => {
  const begun = deferred();
  const release = deferred();
  const busy = store.transaction(async () => {
    await store.read('select 1');
    begun.resolve();
    await release.promise;
  });
  await begun.promise;
  const accounts = store.repository(Account);
  const abort = new AbortController();
  const reading = accounts.find({}, { signal: abort.signal });
  const locking = store.transaction(() =>
    accounts.lock(ref, { signal: abort.signal }).then(() => 0),
  );
  const next = accounts.find();
  abort.abort('gone');
  await expect(reading).rejects.toBe('gone');
  await expect(locking).rejects.toBe('gone');
  release.resolve();
  await busy;
  expect(await next).toHaveLength(1);
});
