import { startProxy } from '@justscale/fixtures/fault-proxy';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import { ConnectionLostError } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { expect, test } from 'vitest';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';
import { useAccountServer } from './support/server.js';

const database = useDatabase(ACCOUNT_SCHEMA);
const ref = Account.ref('a1');
const server = useAccountServer(database);

async function balance(): Promise<number> {
  const [row] = await server.current.sql<
    { balance: string }[]
  >`select balance from account where id = 'a1'`;
  return Number(row?.balance);
}

test('an insert after the connection was lost inserts nothing', async () => {
  const store = postgresStore(database.url, { maxConnections: 1 });
  const accounts = store.repository(Account);
  const saving = store.transaction(async () => {
    await accounts.find();
    expect(await server.current.kill({ state: 'idle in transaction' })).toBe(1);
    await waitUntil(async () => (await server.current.kill({})) === 0);
    await accounts.save(new Account({ owner: 'bob', balance: 1 }));
  });
  await expect(saving).rejects.toMatchObject({ code: 'CONNECTION_LOST', outcome: 'rolled back' });
  expect((await accounts.find()).map(({ owner }) => owner)).toEqual(['ada']);
  await store.close();
});

test('lost while COMMIT is under way, the outcome is unknown', async () => {
  const proxy = await startProxy(Number(new URL(database.url).port));
  const store = postgresStore(proxy.through(database.url), { maxConnections: 1 });
  const accounts = store.repository(Account);
  const committing = store.transaction(async () => {
    const account = await accounts.lock(ref);
    await accounts.update(account!, { balance: 1 });
    // From here on nothing comes back: the COMMIT is sent, and its answer is lost.
    proxy.pause();
    setImmediate(() => setTimeout(() => proxy.cut(), 50));
  });
  await expect(committing).rejects.toMatchObject({ code: 'CONNECTION_LOST', outcome: 'unknown' });
  proxy.resume();
  await store.close();
  await proxy.close();
});

test('under random kills no acknowledged update is lost, none is written twice, and nothing escapes', async () => {
  const escaped: unknown[] = [];
  const note = (error: unknown): void => void escaped.push(error);
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  const stores = [0, 1].map(() => postgresStore(database.url, { maxConnections: 2 }));
  const counts = { acknowledged: 0, unknown: 0, rolledBack: 0 };
  let isRunning = true;
  const increment = async (index: number): Promise<void> => {
    const store = stores[index % 2]!;
    const accounts = store.repository(Account);
    await store.transaction(async () => {
      const account = (await accounts.lock(ref))!;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 8));
      await accounts.update(account, { balance: account.balance + 1 });
    });
  };
  const loops = Array.from({ length: 12 }, async (_, index) => {
    while (isRunning) {
      try {
        await increment(index);
        counts.acknowledged += 1;
      } catch (error) {
        if (!(error instanceof ConnectionLostError)) throw error;
        counts[error.outcome === 'unknown' ? 'unknown' : 'rolledBack'] += 1;
      }
    }
  });
  for (let round = 0; round < 20; round++) {
    const before = counts.acknowledged;
    await waitUntil(() => counts.acknowledged > before);
    await server.current.kill({ state: '%transaction%' });
  }
  isRunning = false;
  await Promise.all(loops);
  await Promise.all(stores.map((store) => store.close()));
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);

  expect(escaped).toEqual([]);
  expect(counts.rolledBack + counts.unknown).toBeGreaterThan(0);
  expect(await balance()).toBeGreaterThanOrEqual(counts.acknowledged);
  expect(await balance()).toBeLessThanOrEqual(counts.acknowledged + counts.unknown);
});

test('when idle connections were lost, the next calls open new ones', async () => {
  const store = postgresStore(database.url);
  const accounts = store.repository(Account);
  await Promise.all([accounts.get(ref), accounts.get(ref), accounts.get(ref)]);
  await server.current.kill({});
  await waitUntil(async () => (await server.current.kill({})) === 0);
  await waitUntil(() => accounts.get(ref).catch(() => undefined));
  expect(await accounts.mutate(ref, (account) => ({ balance: account.balance + 1 }))).toMatchObject(
    {
      balance: 1,
    },
  );
  await store.close();
});
