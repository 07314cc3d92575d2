import assert from 'node:assert/strict';
import type { Locked } from '../../model/states.js';
import type { ConformanceCase } from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';

export const mutateCases: readonly ConformanceCase[] = [
  {
    title: 'locks, changes and commits; null for what does not exist, without calling change',
    async run(world) {
      const saved = await world.account();
      const mutated = await world.accounts.mutate(ConformanceAccount.ref(saved), (account) =>
        account.withdrawal(1),
      );
      assert.equal(mutated?.balance, 99);
      assert.equal(await world.balance(saved), 99);
      const missing = ConformanceAccount.ref(world.id());
      assert.equal(await world.accounts.mutate(missing, () => assert.fail()), null);
    },
  },
  {
    title:
      'concurrent calls on one entity lose nothing, and each gets the entity as of its own change',
    async run(world) {
      const saved = await world.account({ balance: 0 });
      const results = await Promise.all(
        Array.from({ length: 50 }, () =>
          world.accounts.mutate(ConformanceAccount.ref(saved), ({ balance }) => ({
            balance: balance + 1,
          })),
        ),
      );
      assert.deepEqual(
        results.map((account) => account?.balance),
        Array.from({ length: 50 }, (_, index) => index + 1),
      );
      assert.equal(await world.balance(saved), 50);
    },
  },
  {
    title: "a change that throws, or is not valid, fails alone and spoils nobody else's",
    async run(world) {
      const saved = await world.account({ balance: 0 });
      const results = await Promise.allSettled(
        Array.from({ length: 9 }, (_, index) =>
          world.accounts.mutate(ConformanceAccount.ref(saved), ({ balance }) => {
            if (index === 3) throw new Error('mine');
            return { balance: index === 5 ? ('x' as never) : balance + 1 };
          }),
        ),
      );
      const failed = results.flatMap((result, index) =>
        result.status === 'rejected' ? [index] : [],
      );
      assert.deepEqual(failed, [3, 5]);
      assert.equal(await world.balance(saved), 7);
    },
  },
  {
    title: 'calls for several entities in one turn have nothing to do with each other',
    async run(world) {
      const saved = await Promise.all(
        Array.from({ length: 6 }, () => world.account({ balance: 0 })),
      );
      const missing = ConformanceAccount.ref(world.id());
      const refs = [...saved.map((each) => ConformanceAccount.ref(each)), missing];
      const results = await Promise.allSettled(
        refs.map((ref, index) =>
          world.accounts.mutate(ref, ({ balance }) => {
            if (index === 2) throw new Error('mine');
            return { balance: index === 4 ? ('x' as never) : balance + index };
          }),
        ),
      );
      const outcomes = results.map((result) =>
        result.status === 'rejected' ? 'failed' : (result.value?.balance ?? null),
      );
      assert.deepEqual(outcomes, [0, 1, 'failed', 3, 'failed', 5, null]);
      const stored = await Promise.all(saved.map((each) => world.balance(each)));
      assert.deepEqual(stored, [0, 1, 0, 3, 0, 5]);
    },
  },
  {
    title: 'joins the running transaction',
    async run(world) {
      const saved = await world.account();
      const failing = world.store.transaction(async () => {
        const mutated = await world.accounts.mutate(ConformanceAccount.ref(saved), () => ({
          balance: 1,
        }));
        assert.equal(mutated?.balance, 1);
        const missing = ConformanceAccount.ref(world.id());
        assert.equal(await world.accounts.mutate(missing, () => assert.fail()), null);
        throw new Error('roll back');
      });
      await assert.rejects(failing, /roll back/);
      assert.equal(await world.balance(saved), 100);
    },
  },
  {
    title: 'its lock is released when change has returned',
    async run(world) {
      const saved = await world.account();
      let leaked: Locked<ConformanceAccount> | undefined;
      await world.accounts.mutate(ConformanceAccount.ref(saved), (account) => {
        leaked = account;
        return { balance: 1 };
      });
      assert.throws(() => leaked?.balance, { code: 'LOCK_RELEASED' });
    },
  },
  {
    title: 'an async change is refused',
    async run(world) {
      const saved = await world.account();
      const ref = ConformanceAccount.ref(saved);
      const change = (async () => ({ balance: 1 })) as never;
      await assert.rejects(world.accounts.mutate(ref, change), { code: 'VALIDATION' });
      // What it would have rejected with is nobody's any more.
      const failing = (async () => Promise.reject(new Error('no'))) as never;
      await assert.rejects(world.accounts.mutate(ref, failing), { code: 'VALIDATION' });
      assert.equal(await world.balance(saved), 100);
    },
  },
  {
    title: 'takes its turn with transactions that lock the same entity',
    async run(world) {
      const saved = await world.account({ balance: 0 });
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          index % 2 === 0
            ? world.accounts.mutate(ConformanceAccount.ref(saved), ({ balance }) => ({
                balance: balance + 1,
              }))
            : world.withLock(saved, async (locked) => {
                await new Promise((resolve) => setImmediate(resolve));
                await world.accounts.update(locked, { balance: locked.balance + 1 });
              }),
        ),
      );
      assert.equal(await world.balance(saved), 20);
    },
  },
];
