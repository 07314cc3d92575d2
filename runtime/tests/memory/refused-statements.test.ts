import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { AdapterTransaction } from '../../src/adapter/adapter.js';
import { MemoryAdapter } from '../../src/memory/memory-adapter.js';
import { describeModel } from '../../src/model/model-description.js';

// The core does not commit what was refused. The adapter does not either: whoever writes a core of their own relies on it.
const table = { name: 'account', model: describeModel('account', z.object({})) };
const everything = { where: {}, orderBy: [], limit: undefined, after: undefined };
const row = (id: string) => ({ id, fields: {} });

let adapter: MemoryAdapter;
let transaction: AdapterTransaction;
let topics: string[];

beforeEach(async () => {
  adapter = new MemoryAdapter();
  topics = [];
  await adapter.listen({ topic: (topic) => topics.push(topic), gap: () => undefined });
  transaction = adapter.begin();
});

test('a transaction with a refused statement commits and publishes nothing', async () => {
  await transaction.insert(table, row('a'));
  expect(() => transaction.insert(table, row('a'))).toThrow(/already/);
  expect(() => transaction.commit(['/said/it'])).toThrow(
    expect.objectContaining({ code: 'TRANSACTION_ROLLED_BACK' }),
  );
  await adapter.publish(['/said/next']);
  await expect.poll(() => topics).toEqual(['/said/next']);
  expect(adapter.find(table, everything)).toEqual([]);
});

test('and none of its later statements runs', async () => {
  expect(() => transaction.update(table, 'nobody', {})).toThrow(
    expect.objectContaining({ code: 'LOCK_RELEASED' }),
  );
  expect(() => transaction.insert(table, row('a'))).toThrow(
    expect.objectContaining({ code: 'TRANSACTION_ROLLED_BACK' }),
  );
  await transaction.rollback();
  expect(adapter.find(table, everything)).toEqual([]);
});

test('a row that it does not hold is neither changed nor deleted', async () => {
  const creating = adapter.begin();
  await creating.insert(table, row('a'));
  await creating.commit([]);
  await adapter.begin().lock(table, ['a'], { mode: 'block', timeoutMs: undefined });
  for (const write of [
    () => transaction.update(table, 'a', { x: 1 }),
    () => adapter.begin().delete(table, 'a'),
  ])
    expect(write).toThrow(expect.objectContaining({ code: 'LOCK_RELEASED' }));
  expect(adapter.find(table, everything)).toEqual([row('a')]);
});
