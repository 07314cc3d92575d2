import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { AdapterTransaction, Awaitable, LockWait, Table } from '#src/adapter/adapter.js';
import { describeModel } from '#src/model/model-description.js';
import { ConnectionFactory } from '#src/postgres/connection-factory.js';
import { PostgresAdapter } from '#src/postgres/postgres-adapter.js';
import { ACCOUNT_SCHEMA } from './support/account.js';

// What the core relies on, and checks as well: here is the adapter without the core.

const database = useDatabase(ACCOUNT_SCHEMA);
const table: Table = {
  name: 'account',
  model: describeModel('account', z.object({ owner: z.string(), balance: z.number() })),
};
const everything = {
  where: [],
  orderBy: [{ field: 'id', direction: 'asc' }],
  limit: undefined,
  after: undefined,
} as const;
const wait: LockWait = { mode: 'block', timeoutMs: undefined, strength: 'update' };
const row = { id: 'a1', fields: { owner: 'ada', balance: 1 } };

let adapter: PostgresAdapter;
beforeAll(() => {
  adapter = openAdapter(database.url);
});
afterAll(() => adapter.close());

function openAdapter(url: string, maxConnections = 1): PostgresAdapter {
  return new PostgresAdapter(new ConnectionFactory(url, { maxConnections }));
}

function begin(): AdapterTransaction {
  return adapter.begin({ deadline: undefined });
}

async function remove(from: PostgresAdapter): Promise<void> {
  const transaction = from.begin({ deadline: undefined });
  const [held] = await transaction.lock(table, [row.id], wait);
  await transaction.delete(table, held!);
  await transaction.commit([], []);
}

const calls: Record<string, (transaction: AdapterTransaction) => Awaitable<unknown>> = {
  find: (transaction) => transaction.find(table, everything),
  lock: (transaction) => transaction.lock(table, [row.id], wait),
  lockName: (transaction) => transaction.lockName('name', wait),
  insert: (transaction) => transaction.insert(table, row),
  update: (transaction) => transaction.update(table, row, { balance: 2 }),
  delete: (transaction) => transaction.delete(table, row),
  commit: (transaction) => transaction.commit([], []),
};

describe.each(['commit', 'rollback'] as const)('after %s', (end) => {
  describe.each(['has', 'never had'])('a transaction that %s a connection', (which) => {
    test.each(Object.keys(calls))('refuses %s', async (name) => {
      const transaction = begin();
      if (which === 'has') await transaction.find(table, everything);
      await (end === 'commit' ? transaction.commit([], []) : transaction.rollback());
      await expect(calls[name]!(transaction)).rejects.toMatchObject({ code: 'LOCK_RELEASED' });
      // The only connection there is has come back.
      expect(await adapter.find(table, everything)).toEqual([]);
    });
  });
});

test('a rollback that is repeated leaves the connection to whoever has it now', async () => {
  const first = begin();
  await first.find(table, everything);
  await first.rollback();
  const second = begin();
  await second.insert(table, row);
  await first.rollback();
  await second.commit([], []);
  expect(await adapter.find(table, everything)).toEqual([row]);
  await remove(adapter);
});

test('a transaction that ended while it waited for a connection begins nothing on it', async () => {
  const url = new URL(database.url);
  url.searchParams.set('application_name', 'late');
  const single = openAdapter(url.href);
  const first = single.begin({ deadline: undefined });
  await first.find(table, everything);
  const late = single.begin({ deadline: undefined });
  const refused = expect(late.find(table, everything)).rejects.toMatchObject({
    code: 'LOCK_RELEASED',
  });
  await late.rollback();
  await first.commit([], []);
  await refused;
  await single.find(table, everything);
  const sql = postgres(database.url, { max: 1 });
  const states = await sql`select state from pg_stat_activity where application_name = 'late'`;
  expect(Array.from(states)).toEqual([{ state: 'idle' }]);
  await sql.end();
  await single.close();
});

test('a row of another version is neither changed nor deleted', async () => {
  const transaction = begin();
  await transaction.insert(table, row);
  const [held] = await transaction.lock(table, [row.id], wait);
  const updated = await transaction.update(table, held!, { balance: 2 });
  expect(await transaction.update(table, held!, { balance: 3 })).toBeUndefined();
  expect(await transaction.delete(table, held!)).toBe(false);
  expect(await transaction.delete(table, updated!)).toBe(true);
  await transaction.rollback();
});

test.each(['find', 'insert'])('after close %s is refused at once', async (name) => {
  const closed = openAdapter(database.url);
  await closed.find(table, everything);
  await closed.close();
  const transaction = closed.begin({ deadline: undefined });
  await expect(calls[name]!(transaction)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  await expect(closed.find(table, everything)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
});

test('a write and a COMMIT go together, also when another transaction found some table changed', async () => {
  const fresh = openAdapter(database.url, 2);
  const transaction = fresh.begin({ deadline: undefined });
  await transaction.insert(table, row);
  await expect(fresh.find({ ...table, name: 'missing' }, everything)).rejects.toMatchObject({
    sqlState: '42P01',
  });
  const [held] = await transaction.lock(table, [row.id], wait);
  const last = [{ table, row: held!, changes: { balance: 2 } }];
  expect(await transaction.commit([], last)).toMatchObject([{ fields: { balance: 2 } }]);
  await remove(fresh);
  await fresh.close();
});
