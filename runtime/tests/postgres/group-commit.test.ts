import { AsyncLocalStorage } from 'node:async_hooks';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import {
  CheckError,
  defineModel,
  defineSignals,
  type Locked,
  LockTimeoutError,
  type MutateOptions,
  type Persistent,
} from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

// Calls of mutate for different rows that arrive in one turn share a transaction: each caller must not notice.

const database = useDatabase(`
  create table counter (id text primary key, count int not null check (count < 100), name text unique);
  create table traced (id text primary key, count int not null);
  create function trace() returns trigger language plpgsql as 'begin return new; end';
  create trigger trace after update on traced for each row execute function trace()`);

const fields = z.object({ count: z.number(), name: z.string().optional() });
class Counter extends defineModel('counter', fields) {}
class Traced extends defineModel('traced', z.object({ count: z.number() })) {}
class Signals extends defineSignals((signal) => ({ counted: signal('/counted/:id') })) {}

const IDS = ['a', 'b', 'c', 'd', 'e'];

let sql: postgres.Sql;
beforeAll(() => {
  sql = postgres(database.url, { max: 2 });
});
afterAll(() => sql.end());

let store: ReturnType<typeof postgresStore>;
beforeEach(async () => {
  await sql`truncate counter, traced`;
  await sql`insert into counter select unnest(${IDS}::text[]), 0`;
  await sql`insert into traced select unnest(${IDS}::text[]), 0`;
  store = postgresStore(database.url);
});
afterEach(() => store.close());

type Change = (id: string, counter: Locked<Counter>) => { count?: number; name?: string };

/** One change to each row, all in one turn. */
function changeAll(
  change: Change,
  options?: (id: string) => MutateOptions,
): Promise<Persistent<Counter> | null>[] {
  const counters = store.repository(Counter);
  return IDS.map((id) =>
    counters.mutate(Counter.ref(id), (counter) => change(id, counter), options?.(id)),
  );
}

/** How many transactions wrote what is stored now. */
async function transactions(table = 'counter'): Promise<number> {
  const rows = await sql`select distinct xmin::text from ${sql(table)} where count > 0`;
  return rows.length;
}

const increment: Change = (_, { count }) => ({ count: count + 1 });

test('they share one transaction, and each gets its own row', async () => {
  const results = await Promise.all(changeAll((id) => ({ count: 1 + IDS.indexOf(id) })));
  expect(results.map((each) => each?.count)).toEqual([1, 2, 3, 4, 5]);
  expect(await transactions()).toBe(1);
});

test('one whose change throws fails alone, and its signals are not sent', async () => {
  const { counted } = store.signals(Signals);
  const heard = counted.stream();
  await heard.ready;
  const results = await Promise.allSettled(
    changeAll((id, counter) => {
      void counted.emit({ id });
      if (id === 'c') throw new Error('not this one');
      return increment(id, counter);
    }),
  );
  expect(results.map(({ status }) => status === 'fulfilled')).toEqual([
    true,
    true,
    false,
    true,
    true,
  ]);
  expect(results[2]).toMatchObject({ reason: { message: 'not this one' } });
  expect(await transactions()).toBe(1);
  const ids: string[] = [];
  for (let index = 0; index < 4; index++) ids.push((await heard.next()).value!.id);
  expect(ids.sort()).toEqual(['a', 'b', 'd', 'e']);
  await counted.emit({ id: 'last' });
  expect((await heard.next()).value).toMatchObject({ id: 'last' });
  await heard.return();
});

test('one that the database refuses fails alone; each other is computed once more, and stored once', async () => {
  const results = await Promise.allSettled(
    changeAll((id, { count }) => ({ count: id === 'b' ? 1_000 : count + 1 })),
  );
  expect(results[1]).toMatchObject({ reason: expect.any(CheckError) as unknown });
  const rows = await sql<
    { id: string; count: number }[]
  >`select id, count from counter order by id`;
  expect(rows.map(({ count }) => count)).toEqual([1, 0, 1, 1, 1]);
});

test('nobody waits for a row that others hold, but its own caller', async () => {
  let release: () => void = () => undefined;
  const holding = sql.begin(async (tx) => {
    await tx`select from counter where id = 'c' for update`;
    await new Promise<void>((resolve) => (release = resolve));
  });
  await waitUntil(async () => {
    const rows = await sql`select from counter where id = 'c' for update skip locked`;
    return rows.length === 0;
  });
  const [a, b, c, d, e] = changeAll(increment);
  for (const changed of await Promise.all([a, b, d, e])) expect(changed?.count).toBe(1);
  expect(await transactions()).toBe(1);
  expect(await Promise.race([c, Promise.resolve('it waits')])).toBe('it waits');
  release();
  expect((await c)?.count).toBe(1);
  await holding;
});

test('nobody waits long for what another write of the group waits for', async () => {
  let release: () => void = () => undefined;
  let isHeld = false;
  const holding = sql.begin(async (tx) => {
    await tx`insert into counter values ('other', 0, 'taken')`;
    isHeld = true;
    await new Promise<void>((resolve) => (release = resolve));
    throw new Error('undone');
  });
  await waitUntil(() => isHeld);
  const [a, b, c] = changeAll((id, { count }) => ({
    count: count + 1,
    ...(id === 'c' ? { name: 'taken' } : {}),
  }));
  expect((await a)?.count).toBe(1);
  expect((await b)?.count).toBe(1);
  release();
  await expect(holding).rejects.toThrow('undone');
  expect(await c).toMatchObject({ count: 1, name: 'taken' });
});

test('each keeps its own async context', async () => {
  const context = new AsyncLocalStorage<string>();
  const seen: Record<string, string | undefined> = {};
  const counters = store.repository(Counter);
  await Promise.all(
    IDS.map((id) =>
      context.run(`of ${id}`, () =>
        counters.mutate(Counter.ref(id), (counter) => {
          seen[id] = context.getStore();
          return increment(id, counter);
        }),
      ),
    ),
  );
  expect(seen).toEqual(Object.fromEntries(IDS.map((id) => [id, `of ${id}`])));
  expect(await transactions()).toBe(1);
});

test('each keeps its own time limit', async () => {
  let release: () => void = () => undefined;
  let isHeld = false;
  const holding = sql.begin(async (tx) => {
    await tx`select from counter where id = 'a' for update`;
    isHeld = true;
    await new Promise<void>((resolve) => (release = resolve));
  });
  await waitUntil(() => isHeld);
  const [a, ...others] = changeAll(increment, (id) => (id === 'a' ? { timeoutMs: 50 } : {}));
  await expect(a).rejects.toThrow(LockTimeoutError);
  for (const changed of await Promise.all(others)) expect(changed?.count).toBe(1);
  release();
  await holding;
});

test('one whose entity is not there gets null', async () => {
  await sql`delete from counter where id = 'd'`;
  const results = await Promise.all(changeAll(increment));
  expect(results.map((each) => each?.count ?? null)).toEqual([1, 1, 1, null, 1]);
});

test('calls that come later for a row of the group come after it', async () => {
  const counters = store.repository(Counter);
  const first = changeAll((id, { count }) => ({ count: count * 10 + 1 }));
  await Promise.resolve();
  await new Promise<void>((resolve) => setImmediate(resolve));
  const second = counters.mutate(Counter.ref('a'), ({ count }) => ({ count: count * 10 + 2 }));
  await Promise.all([...first, second]);
  expect((await counters.get(Counter.ref('a')))?.count).toBe(12);
});

test('with triggers, which may see or change other rows, each has its own transaction', async () => {
  const traced = store.repository(Traced);
  await Promise.all(
    IDS.map((id) => traced.mutate(Traced.ref(id), ({ count }) => ({ count: count + 1 }))),
  );
  expect(await transactions('traced')).toBe(IDS.length);
});

test('who waits for a connection waits no longer in a group than alone', async () => {
  await store.close();
  store = postgresStore(database.url, { maxConnections: 1, acquireTimeoutMs: 300 });
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const holding = store.transaction(async () => {
    await store.repository(Counter).lock(Counter.ref('e'));
    await held;
  });
  await waitUntil(() => store.stats().locks.held === 1);
  const since = performance.now();
  const counters = store.repository(Counter);
  const outcomes = await Promise.allSettled(
    ['a', 'b', 'c'].map((id) => counters.mutate(Counter.ref(id), () => ({ count: 1 }))),
  );
  expect(outcomes).toMatchObject(
    Array.from({ length: 3 }, () => ({ reason: { code: 'POOL_TIMEOUT' } })),
  );
  expect(performance.now() - since).toBeLessThan(590);
  release();
  await holding;
});

test('one that is aborted while the group is under way does not wait afterwards', async () => {
  let release: () => void = () => undefined;
  let isHeld = false;
  const holding = sql.begin(async (tx) => {
    await tx`insert into counter values ('other', 0, 'taken')`;
    isHeld = true;
    await new Promise<void>((resolve) => (release = resolve));
    throw new Error('undone');
  });
  await waitUntil(() => isHeld);
  const abort = new AbortController();
  const [, , , d] = changeAll(
    (id, { count }) => {
      // The group waits for a name, fails, and each goes on by itself.
      if (id === 'd') abort.abort(new Error('enough'));
      return { count: count + 1, ...(id === 'd' ? { name: 'taken' } : {}) };
    },
    (id) => (id === 'd' ? { signal: abort.signal } : {}),
  );
  await expect(d).rejects.toThrow('enough');
  release();
  await expect(holding).rejects.toThrow('undone');
});

test('who does not want to share does not', async () => {
  await Promise.all(changeAll(increment, (id) => ({ combine: id !== 'e' })));
  expect(await transactions()).toBe(2);
  await store.close();
  store = postgresStore(database.url, { combineMutations: false });
  await Promise.all(changeAll(increment));
  expect(await transactions()).toBe(IDS.length);
});

test('one that is aborted before the group has its locks is not computed; the others are stored', async () => {
  const abort = new AbortController();
  const computed: string[] = [];
  const results = changeAll(
    (id, counter) => {
      computed.push(id);
      return increment(id, counter);
    },
    (id) => (id === 'b' ? { signal: abort.signal } : {}),
  );
  const settled = Promise.allSettled(results);
  abort.abort(new Error('enough'));
  const outcomes = await settled;
  expect(outcomes[1]).toMatchObject({ status: 'rejected', reason: { message: 'enough' } });
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
  expect(computed.sort()).toEqual(['a', 'c', 'd', 'e']);
  const rows = await sql<{ id: string }[]>`select id from counter where count = 1 order by id`;
  expect(rows.map(({ id }) => id)).toEqual(['a', 'c', 'd', 'e']);
});

test('one whose signal was aborted before the call takes no part', async () => {
  const results = changeAll(increment, (id) =>
    id === 'a' ? { signal: AbortSignal.abort(new Error('before')) } : {},
  );
  const outcomes = await Promise.allSettled(results);
  expect(outcomes[0]).toMatchObject({ status: 'rejected', reason: { message: 'before' } });
  expect(outcomes.slice(1).every(({ status }) => status === 'fulfilled')).toBe(true);
});

test('groups that come again and again do not keep a row from those who wait for it elsewhere', async () => {
  let isOver = false;
  const keepBusy = async (): Promise<void> => {
    while (!isOver) await Promise.all(changeAll(increment).map((each) => each.catch(() => null)));
  };
  await sql`alter table counter drop constraint counter_count_check`;
  const busy = keepBusy();
  await waitUntil(async () => (await transactions()) > 0);
  // Another process: it waits in the queue of the database.
  await sql`update counter set name = 'theirs' where id = 'c'`;
  isOver = true;
  await busy;
  const [row] = await sql`select name from counter where id = 'c'`;
  expect(row).toEqual({ name: 'theirs' });
  await sql`truncate counter`;
  await sql`alter table counter add constraint counter_count_check check (count < 100)`;
});
