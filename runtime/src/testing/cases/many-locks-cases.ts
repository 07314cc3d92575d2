import assert from 'node:assert/strict';
import type { ConformanceCase } from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';
import { begin, codes, finish, settle, untilHeld } from './contention-steps.js';

export const manyLocksCases: readonly ConformanceCase[] = [
  {
    title: 'lockMany that holds one row and waits for another can be part of a deadlock',
    needs: { locks: 'row' },
    async run(world) {
      const [a, b] = [await world.account(), await world.account()];
      const [one, many] = [await begin(world), await begin(world)];
      await one.run(() => world.lock(b));
      const refs = [a, b].map((account) => ConformanceAccount.ref(account));
      const locking = finish(many, () => world.accounts.lockMany(refs));
      await untilHeld(world, ConformanceAccount.ref(a));
      const results = await Promise.allSettled([locking, finish(one, () => world.lock(a))]);
      assert.deepEqual(codes(results), ['DEADLOCK']);
    },
  },
  {
    title:
      'lockMany takes the rows in the order of their ids: who waits for the first holds no other',
    needs: { locks: 'row' },
    async run(world) {
      const [first, second] = [world.id(), world.id()];
      // Stored the other way round, so that the order is not that of the rows.
      for (const id of [second, first])
        await world.accounts.save(new ConformanceAccount({ owner: 'ada', balance: 1 }, { id }));
      const refs = [second, first].map((id) => ConformanceAccount.ref(id));
      const [holder, many, other] = [await begin(world), await begin(world), await begin(world)];
      await holder.run(() => world.lock(ConformanceAccount.ref(first)));
      const locking = finish(many, () => world.accounts.lockMany(refs));
      await settle(world);
      await finish(other, () =>
        world.accounts.lock(ConformanceAccount.ref(second), { wait: 'fail' }),
      );
      await holder.commit();
      await locking;
    },
  },
  {
    title:
      'lockMany that waits does not find what was deleted meanwhile, nor what came in its place',
    needs: { locks: 'row' },
    async run(world) {
      const [held, deleted] = [await world.account(), await world.account()];
      const [holder, many] = [await begin(world), await begin(world)];
      await holder.run(() => world.lock(held));
      const refs = [held, deleted].map((account) => ConformanceAccount.ref(account));
      const locking = many.run(() => world.accounts.lockMany(refs));
      const refused = assert.rejects(locking, { code: 'ENTITY_NOT_FOUND', ids: [deleted.id] });
      await settle(world);
      const twin = new ConformanceAccount({ owner: 'bob', balance: 5 }, { id: deleted.id });
      await world.store.transaction(async () => {
        await world.accounts.delete(await world.lock(deleted));
        await world.accounts.save(twin);
      });
      await holder.commit();
      await refused;
      await many.rollBack();
    },
  },
  {
    title: 'lockMany of several hundred rows, by many at a time',
    async run(world) {
      const saved = await world.store.transaction(async () => {
        const accounts = [];
        for (let count = 0; count < 300; count++) accounts.push(await world.account());
        return accounts;
      });
      const refs = saved.map((account) => ConformanceAccount.ref(account));
      const totals = await Promise.all(
        [refs, refs.toReversed(), refs].map((some) =>
          world.store.transaction(async () => (await world.accounts.lockMany(some)).length),
        ),
      );
      assert.deepEqual(totals, [300, 300, 300]);
    },
  },
];
