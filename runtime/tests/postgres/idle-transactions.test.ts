import { startProxy } from '@justscale/fixtures/fault-proxy';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import { postgresStore } from '@justscale/runtime/postgres';
import { expect, test } from 'vitest';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';
import { useAccountServer } from './support/server.js';

const database = useDatabase(ACCOUNT_SCHEMA);
const ref = Account.ref('a1');
const IDLE_MS = 100;
const server = useAccountServer(database);

/** Waits until the server has ended whoever did nothing in a transaction. */
async function untilNobodyIdles(): Promise<void> {
  await waitUntil(async () => {
    const idle = await server.current.sql`
      select 1 from pg_stat_activity
      where datname = current_database() and application_name = 'justscale' and state = 'idle in transaction'`;
    return idle.count === 0;
  });
}

test('who does nothing in a transaction loses its locks, and can write no more', async () => {
  const store = postgresStore(database.url, { idleInTransactionTimeoutMs: IDLE_MS });
  const other = postgresStore(database.url);
  const accounts = store.repository(Account);
  const late = store.transaction(async () => {
    const account = (await accounts.lock(ref))!;
    // Waits for the lock, which only the end of this transaction can free.
    await other.repository(Account).mutate(ref, () => ({ balance: 10 }));
    await accounts.update(account, { balance: account.balance + 1 });
  });
  await expect(late).rejects.toMatchObject({ code: 'CONNECTION_LOST', outcome: 'rolled back' });
  expect(await accounts.get(ref)).toMatchObject({ balance: 10 });
  await Promise.all([store.close(), other.close()]);
});

test('what the server says when it ends one is a lost connection, also as the reply to a statement', async () => {
  const proxy = await startProxy(Number(new URL(database.url).port));
  const store = postgresStore(proxy.through(database.url), {
    idleInTransactionTimeoutMs: IDLE_MS,
  });
  const accounts = store.repository(Account);
  const late = store.transaction(async () => {
    const account = (await accounts.lock(ref))!;
    proxy.pause();
    await untilNobodyIdles();
    setImmediate(() => setImmediate(() => proxy.resume()));
    await accounts.update(account, { balance: 1 });
  });
  await expect(late).rejects.toMatchObject({ code: 'CONNECTION_LOST', outcome: 'rolled back' });
  await store.close();
  await proxy.close();
});
