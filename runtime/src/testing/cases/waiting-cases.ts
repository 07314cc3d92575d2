import assert from 'node:assert/strict';
import {
  createGate,
  type ConformanceCase,
  type ConformanceWorld,
  type Gate,
} from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';
import type { Persistent } from '../../model/states.js';

/** Runs `use` while another transaction holds the account. */
async function whileHeld(
  world: ConformanceWorld,
  account: Persistent<ConformanceAccount>,
  use: (release: Gate) => Promise<void>,
): Promise<void> {
  const held = createGate();
  const release = createGate();
  const holder = world.withLock(account, async () => {
    held.open();
    await release.opened;
  });
  await held.opened;
  try {
    await use(release);
  } finally {
    release.open();
    await holder;
  }
}

export const waitingCases: readonly ConformanceCase[] = [
  {
    title: 'a held row is waited for, and then read as it became',
    async run(world) {
      const saved = await world.account();
      const held = createGate();
      const release = createGate();
      const first = world.withLock(saved, async (locked) => {
        held.open();
        await release.opened;
        await world.accounts.update(locked, locked.withdrawal(1));
      });
      await held.opened;
      const second = world.withLock(saved, async (locked) => {
        assert.equal(locked.balance, 99);
        await world.accounts.update(locked, locked.withdrawal(1));
      });
      release.open();
      await Promise.all([first, second]);
      assert.equal(await world.balance(saved), 98);
    },
  },
  {
    title: 'a hundred transactions on one row lose no update',
    async run(world) {
      const saved = await world.account({ balance: 0 });
      await Promise.all(
        Array.from({ length: 100 }, () =>
          world.withLock(saved, async (locked) => {
            const { balance } = locked;
            await new Promise((resolve) => setImmediate(resolve));
            await world.accounts.update(locked, { balance: balance + 1 });
          }),
        ),
      );
      assert.equal(await world.balance(saved), 100);
    },
  },
  {
    title: "wait: 'skip' of a held row is null, 'fail' is a LockTimeoutError",
    async run(world) {
      const saved = await world.account();
      const ref = ConformanceAccount.ref(saved);
      await whileHeld(world, saved, async () => {
        await world.store.transaction(async () => {
          assert.equal(await world.accounts.lock(ref, { wait: 'skip' }), null);
        });
        const failing = world.store.transaction(
          async () => void (await world.accounts.lock(ref, { wait: 'fail' })),
        );
        await assert.rejects(failing, { code: 'LOCK_TIMEOUT', ids: [saved.id] });
      });
    },
  },
  {
    title: 'timeoutMs of a lock, and of a transaction, end the wait with a LockTimeoutError',
    async run(world) {
      const saved = await world.account();
      const ref = ConformanceAccount.ref(saved);
      await whileHeld(world, saved, async () => {
        const limited = world.store.transaction(
          async () => void (await world.accounts.lock(ref, { timeoutMs: 30 })),
        );
        await assert.rejects(limited, { code: 'LOCK_TIMEOUT' });
        const bounded = world.store.transaction(async () => void (await world.accounts.lock(ref)), {
          timeoutMs: 400,
        });
        await assert.rejects(bounded, { code: 'LOCK_TIMEOUT' });
      });
      await world.withLock(saved, async (locked) => assert.equal(locked.balance, 100));
    },
  },
  {
    title: 'two transactions that wait for each other: one is a DeadlockError, the other goes on',
    needs: { locks: 'row' },
    async run(world) {
      const [a, b] = [await world.account(), await world.account()];
      const gates = [createGate(), createGate()] as const;
      const cross = (first: typeof a, second: typeof a, mine: Gate, theirs: Gate): Promise<void> =>
        world.store.transaction(async () => {
          const locked = await world.lock(first);
          mine.open();
          await theirs.opened;
          await world.lock(second);
          await world.accounts.update(locked, { balance: 1 });
        });
      const results = await Promise.allSettled([
        cross(a, b, gates[0], gates[1]),
        cross(b, a, gates[1], gates[0]),
      ]);
      const failures = results.flatMap((result) =>
        result.status === 'rejected' ? [result.reason as { code: string }] : [],
      );
      assert.deepEqual(
        failures.map(({ code }) => code),
        ['DEADLOCK'],
      );
    },
  },
  {
    title: 'retries run a deadlocked transaction again',
    async run(world) {
      const [a, b] = [await world.account(), await world.account()];
      const once = createGate();
      const cross = (first: typeof a, second: typeof a): Promise<void> =>
        world.store.transaction(
          async () => {
            const one = await world.lock(first);
            once.open();
            await new Promise((resolve) => setImmediate(resolve));
            const two = await world.lock(second);
            await world.accounts.update(one, { balance: one.balance + 1 });
            await world.accounts.update(two, { balance: two.balance + 1 });
          },
          { retries: 10 },
        );
      await Promise.all([cross(a, b), once.opened.then(() => cross(b, a))]);
      assert.deepEqual([await world.balance(a), await world.balance(b)], [102, 102]);
    },
  },
  {
    title: 'lockMany in opposite orders never deadlocks',
    async run(world) {
      const accounts = await Promise.all(
        Array.from({ length: 5 }, () => world.account({ balance: 0 })),
      );
      const refs = accounts.map((account) => ConformanceAccount.ref(account));
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          world.store.transaction(async () => {
            const locked = await world.accounts.lockMany(
              index % 2 === 0 ? refs : refs.toReversed(),
            );
            for (const account of locked)
              await world.accounts.update(account, { balance: account.balance + 1 });
          }),
        ),
      );
      for (const account of accounts) assert.equal(await world.balance(account), 20);
    },
  },
  {
    title: 'a name is held by one transaction at a time, and to its end',
    async run(world) {
      const name = world.name();
      const log: string[] = [];
      await Promise.all(
        ['a', 'b', 'c'].map((who) =>
          world.store.transaction(async () => {
            await world.store.lockName(name);
            await world.store.lockName(name);
            log.push(who);
            await new Promise((resolve) => setImmediate(resolve));
            log.push(who);
          }),
        ),
      );
      assert.equal(log.length, 6);
      for (const at of [0, 2, 4]) assert.equal(log[at], log[at + 1]);
    },
  },
  {
    title: 'lockName gives up after its timeoutMs',
    async run(world) {
      const name = world.name();
      const held = createGate();
      const release = createGate();
      const holder = world.store.transaction(async () => {
        await world.store.lockName(name);
        held.open();
        await release.opened;
      });
      await held.opened;
      const waiting = world.store.transaction(() => world.store.lockName(name, { timeoutMs: 30 }));
      await assert.rejects(waiting, { code: 'LOCK_TIMEOUT', subject: name });
      release.open();
      await holder;
    },
  },
];
