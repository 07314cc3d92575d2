import assert from 'node:assert/strict';
import { createGate, type ConformanceCase, type ConformanceWorld } from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';

/** Calls with an option that does not exist, and the name that was meant. */
const SLIPS: Readonly<
  Record<string, [meant: string, call: (world: ConformanceWorld) => Promise<unknown>]>
> = {
  transaction: [
    'isolation',
    (world) =>
      world.store.transaction(async () => undefined, { isolaton: 'serializable' } as object),
  ],
  lock: [
    'timeoutMs',
    (world) =>
      world.store.transaction(async () => {
        await world.accounts.lock(ConformanceAccount.ref('x'), { timeoutMS: 1 } as object);
      }),
  ],
  lockMany: [
    'strength',
    (world) =>
      world.store.transaction(async () => {
        await world.accounts.lockMany([], { strenght: 'update' } as object);
      }),
  ],
  mutate: [
    'timeoutMs',
    (world) =>
      world.accounts.mutate(ConformanceAccount.ref('x'), () => ({}), { timeout: 1 } as object),
  ],
  find: ['orderBy', (world) => world.accounts.find({}, { orderby: 'owner' } as object)],
  lockName: [
    'timeoutMs',
    (world) => world.store.transaction(() => world.store.lockName('n', { timeoutms: 1 } as object)),
  ],
  repository: [
    'table',
    async (world) => world.store.repository(ConformanceAccount, { tabel: 'x' } as object),
  ],
  stream: ['limit', async (world) => world.signals.closed.stream({ limits: 1 } as object)],
  'a new entity': [
    'id',
    async () => new ConformanceAccount({ owner: 'x', balance: 1 }, { ID: 'x' } as object),
  ],
};

export const optionCases: readonly ConformanceCase[] = [
  ...Object.entries(SLIPS).map(([title, [meant, call]]): ConformanceCase => ({
    title: `${title}: an option that does not exist is refused with the name that was meant`,
    async run(world) {
      const refused = { code: 'INVALID_OPTION', message: new RegExp(`Did you mean ${meant}\\?$`) };
      await assert.rejects(async () => call(world), refused);
    },
  })),
  {
    title: 'a parameter of a subscription that is undefined is refused: it would hear everything',
    async run(world) {
      const account = undefined as never;
      const refused = { code: 'SIGNAL_PATH' };
      assert.throws(() => world.signals.closed.subscribe(() => undefined, { account }), refused);
      assert.throws(() => world.signals.closed.stream({ only: { account } }), refused);
      world.signals.closed.subscribe(() => undefined, {}).unsubscribe();
    },
  },
  {
    title: 'a lock of either strength keeps other writers out',
    async run(world) {
      const saved = await world.account();
      const ref = ConformanceAccount.ref(saved);
      for (const strength of ['update', 'no key update'] as const) {
        await world.store.transaction(async () => {
          const account = await world.accounts.lock(ref, { strength });
          assert.ok(account !== null);
          assert.deepEqual(await world.accounts.lockMany([ref], { strength }), [account]);
          await world.accounts.update(account, { balance: account.balance + 1 });
        });
        await world.accounts.mutate(ref, ({ balance }) => ({ balance: balance + 1 }), { strength });
      }
      assert.equal(await world.balance(saved), 104);
      const weak = world.store.repository(ConformanceAccount, { strength: 'no key update' });
      await weak.mutate(ref, ({ balance }) => ({ balance: balance + 1 }));
      assert.equal(await world.balance(saved), 105);
      const wrong = { strength: 'share' } as object;
      await assert.rejects(
        world.accounts.mutate(ref, () => ({}), wrong),
        { code: 'INVALID_OPTION' },
      );
    },
  },
  {
    title: 'a mutate that waits for too long gives up alone',
    async run(world) {
      const saved = await world.account();
      const ref = ConformanceAccount.ref(saved);
      const [isHeld, mayEnd] = [createGate(), createGate()];
      const holding = world.withLock(saved, async () => {
        isHeld.open();
        await mayEnd.opened;
      });
      await isHeld.opened;
      const add = ({ balance }: { readonly balance: number }): { balance: number } => ({
        balance: balance + 1,
      });
      const timedOut = { code: 'LOCK_TIMEOUT' };
      await assert.rejects(world.accounts.mutate(ref, add, { timeoutMs: 20 }), timedOut);
      const patient = world.accounts.mutate(ref, add);
      await assert.rejects(world.accounts.mutate(ref, add, { timeoutMs: 20 }), timedOut);
      mayEnd.open();
      await holding;
      assert.equal((await patient)?.balance, 101);
      assert.equal((await world.accounts.mutate(ref, add, { timeoutMs: 5_000 }))?.balance, 102);
    },
  },
  {
    title: 'a nested transaction cannot begin with other options than the one it joins',
    async run(world) {
      const nested = (options: object): Promise<void> =>
        world.store.transaction(() => world.store.transaction(async () => undefined, options));
      await nested({ retries: 3, timeoutMs: 1_000, isolation: 'read committed' });
      for (const options of [
        { isolation: 'serializable' },
        { readOnly: true },
        { settings: { 'app.tenant': 'a' } },
      ])
        await assert.rejects(nested(options), { code: 'INVALID_OPTION' });
    },
  },
];
