import { memoryStore } from '@justscale/runtime/memory';
import { openTransaction } from '@justscale/runtime/testing';
import { expect, test } from 'vitest';

test('a transaction that a closed store refused says so when it is rolled back, and nothing else fails', async () => {
  const store = memoryStore();
  await store.close();

  const transaction = await openTransaction(store);

  await expect(transaction.rollBack()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
});
