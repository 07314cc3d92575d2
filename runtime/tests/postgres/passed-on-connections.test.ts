import { connect, type Socket } from 'node:net';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import { CheckError, defineModel, type Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

// A transaction that waits for a connection gets one whose COMMIT is under way: neither may notice the other.

const database = useDatabase(`
  create table counter (id text primary key, count int not null);
  create function slowly() returns trigger language plpgsql as $$ begin
    if new.count = 7 then perform pg_sleep(1); end if;
    if new.count = 8 then perform pg_sleep(60); end if;
    if new.count = 13 then raise check_violation using message = 'thirteen'; end if;
    return null;
  end $$;
  create constraint trigger slowly after update on counter deferrable initially deferred
    for each row execute function slowly()`);

class Counter extends defineModel('counter', z.object({ count: z.number() })) {}

let sql: postgres.Sql;
beforeAll(() => {
  sql = postgres(database.url, { max: 2 });
});
afterAll(() => sql.end());

let writes: string[];
let store: Store;
beforeEach(async () => {
  await sql`truncate counter`;
  await sql`insert into counter values ('a', 0), ('b', 0), ('c', 0)`;
  writes = [];
  const { hostname, port, username, password, pathname } = new URL(database.url);
  const options = {
    host: hostname,
    port: Number(port),
    username,
    password,
    database: pathname.slice(1),
    socket: () => recorded(connect(Number(port), hostname)),
  };
  store = postgresStore(options, { maxConnections: 1 });
});
afterEach(() => store.close());

function recorded(socket: Socket): Socket {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  socket.write = (...args: unknown[]) => {
    writes.push(String(args[0]));
    return write(...args);
  };
  return socket;
}

function set(id: string, count: number, options: { signal?: AbortSignal } = {}): Promise<void> {
  const counters = store.repository(Counter);
  return store.transaction(async () => {
    const counter = (await counters.lock(Counter.ref(id), options))!;
    await counters.update(counter, { count });
  });
}

async function sleeps(): Promise<void> {
  await waitUntil(async () => {
    const [row] = await sql`select from pg_stat_activity where wait_event = 'PgSleep'`;
    return row !== undefined;
  });
}

async function stored(): Promise<unknown> {
  const rows = await sql<{ id: string; count: number }[]>`select id, count from counter`;
  return Object.fromEntries(rows.map(({ id, count }) => [id, count]));
}

test('its BEGIN and its first lock leave together with the COMMIT before it', async () => {
  await set('a', 1);
  writes = [];
  await Promise.all([set('a', 2), set('b', 2), set('c', 2)]);
  expect(await stored()).toEqual({ a: 2, b: 2, c: 2 });
  // Two flights each, and the COMMIT of the last.
  expect(writes).toHaveLength(7);
});

test('a COMMIT that the database refuses is told to its own caller alone', async () => {
  const outcomes = await Promise.allSettled([set('a', 1), set('b', 13), set('c', 3)]);
  expect(outcomes).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: expect.any(CheckError) as unknown },
    { status: 'fulfilled' },
  ]);
  expect(await stored()).toEqual({ a: 1, b: 0, c: 3 });
});

test('who gives up its wait behind a COMMIT cancels nothing of that', async () => {
  const committing = set('a', 7);
  const controller = new AbortController();
  const waiting = expect(set('b', 1, controller)).rejects.toBe('no longer');
  await sleeps();
  controller.abort('no longer');
  await committing;
  await waiting;
  await set('c', 1);
  expect(await stored()).toEqual({ a: 7, b: 0, c: 1 });
});

test('when the connection is lost, the one has an unknown outcome and the other none', async () => {
  const outcomes = Promise.allSettled([set('a', 8), set('b', 1)]);
  await sleeps();
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'`;
  expect(await outcomes).toMatchObject([
    { reason: { code: 'CONNECTION_LOST', outcome: 'unknown' } },
    { reason: { code: 'CONNECTION_LOST', outcome: 'rolled back' } },
  ]);
  await set('c', 1);
  expect(await stored()).toEqual({ a: 0, b: 0, c: 1 });
});
