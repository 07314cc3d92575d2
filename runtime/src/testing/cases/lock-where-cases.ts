import assert from 'node:assert/strict';
import { allOf, gte, lt, oneOf } from '../../store/conditions.js';
import type { ConformanceCase } from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';
import { begin, settle } from './contention-steps.js';

export const lockWhereCases: readonly ConformanceCase[] = [
  {
    title: 'lockWhere locks what its conditions are true of, in order and up to the limit',
    async run(world) {
      const owner = world.name();
      for (const balance of [3, 1, 2]) await world.account({ owner, balance });
      await world.store.transaction(async () => {
        const all = await world.accounts.lockWhere({ owner });
        assert.deepEqual(
          all.map(({ balance }) => balance),
          [3, 1, 2],
        );
        const richest = await world.accounts.lockWhere(
          { owner },
          { orderBy: { balance: 'desc' }, limit: 2 },
        );
        assert.deepEqual(
          richest.map(({ balance }) => balance),
          [3, 2],
        );
        // Held already, they are the same objects.
        assert.equal(richest[0], all[0]);
        assert.deepEqual(await world.accounts.lockWhere({ owner: world.name() }), []);
        assert.deepEqual(await world.accounts.lockWhere({ owner }, { limit: 0 }), []);
      });
    },
  },
  {
    title:
      'what it returns is a lock like any other: it can be written, and it ends with its transaction',
    async run(world) {
      const owner = world.name();
      const saved = await world.account({ owner, balance: 10 });
      const kept = new Map<string, object>();
      await world.store.transaction(async () => {
        const [locked] = await world.accounts.lockWhere({ owner });
        assert.ok(locked !== undefined);
        await world.accounts.update(locked, { balance: locked.balance + 1 });
        assert.equal(locked.balance, 11);
        assert.equal(await world.lock(saved), locked);
        kept.set('lock', locked);
      });
      assert.equal(await world.balance(saved), 11);
      assert.throws(() => (kept.get('lock') as { balance: number }).balance, {
        code: 'LOCK_RELEASED',
      });
    },
  },
  {
    title: 'it takes conditions as find does',
    needs: { conditions: ['gte', 'lt', 'oneOf'] },
    async run(world) {
      const owner = world.name();
      for (const balance of [1, 2, 3, 4]) await world.account({ owner, balance });
      await world.store.transaction(async () => {
        const where = { owner, balance: allOf(gte(2), lt(4)) };
        assert.deepEqual(
          (await world.accounts.lockWhere(where)).map(({ balance }) => balance),
          [2, 3],
        );
        const some = await world.accounts.lockWhere({ owner, balance: oneOf([4, 1, 0.5]) });
        assert.deepEqual(
          some.map(({ balance }) => balance),
          [1, 4],
        );
      });
    },
  },
  {
    title: "a queue: with wait: 'skip' and a limit each takes what nobody else has",
    needs: { locks: 'row' },
    async run(world) {
      const owner = world.name();
      for (const balance of [1, 2, 3]) await world.account({ owner, balance });
      const workers = [await begin(world), await begin(world), await begin(world)];
      const next = async (): Promise<number | undefined> => {
        const [job] = await world.accounts.lockWhere({ owner }, { limit: 1, wait: 'skip' });
        return job?.balance;
      };
      const taken: (number | undefined)[] = [];
      for (const worker of workers) taken.push(await worker.run(next));
      const late = await begin(world);
      taken.push(await late.run(next));
      assert.deepEqual(taken, [1, 2, 3, undefined]);
      for (const worker of [...workers, late]) await worker.commit();
    },
  },
  {
    title:
      'what changed while it was waited for and no longer fits is left out; what fits shows what it is now',
    needs: { locks: 'row' },
    async run(world) {
      const owner = world.name();
      const [leaves, stays] = [
        await world.account({ owner, balance: 1 }),
        await world.account({ owner, balance: 2 }),
      ];
      const [holder, waiter] = [await begin(world), await begin(world)];
      await holder.run(async () => {
        await world.accounts.update(await world.lock(leaves), { owner: world.name() });
        await world.accounts.update(await world.lock(stays), { balance: 20 });
      });
      const locking = waiter.run(async () =>
        (await world.accounts.lockWhere({ owner })).map(({ balance }) => balance),
      );
      await settle(world);
      await holder.commit();
      assert.deepEqual(await locking, [20]);
      await waiter.commit();
    },
  },
  {
    title: 'the next candidate takes the place of one that no longer fits',
    needs: { locks: 'row' },
    async run(world) {
      const owner = world.name();
      const first = await world.account({ owner, balance: 1 });
      await world.account({ owner, balance: 2 });
      const [holder, waiter] = [await begin(world), await begin(world)];
      await holder.run(async () => {
        await world.accounts.update(await world.lock(first), { owner: world.name() });
      });
      const locking = waiter.run(async () =>
        (await world.accounts.lockWhere({ owner }, { limit: 1 })).map(({ balance }) => balance),
      );
      await settle(world);
      await holder.commit();
      assert.deepEqual(await locking, [2]);
      await waiter.commit();
    },
  },
  {
    title: "a held row is a LockTimeoutError with wait: 'fail', and after timeoutMs",
    async run(world) {
      const owner = world.name();
      const saved = await world.account({ owner });
      const holder = await begin(world);
      await holder.run(() => world.lock(saved));
      for (const options of [{ wait: 'fail' }, { timeoutMs: 30 }] as const) {
        const locking = world.store.transaction(
          async () => void (await world.accounts.lockWhere({ owner }, options)),
        );
        await assert.rejects(locking, { code: 'LOCK_TIMEOUT' });
      }
      await holder.commit();
    },
  },
  {
    title: 'outside a transaction, and with options that cannot be used, it is refused',
    async run({ accounts, store }) {
      await assert.rejects(accounts.lockWhere({ owner: 'x' }), {
        code: 'LOCK_OUTSIDE_TRANSACTION',
      });
      await store.transaction(async () => {
        for (const options of [{ limit: -1 }, { wait: 'never' }, { orderBy: 'missing' }])
          await assert.rejects(accounts.lockWhere({}, options as never), {
            code: 'INVALID_OPTION',
          });
        await assert.rejects(accounts.lockWhere({ missing: 1 } as never), { code: 'VALIDATION' });
        await assert.rejects(accounts.lockWhere(null as never), { code: 'VALIDATION' });
      });
      assert.equal(await accounts.get(ConformanceAccount.ref('missing')), null);
    },
  },
];
