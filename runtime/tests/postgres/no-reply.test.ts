import { type FaultProxy, startProxy } from '@justscale/fixtures/fault-proxy';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import {
  ConnectionLostError,
  defineSignals,
  type Repository,
  type Store,
} from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import type postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';
import { connectServer, type Server } from './support/server.js';

/** How long the stores of these tests wait for a reply: much less than the operating system would. */
const REPLY_TIMEOUT_MS = 400;
const BOUND_MS = 5_000;

class Signals extends defineSignals((signal) => ({ ping: signal('/ping/:who') })) {}

const database = useDatabase(ACCOUNT_SCHEMA);
const ref = Account.ref('a1');
let server: Server;
let holder: postgres.Sql;
let proxy: FaultProxy;
let store: Store;
let accounts: Repository<Account>;

beforeAll(() => {
  server = connectServer(database.url);
  holder = connectServer(database.url).sql;
});
beforeEach(async () => {
  await server.sql`delete from account`;
  await server.sql`insert into account values ('a1', 'ada', 0)`;
  proxy = await startProxy(Number(new URL(database.url).port));
  store = postgresStore(proxy.through(database.url), {
    maxConnections: 1,
    replyTimeoutMs: REPLY_TIMEOUT_MS,
  });
  accounts = store.repository(Account);
  await accounts.get(ref);
});
afterEach(async () => {
  await store.close();
  await proxy.close();
});
afterAll(() => Promise.all([server.end(), holder.end()]));

/** How work ends that gets no reply, as an error with an outcome. */
async function lost(work: Promise<unknown>): Promise<'rolled back' | 'unknown'> {
  const since = performance.now();
  const error: unknown = await work.catch((reason: unknown) => reason);
  expect(performance.now() - since).toBeLessThan(BOUND_MS);
  expect(error).toBeInstanceOf(ConnectionLostError);
  return (error as ConnectionLostError).outcome;
}

/** Locks the row on another connection; the result lets it go. */
async function holdRow(): Promise<() => Promise<void>> {
  let letGo: (() => void) | undefined;
  const holding = holder.begin(async (tx) => {
    await tx`select 1 from account where id = 'a1' for update`;
    await new Promise<void>((resolve) => (letGo = resolve));
  });
  await waitUntil(() => letGo !== undefined);
  return async () => {
    letGo?.();
    await holding;
  };
}

/** How many statements of the store wait for a lock. */
async function waiting(): Promise<number> {
  const [row] = await server.sql<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and application_name = 'justscale' and wait_event_type = 'Lock'`;
  return row?.count ?? 0;
}

/** When the network is whole again, the store opens a new connection. */
async function expectUsable(): Promise<void> {
  proxy.resume();
  expect(await accounts.get(ref)).toMatchObject({ owner: 'ada' });
}

test('a read on a half-open connection ends, and its connection with it', async () => {
  proxy.pause();
  expect(await lost(accounts.get(ref))).toBe('rolled back');
  await expectUsable();
});

test('a COMMIT without a reply has an unknown outcome, and its connection is given up', async () => {
  const committing = store.transaction(async () => {
    const account = await accounts.lock(ref);
    await accounts.update(account!, { balance: 1 });
    proxy.pause();
  });
  expect(await lost(committing)).toBe('unknown');
  await expectUsable();
});

test('so has a combined mutation', async () => {
  const mutating = accounts.mutate(ref, (account) => {
    proxy.pause();
    return { balance: account.balance + 1 };
  });
  expect(await lost(mutating)).toBe('unknown');
  await expectUsable();
});

test('a signal that cannot be sent is an error, not a hang', async () => {
  const { ping } = store.signals(Signals);
  await ping.emit({ who: 'first' });
  proxy.pause();
  await lost(ping.emit({ who: 'second' }));
  await expectUsable();
});

test('nor can thousands be, which several statements carry, and each is told', async () => {
  const { ping } = store.signals(Signals);
  await ping.emit({ who: 'first' });
  proxy.pause();
  const names = Array.from({ length: 2_000 }, (_, index) => `n${index}`);
  await Promise.all(names.map((who) => lost(ping.emit({ who }))));
  await expectUsable();
});

test('a reply that came while the process slept is not missed', async () => {
  // Not through the proxy, which sleeps with this process.
  const direct = postgresStore(database.url, { replyTimeoutMs: REPLY_TIMEOUT_MS });
  const read = direct.repository(Account);
  await read.get(ref);
  const reading = read.get(ref);
  // The driver writes in a later turn; then this process does nothing until long after the reply was due.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  const wake = performance.now() + 2 * REPLY_TIMEOUT_MS;
  while (performance.now() < wake);
  expect(await reading).toMatchObject({ owner: 'ada' });
  await direct.close();
});

test('a wait for a lock is no missing reply', async () => {
  const release = await holdRow();
  const mutating = accounts.mutate(ref, (account) => ({ balance: account.balance + 1 }));
  setTimeout(() => void release(), 2 * REPLY_TIMEOUT_MS);
  expect(await mutating).toMatchObject({ balance: 1 });
});

test('a wait that cannot be cancelled is given up with its connection, and nothing else fails', async () => {
  const release = await holdRow();
  const abandoned = store.transaction(async () => {
    accounts.lock(ref).catch(() => undefined);
    // By now the statement is on its way.
    await waitUntil(async () => (await waiting()) === 1);
    proxy.refuse();
    throw new Error('mine');
  });
  await expect(abandoned).rejects.toThrow('mine');
  await release();
  proxy.accept();
  await expectUsable();
});

test('a wait that is cancelled leaves its connection as good as before', async () => {
  const release = await holdRow();
  const connections = proxy.connections;
  const abandoned = store.transaction(async () => {
    accounts.lock(ref).catch(() => undefined);
    await waitUntil(async () => (await waiting()) === 1);
    throw new Error('mine');
  });
  await expect(abandoned).rejects.toThrow('mine');
  expect(await waiting()).toBe(0);
  expect(await accounts.get(ref)).toMatchObject({ owner: 'ada' });
  await waitUntil(() => proxy.connections === connections);
  await release();
});

test('a committed signal that cannot be sent is reported, whether or not anybody has subscribed', async () => {
  const errors: Error[] = [];
  store.on('error', (error) => errors.push(error));
  const { ping } = store.signals(Signals);
  proxy.refuse();
  proxy.cut();
  // A transaction without a statement: all that it commits is the signal.
  await store.transaction(() => ping.emit({ who: 'nobody' }));
  await waitUntil(() => errors.length > 0);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toBeInstanceOf(ConnectionLostError);
  proxy.accept();
});

test('who listens for errors is code of no transaction', async () => {
  const codes: unknown[] = [];
  store.on('error', () => {
    accounts.lock(ref).catch((error: unknown) => codes.push((error as { code: string }).code));
  });
  const { ping } = store.signals(Signals);
  proxy.refuse();
  proxy.cut();
  await store.transaction(() => ping.emit({ who: 'nobody' }));
  await waitUntil(() => codes.length > 0);
  expect(codes).toEqual(['LOCK_OUTSIDE_TRANSACTION']);
  proxy.accept();
});
