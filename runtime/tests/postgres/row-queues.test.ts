import { AsyncLocalStorage } from 'node:async_hooks';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import {
  DeadlockError,
  defineModel,
  LockTimeoutError,
  type Locked,
  type LockOptions,
} from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { deferred } from './support/deferred.js';

// Transactions of one process that lock the same row first wait for each other in the process.

const database = useDatabase('create table counter (id text primary key, count int not null)');

class Counter extends defineModel('counter', z.object({ count: z.number() })) {}

let sql: postgres.Sql;
beforeAll(() => {
  sql = postgres(database.url, { max: 2 });
});
afterAll(() => sql.end());

let store: ReturnType<typeof postgresStore>;
beforeEach(async () => {
  await sql`truncate counter`;
  await sql`insert into counter values ('a', 0), ('b', 0)`;
  store = postgresStore(database.url);
});
afterEach(() => store.close());

/** Runs code that belongs to no transaction. */
const outside = AsyncLocalStorage.snapshot();

const lock = (id: string, options?: LockOptions): Promise<Locked<Counter> | null> =>
  store.repository(Counter).lock(Counter.ref(id), options);

/** Whether there is such a row. */
const takes = async (id: string, options?: LockOptions): Promise<boolean> =>
  (await lock(id, options)) !== null;

async function increment(id: string): Promise<void> {
  const counter = (await lock(id))!;
  await store.repository(Counter).update(counter, { count: counter.count + 1 });
}

/** A transaction that holds a row until it is told to go on. */
async function holding(
  id: string,
  then: () => Promise<unknown> = () => Promise.resolve(),
): Promise<{ readonly over: Promise<void>; release(): void }> {
  const [released, held] = [deferred(), deferred()];
  const over = store.transaction(async () => {
    await increment(id);
    held.resolve();
    await released.promise;
    await then();
  });
  await Promise.race([held.promise, over]);
  return { over, release: released.resolve };
}

const balance = async (id: string): Promise<unknown> =>
  (await sql`select count from counter where id = ${id}`)[0]?.['count'];

test('they come in the order of their calls, on one connection', async () => {
  await store.transaction(() => increment('a'));
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      store.transaction(async () => {
        await increment('a');
        order.push(index);
      }),
    ),
  );
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(await balance('a')).toBe(31);
  expect(store.stats().pool?.open).toBe(1);
});

test('who waits in the process holds nothing: a deadlock is always between those whom the database sees', async () => {
  const first = await holding('a', () => increment('b'));
  const second = await holding('b', () => increment('a'));
  const behind = ['a', 'b', 'a', 'b'].map((id) =>
    store.transaction(
      async () => {
        await increment(id);
        await increment(id === 'a' ? 'b' : 'a');
      },
      { retries: 20 },
    ),
  );
  first.release();
  second.release();
  const [one, other] = await Promise.allSettled([first.over, second.over]);
  const failures = [one, other].filter(({ status }) => status === 'rejected');
  expect(failures).toMatchObject([{ reason: expect.any(DeadlockError) as unknown }]);
  await Promise.all(behind);
  expect(await balance('a')).toBe(5);
});

test('who asks for another row meanwhile waits where the database sees it', async () => {
  const first = await holding('a', () => increment('b'));
  // Holds b, while it waits for a: in the process alone that would be for ever.
  const second = store.transaction(async () => {
    await Promise.all([increment('a'), increment('b')]);
  });
  await waitUntil(async () => (await sql`select from pg_locks where not granted`).length > 0);
  first.release();
  const outcomes = await Promise.allSettled([first.over, second]);
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
});

test('who gives up, runs out of time or fails is out of the way', async () => {
  const first = await holding('a');
  const controller = new AbortController();
  const given = expect(
    store.transaction(() => takes('a', { signal: controller.signal })),
  ).rejects.toBe('no longer');
  const late = expect(
    store.transaction(() => takes('a'), { timeoutMs: 600 }),
  ).rejects.toBeInstanceOf(LockTimeoutError);
  const limited = expect(
    store.transaction(() => takes('a', { timeoutMs: 600 })),
  ).rejects.toBeInstanceOf(LockTimeoutError);
  const last = store.transaction(() => increment('a'));
  controller.abort('no longer');
  await Promise.all([given, late, limited]);
  first.release();
  await Promise.all([first.over, last]);
  expect(await balance('a')).toBe(2);
});

test('a row that is not there, or was given back with a savepoint, is nobody’s', async () => {
  const [gone, asked] = [deferred(), deferred()];
  const holder = store.transaction(async () => {
    expect(await lock('missing')).toBeNull();
    asked.resolve();
    await gone.promise;
  });
  await asked.promise;
  expect(await store.transaction(() => takes('missing'))).toBe(false);
  gone.resolve();
  await holder;
  await store.transaction(async () => {
    await store
      .savepoint(async () => {
        await increment('a');
        throw new Error('undone');
      })
      .catch(() => undefined);
    await outside(() => store.transaction(() => increment('a')));
  });
  expect(await balance('a')).toBe(1);
});

test('those of another process are not kept out', async () => {
  const first = await holding('a');
  const behind = Array.from({ length: 5 }, () => store.transaction(() => increment('a')));
  const theirs = sql`update counter set count = count + 100 where id = 'a'`.execute();
  await waitUntil(async () => (await sql`select from pg_locks where not granted`).length > 0);
  first.release();
  await Promise.all([first.over, ...behind, theirs]);
  expect(await balance('a')).toBe(106);
});
