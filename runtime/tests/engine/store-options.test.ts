import { defineModel } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import { expect, test } from 'vitest';
import { z } from 'zod';

class Account extends defineModel('account', z.object({ balance: z.number() })) {}

test('a store that demands a transaction refuses save and mutate outside one', async () => {
  const store = memoryStore({ requireTransaction: true });
  const accounts = store.repository(Account);
  const outside = { code: 'OUTSIDE_TRANSACTION', message: expect.stringContaining('tx.run') };
  const draft = (): Account => new Account({ balance: 1 }, { id: 'a' });
  await expect(accounts.save(draft())).rejects.toMatchObject(outside);
  await store.transaction(() => accounts.save(draft()));
  await expect(accounts.mutate(Account.ref('a'), () => ({ balance: 2 }))).rejects.toMatchObject(
    outside,
  );
  await store.transaction(() => accounts.mutate(Account.ref('a'), () => ({ balance: 3 })));
  expect((await accounts.get(Account.ref('a')))?.balance).toBe(3);
  await store.close();
});

test('memory has one isolation level, and says so', async () => {
  const store = memoryStore();
  const outcome = store.transaction(async () => undefined, { isolation: 'serializable' });
  await expect(outcome).rejects.toMatchObject({ code: 'INVALID_OPTION', option: 'isolation' });
  await store.close();
});

test.each([
  ['memoryStore', () => memoryStore({ combineMutation: false } as object), 'combineMutations'],
  [
    'postgresStore',
    () => postgresStore('postgres://localhost/x', { maxConnection: 3 } as object),
    'maxConnections',
  ],
])('%s refuses an option that does not exist', (_, open, meant) => {
  expect(open).toThrow(`Did you mean ${meant}?`);
});
