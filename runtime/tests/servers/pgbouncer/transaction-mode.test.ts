import { unprepared, usePgBouncer } from '@justscale/fixtures/pgbouncer/vitest';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import { defineModel, defineSignals, SignalsUnheardError } from '@justscale/runtime';
import { postgresStore, type PostgresStoreOptions } from '@justscale/runtime/postgres';
import { expect, test } from 'vitest';
import { z } from 'zod';

class Counter extends defineModel('counter', z.object({ n: z.number() })) {}
class Signals extends defineSignals((signal) => ({ ping: signal('/ping/:who') })) {}

const database = useDatabase('create table counter (id text primary key, n integer not null)');
const pooler = usePgBouncer({ preparedStatements: false });

test('prepared statements fail there, lose nothing, and say that prepare: false mends it', async () => {
  const url = pooler.current.through(database.url);
  const stores = Array.from({ length: 4 }, () => postgresStore(url, { maxConnections: 4 }));
  await stores[0]?.repository(Counter).save(new Counter({ n: 0 }, { id: 'prepared' }));
  const ref = Counter.ref('prepared');
  let written = 0;
  const failures: Error[] = [];
  await waitUntil(async () => {
    const calls = stores.flatMap((store) =>
      Array.from({ length: 8 }, () =>
        store.transaction(async () => {
          const counters = store.repository(Counter);
          const counter = await counters.lock(ref);
          if (counter === null) throw new Error('it is there');
          await counters.update(counter, { n: counter.n + 1 });
        }),
      ),
    );
    for (const outcome of await Promise.allSettled(calls)) {
      if (outcome.status === 'fulfilled') written += 1;
      else failures.push(outcome.reason as Error);
    }
    return failures.length > 0;
  });
  // A lock that somebody else's statement answered would be no error, and a lost update.
  const outcomes = new Set(failures.map(({ message }) => message.replace(/"[^"]*"/, 'x')));
  expect([...outcomes].filter((message) => !message.includes('prepare: false'))).toEqual([]);
  const direct = postgresStore(database.url);
  expect((await direct.repository(Counter).get(ref))?.n).toBe(written);
  for (const store of [...stores, direct]) await store.close();
});

test('without them no update is lost, with many more connections than the server sees', async () => {
  const url = unprepared(pooler.current.through(database.url));
  const stores = Array.from({ length: 6 }, () => postgresStore(url, { maxConnections: 10 }));
  await stores[0]?.repository(Counter).save(new Counter({ n: 0 }, { id: 'hot' }));
  await Promise.all(
    Array.from({ length: 300 }, async (_, index) => {
      const store = stores[index % stores.length];
      await store?.repository(Counter).mutate(Counter.ref('hot'), ({ n }) => ({ n: n + 1 }));
    }),
  );
  expect((await stores[0]?.repository(Counter).get(Counter.ref('hot')))?.n).toBe(300);
  for (const store of stores) await store.close();
});

test('LISTEN alone does not pass: ready rejects and names listenUrl', async () => {
  const store = postgresStore(unprepared(pooler.current.through(database.url)));
  const errors: Error[] = [];
  store.on('error', (error) => errors.push(error));
  const { ready } = store.signals(Signals).ping.subscribe(() => undefined);
  await expect(ready).rejects.toThrow(SignalsUnheardError);
  await expect(ready).rejects.toThrow(/PgBouncer.*listenUrl/);
  expect(errors[0]).toBeInstanceOf(SignalsUnheardError);
  await store.close();
});

test.each<[string, PostgresStoreOptions]>([
  ['after the commit', { signalDelivery: 'after-commit' }],
  ['with the commit', { signalDelivery: 'in-transaction' }],
])('with listenUrl signals arrive, sent %s', async (_, options) => {
  const store = postgresStore(`${pooler.current.through(database.url)}?pgbouncer=true`, {
    ...options,
    listenUrl: database.url,
  });
  const { ping } = store.signals(Signals);
  const heard: string[] = [];
  await ping.subscribe(({ who }) => heard.push(who)).ready;
  await store.transaction(async () => {
    await store.lockName('anything');
    await ping.emit({ who: 'ada' });
  });
  await waitUntil(() => heard.length === 1);
  await store.close();
});

test('a setting of the session that the pooler does not pass on is refused with its name', async () => {
  const url = `${unprepared(pooler.current.through(database.url))}&search_path=app`;
  const store = postgresStore(url);
  await expect(store.repository(Counter).find()).rejects.toThrow(/search_path/);
  await store.close();
});
