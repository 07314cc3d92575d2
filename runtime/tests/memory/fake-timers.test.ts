import { defineModel, defineSignals } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

class Account extends defineModel('account', z.object({ balance: z.number() })) {}
class Signals extends defineSignals((signal) => ({ moved: signal('/moved/:id') })) {}

/** What the fake timers of Jest replace, where a test does not say what they shall leave alone. */
const scheduled = ['setTimeout', 'setImmediate', 'setInterval', 'queueMicrotask'] as const;
const real = Object.fromEntries(scheduled.map((name) => [name, globalThis[name]]));
const { nextTick } = process;

beforeEach(() => {
  const never = (): void => undefined;
  for (const name of scheduled) Object.assign(globalThis, { [name]: never });
  process.nextTick = never;
});
afterEach(() => {
  Object.assign(globalThis, real);
  process.nextTick = nextTick;
});

test('fake timers hang nothing: writes, locks, deadlocks that are repeated, signals', async () => {
  const store = memoryStore();
  const accounts = store.repository(Account);
  const [a, b] = await Promise.all([
    accounts.save(new Account({ balance: 1 })),
    accounts.save(new Account({ balance: 2 })),
  ]);
  const heard: string[] = [];
  const { moved } = store.signals(Signals);
  let hear: (() => void) | undefined;
  const isHeard = new Promise<void>((resolve) => (hear = resolve));
  await moved.subscribe(({ id }) => {
    heard.push(id);
    if (heard.length === 2) hear?.();
  }).ready;
  const move = (from: string, to: string): Promise<void> =>
    store.transaction(
      async () => {
        const one = await accounts.lock(Account.ref(from));
        const other = await accounts.lock(Account.ref(to));
        await accounts.update(one!, { balance: one!.balance - 1 });
        await accounts.update(other!, { balance: other!.balance + 1 });
        await moved.emit({ id: from });
      },
      { retries: 5 },
    );
  await Promise.all([move(a.id, b.id), move(b.id, a.id)]);
  await accounts.mutate(Account.ref(a.id), ({ balance }) => ({ balance: balance + 1 }));
  expect(await accounts.find({}, { orderBy: { balance: 'asc' } })).toMatchObject([
    { balance: 2 },
    { balance: 2 },
  ]);
  await isHeard;
  expect(heard.sort()).toEqual([a.id, b.id].sort());
  await store.close();
});
