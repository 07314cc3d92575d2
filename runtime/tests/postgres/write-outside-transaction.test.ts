import { naiveStore } from '@justscale/fixtures/naive-adapter';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import { ConnectionLostError, defineModel, type Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

class Counter extends defineModel('counter', z.object({ balance: z.number() })) {}

const database = useDatabase('create table counter (id text primary key, balance bigint not null)');
let admin: postgres.Sql;

beforeAll(() => {
  admin = postgres(database.url, { max: 1, connection: { application_name: 'admin' } });
});
afterAll(() => admin.end());
beforeEach(
  () =>
    admin`insert into counter values ('a', 1), ('b', 1) on conflict (id) do update set balance = 1`,
);

/** The counter as the database has it. */
async function stored(): Promise<number> {
  const [row] = await admin<{ balance: string }[]>`select balance from counter where id = 'a'`;
  return Number(row?.balance);
}

/** Ends the server process of the transaction that thinks, and waits until it is gone. */
async function killTheThinker(): Promise<void> {
  const thinking = () => admin<{ pid: number }[]>`
    select pid from pg_stat_activity
    where datname = current_database() and application_name = 'justscale' and state = 'idle in transaction'`;
  const [victim] = await waitUntil(async () => {
    const rows = await thinking();
    return rows.length === 1 && rows;
  });
  await admin`select pg_terminate_backend(${victim?.pid ?? 0})`;
  await waitUntil(async () => (await thinking()).length === 0);
}

/**
 * A transaction on a pool of one locks the counter and thinks; its connection dies, a read that waited for the pool gets a
 * new one; somebody else, who can lock the counter now, changes it to 10; then the transaction writes what it computed.
 */
async function writeAfterTheConnectionDied(
  store: Store,
): Promise<{ written: unknown; committed: unknown }> {
  const counters = store.repository(Counter);
  const other = postgresStore(database.url, { maxConnections: 1 });
  let written: unknown;
  const committed: unknown = await store
    .transaction(async () => {
      const counter = await counters.lock(Counter.ref('a'));
      if (counter === null) throw new Error('no counter');
      const computed = counter.balance + 1;
      // In a later turn, so that it is no part of the transaction.
      const waiting = outside(() => counters.get(Counter.ref('b')));
      await killTheThinker();
      await waiting.catch(() => undefined);
      await other.repository(Counter).mutate(Counter.ref('a'), () => ({ balance: 10 }));
      written = await counters.update(counter, { balance: computed }).then(
        () => 'written',
        (error: unknown) => error,
      );
    })
    .then(
      () => 'committed',
      (error: unknown) => error,
    );
  await other.close();
  return { written, committed };
}

let outside: <R>(work: () => Promise<R>) => Promise<R>;

beforeAll(() => {
  // Calls made from here are code of no transaction.
  const queue: (() => void)[] = [];
  const timer = setInterval(() => queue.splice(0).forEach((run) => run()), 1);
  outside = (work) =>
    new Promise((resolve, reject) => queue.push(() => void work().then(resolve, reject)));
  return () => clearInterval(timer);
});

test('a write never runs outside the transaction that holds its lock', async () => {
  const store = postgresStore(database.url, { maxConnections: 1 });
  const { written, committed } = await writeAfterTheConnectionDied(store);
  expect(written).toBeInstanceOf(ConnectionLostError);
  expect(written).toMatchObject({ outcome: 'rolled back' });
  expect(committed).not.toBe('committed');
  expect(await stored()).toBe(10);
  await store.close();
});

test('the naive adapter overwrites what the other one wrote, so this test shows the difference', async () => {
  const store = naiveStore(database.url, { channel: 'naive', maxConnections: 1 });
  await writeAfterTheConnectionDied(store);
  expect(await stored()).toBe(2);
  await store.close();
});
