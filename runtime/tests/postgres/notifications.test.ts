import { startProxy } from '@justscale/fixtures/fault-proxy';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import {
  ConnectionFailedError,
  DatabaseError,
  SignalDecodeError,
  defineSignals,
  type Store,
} from '@justscale/runtime';
import {
  postgresStore,
  type DriverOptions,
  type PostgresStoreOptions,
} from '@justscale/runtime/postgres';
import { connect, type Socket } from 'node:net';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const database = useDatabase();
class Signals extends defineSignals((signal) => ({ ping: signal('/ping/:who') })) {}

let sql: postgres.Sql;
beforeAll(() => {
  sql = postgres(database.url, { max: 1 });
});
afterAll(() => sql.end());

/** A store that hears pings, and what it reports. */
async function hearingStore(
  url: string,
  options: PostgresStoreOptions,
): Promise<{
  store: Store;
  heard: string[];
  errors: Error[];
  gaps: () => number;
  emit: (who: string) => Promise<void>;
}> {
  const store = postgresStore(url, options);
  const signals = store.signals(Signals);
  const heard: string[] = [];
  const errors: Error[] = [];
  let gapCount = 0;
  store.on('error', (error) => errors.push(error));
  store.on('gap', () => (gapCount += 1));
  await signals.ping.subscribe(({ who }) => heard.push(who)).ready;
  return { store, heard, errors, gaps: () => gapCount, emit: (who) => signals.ping.emit({ who }) };
}

/** Ends the backends whose last statement was LISTEN. */
async function killListeners(): Promise<void> {
  const killed = await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'justscale' and query like 'listen%'`;
  expect(killed.count).toBe(1);
}

describe.each(['after-commit', 'in-transaction'] as const)('signals %s', (signalDelivery) => {
  test('equal ones in one transaction all arrive once, in order; thousands too; other stores hear the same', async () => {
    const options = { signalDelivery, channel: `app.${signalDelivery} "odd"` };
    const one = await hearingStore(database.url, options);
    const two = await hearingStore(database.url, options);
    const sent = ['a', 'a', 'b', 'a', ...Array.from({ length: 1_200 }, (_, index) => `n${index}`)];
    await one.store.transaction(async () => {
      await one.store.lockName('a connection');
      for (const who of sent) await one.emit(who);
    });
    await one.emit('last');
    for (const { heard } of [one, two]) {
      await waitUntil(() => heard.includes('last'));
      expect(heard).toEqual([...sent, 'last']);
    }
    await one.store.close();
    await two.store.close();
  });
});

test('a listener whose backend is killed listens again and reports a gap', async () => {
  const { store, heard, gaps, emit } = await hearingStore(database.url, { channel: 'killed' });
  await killListeners();
  await waitUntil(() => gaps() === 1);
  await emit('after');
  await waitUntil(() => heard.includes('after'));
  await store.close();
});

test('a connection that is half-open is noticed by the heartbeat', async () => {
  const proxy = await startProxy(Number(new URL(database.url).port));
  const { store, heard, gaps, emit } = await hearingStore(proxy.through(database.url), {
    channel: 'half',
    heartbeatMs: 100,
    connectTimeoutMs: 1_000,
  });
  // The one that listens is left; that over which it heard itself is closed.
  await waitUntil(() => proxy.connections === 1);
  proxy.pause();
  await waitUntil(() => proxy.connections !== 1);
  proxy.resume();
  await waitUntil(() => gaps() >= 1);
  await emit('after');
  await waitUntil(() => heard.includes('after'));
  await store.close();
  await proxy.close();
});

test('while the server is away its absence is reported once, and the listener is back soon after it', async () => {
  const proxy = await startProxy(Number(new URL(database.url).port));
  const { store, heard, errors, gaps, emit } = await hearingStore(proxy.through(database.url), {
    channel: 'away',
  });
  proxy.refuse();
  proxy.cut();
  await waitUntil(() => errors.length > 0);
  expect(errors[0]).toBeInstanceOf(ConnectionFailedError);
  proxy.accept();
  await waitUntil(() => gaps() === 1, { timeoutMs: 3_000 });
  expect(errors).toHaveLength(1);
  await emit('after');
  await waitUntil(() => heard.includes('after'));
  await store.close();
  await proxy.close();
});

test('a connection that is lost while it begins to listen is a named error, and the next one listens', async () => {
  let isBroken = false;
  const { hostname, port } = new URL(database.url);
  const socket = (): Socket => {
    const opened = connect(Number(port), hostname);
    const write = opened.write.bind(opened) as (...args: unknown[]) => boolean;
    opened.write = (...args: unknown[]) => {
      if (isBroken || !String(args[0]).includes('listen "')) return write(...args);
      isBroken = true;
      opened.destroy();
      return false;
    };
    return opened;
  };
  const { username, password, pathname } = new URL(database.url);
  const store = postgresStore(
    // The driver takes a function here, which its types leave out.
    { username, password, database: pathname.slice(1), socket } as unknown as DriverOptions,
    { channel: 'broken' },
  );
  const errors: Error[] = [];
  store.on('error', (error) => errors.push(error));
  const { ping } = store.signals(Signals);
  const heard: string[] = [];
  await ping.subscribe(({ who }) => heard.push(who)).ready;
  expect(isBroken).toBe(true);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toBeInstanceOf(ConnectionFailedError);
  await ping.emit({ who: 'me' });
  await waitUntil(() => heard.length === 1);
  await store.close();
});

test('what is no signal is reported, and nobody is dropped', async () => {
  const { store, heard, errors, emit } = await hearingStore(database.url, { channel: 'garbage' });
  const garbage = ['', 'x', '{"a":1}', '1/ping/me', '1 ping', '/ping/%zz', 'x'.repeat(7_000)];
  for (const payload of garbage) await sql.notify('garbage', payload);
  await emit('after');
  await waitUntil(() => heard.includes('after'));
  expect(errors).toHaveLength(garbage.length);
  for (const error of errors) expect(error).toBeInstanceOf(SignalDecodeError);
  expect(heard).toEqual(['after']);
  await store.close();
});

test('what Postgres refuses is an error of those that travelled with it, and of nobody else', async () => {
  await sql.unsafe(`
    create schema strict;
    create function strict.pg_notify(channel text, payload text) returns void language plpgsql as $$
    begin
      if payload = '/ping/n700' then raise exception 'not this one'; end if;
      perform pg_catalog.pg_notify(channel, payload);
    end $$`);
  const url = new URL(database.url);
  url.searchParams.set('search_path', 'strict,pg_catalog');
  const { store, heard, emit } = await hearingStore(url.href, { channel: 'strict' });
  const names = Array.from({ length: 1_200 }, (_, index) => `n${index}`);
  const outcomes = await Promise.allSettled(names.map(emit));
  const refused = outcomes.flatMap((outcome, index) =>
    outcome.status === 'rejected' ? [{ index, reason: outcome.reason as Error }] : [],
  );
  expect(refused.some(({ index }) => index === 700)).toBe(true);
  for (const { reason } of refused) {
    expect(reason).toBeInstanceOf(DatabaseError);
    expect(reason.message).toContain('not this one');
  }
  await emit('last');
  await waitUntil(() => heard.includes('last'));
  const sent = names.filter((_, index) => outcomes[index]?.status === 'fulfilled');
  expect(sent.length).toBeGreaterThan(0);
  expect(heard).toEqual([...sent, 'last']);
  await store.close();
});

test('signals that could not be sent yet are sent when the server is back, all of them, in order', async () => {
  const proxy = await startProxy(Number(new URL(database.url).port));
  const { store: listening, heard } = await hearingStore(database.url, { channel: 'back' });
  const store = postgresStore(proxy.through(database.url), { channel: 'back' });
  const { ping } = store.signals(Signals);
  proxy.refuse();
  const names = Array.from({ length: 2_600 }, (_, index) => `n${index}`);
  const emitted = Promise.all(names.map((who) => ping.emit({ who })));
  // The signals ask for their connection while the first of these does: when the second is refused, they have been as well.
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(store.transaction(() => store.lockName('refused'))).rejects.toThrow(
      ConnectionFailedError,
    );
  }
  proxy.accept();
  await emitted;
  await waitUntil(() => heard.length === names.length);
  expect(heard).toEqual(names);
  await store.close();
  await listening.close();
  await proxy.close();
});

test('close sends what was committed before', async () => {
  const one = await hearingStore(database.url, { channel: 'last' });
  const two = postgresStore(database.url, { channel: 'last' });
  const { ping } = two.signals(Signals);
  await two.transaction(() => ping.emit({ who: 'last' }));
  await two.close();
  await waitUntil(() => one.heard.includes('last'));
  await one.store.close();
});
