import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { AdapterTransaction, Awaitable, LockWait, Table } from '#src/adapter/adapter.js';
import { MemoryAdapter } from '#src/memory/memory-adapter.js';
import { describeModel } from '#src/model/model-description.js';

// What the core relies on, and checks as well: here is the adapter without the core.

const table: Table = { name: 'account', model: describeModel('account', z.object({})) };
const everything = {
  where: [],
  orderBy: [{ field: 'id', direction: 'asc' }],
  limit: undefined,
  after: undefined,
} as const;
const wait: LockWait = { mode: 'block', timeoutMs: undefined, strength: 'update' };
const row = { id: 'a1', fields: { balance: 1 } };
const stored = { ...row, version: 1 };

let adapter: MemoryAdapter;

beforeEach(() => {
  adapter = new MemoryAdapter();
});

/** Runs in a transaction of its own, and commits. */
async function run(use: (transaction: AdapterTransaction) => Awaitable<unknown>): Promise<void> {
  const transaction = adapter.begin();
  await use(transaction);
  await transaction.commit([], []);
}

const calls: Record<string, (transaction: AdapterTransaction) => Awaitable<unknown>> = {
  find: (transaction) => transaction.find(table, everything),
  lock: (transaction) => transaction.lock(table, [row.id], wait),
  lockName: (transaction) => transaction.lockName('name', wait),
  insert: (transaction) => transaction.insert(table, { id: 'a2', fields: {} }),
  update: (transaction) => transaction.update(table, stored, { balance: 2 }),
  delete: (transaction) => transaction.delete(table, stored),
  commit: (transaction) => transaction.commit([], []),
};

describe.each(['commit', 'rollback'] as const)('after %s', (end) => {
  test.each(Object.keys(calls))('a transaction refuses %s', async (name) => {
    await run((transaction) => transaction.insert(table, row));
    const transaction = adapter.begin();
    await transaction.lock(table, [row.id], wait);
    await (end === 'commit' ? transaction.commit([], []) : transaction.rollback());
    await expect((async () => calls[name]!(transaction))()).rejects.toMatchObject({
      code: 'LOCK_RELEASED',
    });
    expect(adapter.find(table, everything)).toEqual([stored]);
  });

  test('what somebody else writes is not undone by another rollback', async () => {
    await run((transaction) => transaction.insert(table, row));
    const first = adapter.begin();
    await first.lock(table, [row.id], wait);
    await first.update(table, stored, { balance: 2 });
    await (end === 'commit' ? first.commit([], []) : first.rollback());
    const second = adapter.begin();
    const [held] = await second.lock(table, [row.id], wait);
    await second.update(table, held!, { balance: 3 });
    await first.rollback();
    await second.commit([], []);
    expect(adapter.find(table, everything)).toMatchObject([{ id: row.id, fields: { balance: 3 } }]);
  });
});

test('a commit that waits for a lock commits nothing once it was rolled back', async () => {
  await run((transaction) => transaction.insert(table, row));
  const holder = adapter.begin();
  await holder.lock(table, [row.id], wait);
  const transaction = adapter.begin();
  await transaction.insert(table, { id: 'a2', fields: {} });
  const locking = transaction.lock(table, [row.id], wait);
  const committing = transaction.commit([], []);
  await transaction.rollback();
  await expect(locking).rejects.toMatchObject({ code: 'LOCK_RELEASED' });
  await expect(committing).rejects.toMatchObject({ code: 'LOCK_RELEASED' });
  expect(adapter.find(table, everything)).toEqual([stored]);
});

test('a transaction with a refused statement holds nothing any more', async () => {
  const transaction = adapter.begin();
  await transaction.insert(table, row);
  expect(() => transaction.insert(table, row)).toThrow(/already/);
  await run((other) => other.insert(table, row));
  await transaction.rollback();
  expect(adapter.find(table, everything)).toEqual([stored]);
});

test('a row of another version is neither changed nor deleted', async () => {
  await run((transaction) => transaction.insert(table, row));
  const transaction = adapter.begin();
  const [held] = await transaction.lock(table, [row.id], wait);
  const updated = await transaction.update(table, held!, { balance: 2 });
  expect(await transaction.update(table, held!, { balance: 3 })).toBeUndefined();
  expect(await transaction.delete(table, held!)).toBe(false);
  expect(await transaction.update(table, updated!, { balance: 4 })).toMatchObject({
    fields: { balance: 4 },
  });
});

test('a row that a transaction does not hold is neither changed nor deleted', async () => {
  await run((transaction) => transaction.insert(table, row));
  await adapter.begin().lock(table, [row.id], wait);
  const released = expect.objectContaining({ code: 'LOCK_RELEASED' });
  expect(() => adapter.begin().update(table, stored, { balance: 2 })).toThrow(released);
  expect(() => adapter.begin().delete(table, stored)).toThrow(released);
  expect(adapter.find(table, everything)).toEqual([stored]);
});

test('nor one that it has deleted', async () => {
  await run((transaction) => transaction.insert(table, row));
  const transaction = adapter.begin();
  await transaction.lock(table, [row.id], wait);
  await transaction.delete(table, stored);
  expect(() => transaction.update(table, stored, { balance: 2 })).toThrow(
    expect.objectContaining({ code: 'LOCK_RELEASED' }),
  );
});
