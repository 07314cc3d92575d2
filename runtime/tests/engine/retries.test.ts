import {
  DeadlockError,
  SerializationError,
  type Store,
  type TransactionOptions,
} from '@justscale/runtime';
import { createStore } from '@justscale/runtime/adapter';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TrustingAdapter } from './support/trusting-adapter.js';

let adapter: TrustingAdapter;
let store: Store;

beforeEach(() => {
  adapter = new TrustingAdapter();
  store = createStore(adapter);
});
afterEach(() => store.close());

/** Runs work that fails once, and says how often it ran. */
async function runOnceFailed(error: Error, options: TransactionOptions): Promise<number> {
  let attempts = 0;
  await store.transaction(async () => {
    attempts += 1;
    if (attempts === 1) throw error;
  }, options);
  return attempts;
}

const passing = [new DeadlockError('account'), new SerializationError()].map(
  (error) => [error.code, error] as const,
);

test.each(passing)('%s: the work runs again', async (_code, error) => {
  expect(await runOnceFailed(error, { retries: 1 })).toBe(2);
  expect(adapter.calls).toEqual(['rollback', 'commit']);
});

test.each(passing)('%s: and does so within a time limit', async (_code, error) => {
  expect(await runOnceFailed(error, { retries: 1, timeoutMs: 60_000 })).toBe(2);
});

test('no attempt begins after the time limit', async () => {
  let attempts = 0;
  const running = store.transaction(
    () => {
      attempts += 1;
      // Nothing but this runs meanwhile, not even the timer of the limit.
      const end = performance.now() + 20;
      while (performance.now() < end);
      throw new DeadlockError('account');
    },
    { retries: 3, timeoutMs: 10 },
  );
  await expect(running).rejects.toMatchObject({ code: 'DEADLOCK' });
  expect(attempts).toBe(1);
});

test('a deadlock that the work swallowed is still one: the work runs again', async () => {
  let attempts = 0;
  const running = store.transaction(
    async () => {
      attempts += 1;
      if (attempts > 1) return;
      const nested = store.transaction(() => Promise.reject(new DeadlockError('account')));
      await nested.catch(() => undefined);
    },
    { retries: 1 },
  );
  await running;
  expect(attempts).toBe(2);
});

test('a failure that would only repeat is not retried', async () => {
  const running = runOnceFailed(new RangeError('the balance is too low'), { retries: 3 });
  await expect(running).rejects.toThrow('the balance is too low');
  expect(adapter.calls).toEqual(['rollback']);
});

test('nor is one whose cause was no deadlock', async () => {
  const running = store.transaction(
    async () => {
      const nested = store.transaction(() => Promise.reject(new RangeError('too low')));
      await nested.catch(() => undefined);
    },
    { retries: 3 },
  );
  await expect(running).rejects.toMatchObject({ code: 'TRANSACTION_ROLLED_BACK' });
  expect(adapter.calls).toEqual(['rollback']);
});
