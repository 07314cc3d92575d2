import { startProxy } from '@justscale/fixtures/fault-proxy';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import { defineModel, ReadTimeoutError, StoreClosedError, type Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { ACCOUNT_SCHEMA, Account } from './support/account.js';
import { useAccountServer } from './support/server.js';

const REPLY_TIMEOUT_MS = 200;

class Slow extends defineModel('slow', z.object({ n: z.string() })) {}

const database = useDatabase(
  `${ACCOUNT_SCHEMA}; create view slow as select 'x'::text as id, pg_sleep(60)::text as n`,
);
const server = useAccountServer(database);

let store: Store;
beforeEach(() => {
  store = postgresStore(database.url, { maxConnections: 1, replyTimeoutMs: REPLY_TIMEOUT_MS });
});
afterEach(() => store.close({ timeoutMs: 1_000 }));

/** How many backends of the store sleep. */
async function sleeping(): Promise<number> {
  const [row] = await server.current.sql<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and application_name = 'justscale' and wait_event = 'PgSleep'`;
  return row?.count ?? 0;
}

/** The connection of the store. */
async function backend(): Promise<number | undefined> {
  const [row] = await store.read<{ pid: number }>('select pg_backend_pid() as pid');
  return row?.pid;
}

test.each([
  ['find', () => store.repository(Slow).find()],
  ['read', () => store.read('select pg_sleep(60)')],
])(
  'a slow %s is told as slow, cancelled on the server, and its connection goes on',
  async (_, read) => {
    const before = await backend();
    const error: unknown = await read().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ReadTimeoutError);
    expect(error).toMatchObject({ code: 'READ_TIMEOUT', timeoutMs: REPLY_TIMEOUT_MS });
    expect(String(error)).toContain('replyTimeoutMs');
    expect(await sleeping()).toBe(0);
    expect(await backend()).toBe(before);
  },
);

test('a read without a reply to its cancellation is a lost connection, and says how long it waited', async () => {
  const proxy = await startProxy(Number(new URL(database.url).port));
  const behind = postgresStore(proxy.through(database.url), { replyTimeoutMs: REPLY_TIMEOUT_MS });
  await behind.repository(Account).find();
  proxy.pause();
  await expect(behind.repository(Account).find()).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
    outcome: 'rolled back',
    message: expect.stringContaining('replyTimeoutMs') as unknown,
  });
  proxy.resume();
  await behind.close();
  await proxy.close();
});

test('closing with a time limit cancels a read on the server', async () => {
  const patient = postgresStore(database.url);
  const reading = patient.read('select pg_sleep(60)').catch((error: unknown) => error);
  await waitUntil(async () => (await sleeping()) === 1);
  await patient.close({ timeoutMs: 0 });
  expect(await reading).toBeInstanceOf(StoreClosedError);
  expect(await sleeping()).toBe(0);
});

test('a read that meets a connection that is gone is repeated once, on another one', async () => {
  const before = await backend();
  await server.current.kill({});
  expect(await backend()).not.toBe(before);
  // Lost while it runs, once: the second time it goes through.
  const reading = postgresStore(database.url);
  const found = reading.repository(Account).find({ owner: 'ada' });
  await server.current.kill({ state: 'active' });
  expect(await found).toHaveLength(1);
  await reading.close();
});

test('one that loses its connection again is told', async () => {
  const patient = postgresStore(database.url);
  const reading = patient.repository(Slow).find();
  const told = expect(reading).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
    outcome: 'rolled back',
  });
  for (let attempt = 1; attempt <= 2; attempt++) {
    await waitUntil(async () => (await sleeping()) === 1);
    await server.current.kill({ state: 'active' });
    await waitUntil(async () => (await sleeping()) === 0);
  }
  await told;
  await patient.close();
});
