import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import {
  type LockEvent,
  type PoolEvent,
  type StatementEvent,
  type Store,
  type TransactionEvent,
} from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Account, ACCOUNT_SCHEMA } from '../postgres/support/account.js';
import { deferred } from '../postgres/support/deferred.js';

const database = useDatabase(ACCOUNT_SCHEMA);
const ref = Account.ref('a1');

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** What is published on a channel from now on. */
function events<E>(channel: string): E[] {
  const heard: E[] = [];
  const listener = (event: unknown): unknown => heard.push(event as E);
  subscribe(channel, listener);
  ends.push(() => unsubscribe(channel, listener));
  return heard;
}

describe.each([
  ['memory', () => memoryStore({ slowLockMs: 20 })],
  ['postgres', () => postgresStore(database.url, { slowLockMs: 20 })],
] as const)('%s', (kind, open) => {
  let store: Store;
  beforeEach(async () => {
    store = open();
    const accounts = store.repository(Account);
    const stored = await accounts.get(ref);
    if (stored === null)
      await accounts.save(new Account({ owner: 'ada', balance: 0 }, { id: 'a1' }));
  });
  afterEach(() => store.close());

  test('a transaction, its locks and what they wait for are told', async () => {
    const accounts = store.repository(Account);
    const transactions = events<TransactionEvent>('justscale:transaction');
    const locks = events<LockEvent>('justscale:lock');
    await store.transaction(() => accounts.lock(ref).then(() => 0));
    await expect(
      store.transaction(() => {
        throw new Error('mine');
      }),
    ).rejects.toThrow('mine');
    expect(transactions).toMatchObject([
      { store: kind, outcome: 'committed' },
      { store: kind, outcome: 'rolled back', error: { message: 'mine' } },
    ]);
    expect(locks).toMatchObject([{ store: kind, subject: 'account', ids: ['a1'] }]);
    for (const { durationMs } of [...transactions, ...locks])
      expect(durationMs).toBeGreaterThanOrEqual(0);
  });

  test('a wait for a lock takes as long as the lock was held, and one in vain is told with its error', async () => {
    const accounts = store.repository(Account);
    const locks = events<LockEvent>('justscale:lock');
    const release = deferred();
    const held = store.transaction(async () => {
      await accounts.lock(ref);
      await release.promise;
    });
    await waitUntil(() => store.stats().locks.held === 1);
    const late = store.transaction(() => accounts.lock(ref, { timeoutMs: 10 }).then(() => 0));
    await expect(late).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' });
    const waiting = store.transaction(() => accounts.lock(ref).then(() => 0));
    await waitUntil(() => store.stats().locks.waiting === 1);
    await new Promise((resolve) => setTimeout(resolve, 10));
    release.resolve();
    await Promise.all([held, waiting]);
    expect(locks.filter(({ error }) => error !== undefined)).toMatchObject([
      { error: { code: 'LOCK_TIMEOUT' } },
    ]);
    expect(locks.at(-1)?.durationMs).toBeGreaterThan(5);
  });

  test('a lock that is held for long is told while it is held, once', async () => {
    const accounts = store.repository(Account);
    const heard: unknown[] = [];
    store.on('slowLock', (event) => heard.push(event));
    await store.transaction(async () => {
      await store.lockName('import');
      await accounts.lock(ref);
      await waitUntil(() => heard.length > 0);
    });
    expect(heard).toMatchObject([{ locks: ['account a1'], names: ['import'], durationMs: 20 }]);
    await store.transaction(() => accounts.lock(ref).then(() => 0));
    expect(heard).toHaveLength(1);
  });

  test('stats tell what runs, and what ran', async () => {
    const accounts = store.repository(Account);
    const before = store.stats();
    await store.transaction(async () => {
      await accounts.lock(ref);
      expect(store.stats()).toMatchObject({
        transactions: { running: 1 },
        locks: { held: 1, waiting: 0 },
      });
    });
    await store.transaction(() => Promise.reject(new Error('x'))).catch(() => undefined);
    await accounts.mutate(ref, ({ balance }) => ({ balance: balance + 1 }));
    const { transactions, locks, pool } = store.stats();
    expect(transactions).toEqual({
      running: 0,
      committed: before.transactions.committed + 2,
      rolledBack: 1,
      repeated: 0,
    });
    expect(locks).toEqual({ held: 0, waiting: 0 });
    if (kind === 'memory') expect(pool).toBeUndefined();
    else expect(pool).toMatchObject({ size: 10, open: 1, idle: 1, waiting: 0 });
  });
});

test('statements and the pool of Postgres are told, values are not', async () => {
  const statements = events<StatementEvent>('justscale:statement');
  const pool = events<PoolEvent>('justscale:pool');
  const store = postgresStore(database.url, { maxConnections: 1 });
  const secret = 'nobody-shall-read-this';
  await store.repository(Account).find({ owner: secret });
  await expect(store.read('select 1/0')).rejects.toThrow('division by zero');
  await store.close();
  expect(statements.some(({ text }) => text.includes('from "account"'))).toBe(true);
  expect(statements.filter(({ error }) => error !== undefined)).toHaveLength(1);
  expect(JSON.stringify(statements)).not.toContain(secret);
  expect(pool.map(({ event }) => event)).toEqual(['opened', 'waited', 'closed']);
});

test.each([
  ['transactionTimeoutMs', 'TRANSACTION_TIMEOUT'],
  ['lockTimeoutMs', 'LOCK_TIMEOUT'],
] as const)('%s holds where a call does not say', async (option, code) => {
  for (const open of [memoryStore, (o: object) => postgresStore(database.url, o)]) {
    const store = open({ [option]: 30 });
    const accounts = store.repository(Account);
    if ((await accounts.get(ref)) === null)
      await accounts.save(new Account({ owner: 'ada', balance: 0 }, { id: 'a1' }));
    let release: () => void = () => undefined;
    const holder = store.transaction(
      async () => {
        await accounts.lock(ref);
        await new Promise<void>((resolve) => (release = resolve));
      },
      { timeoutMs: 60_000 },
    );
    await waitUntil(() => store.stats().locks.held === 1);
    const blocked = store.transaction(async () => {
      if (option === 'lockTimeoutMs') await accounts.lock(ref);
      else await new Promise(() => setTimeout(() => undefined, 0));
    });
    await expect(blocked).rejects.toMatchObject({ code });
    const alone = accounts.mutate(ref, () => ({ balance: 1 }));
    if (option === 'lockTimeoutMs') await expect(alone).rejects.toMatchObject({ code });
    release();
    await holder;
    await alone.catch(() => undefined);
    await store.close();
    expect(() => open({ [option]: -1 })).toThrow(option);
  }
});
