import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { ConformanceCase } from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';

export const lockCases: readonly ConformanceCase[] = [
  {
    title: 'lock shows the row as it is now, not as it was read before',
    async run(world) {
      const stale = await world.account();
      await world.accounts.mutate(ConformanceAccount.ref(stale), () => ({ balance: 7 }));
      await world.withLock(stale, async (locked) => assert.equal(locked.balance, 7));
    },
  },
  {
    title: 'a printed lock says what it is: held, a copy of one, or released',
    async run(world) {
      const saved = await world.account();
      let kept: object = {};
      await world.withLock(saved, async (locked) => {
        kept = locked;
        assert.match(inspect(locked), new RegExp(`^Locked<.*> ${saved.id} .*balance: 100`, 's'));
        assert.match(inspect(Object.create(locked)), /^\[copy of a Locked</);
      });
      assert.match(inspect(kept), /^\[released Locked</);
    },
  },
  {
    title: 'a field read through a heir of a lock is refused by name',
    async run(world) {
      await world.withLock(await world.account(), async (locked) => {
        const heir = Object.create(locked) as typeof locked;
        assert.throws(() => heir.balance, { code: 'LOCK_NOT_HELD' });
        assert.throws(() => heir.id, { code: 'LOCK_NOT_HELD' });
      });
    },
  },
  {
    title: 'lock of what does not exist is null',
    async run(world) {
      await world.store.transaction(async () => {
        assert.equal(await world.accounts.lock(ConformanceAccount.ref(world.id())), null);
      });
    },
  },
  {
    title:
      'locking again in the same transaction returns the same object, also when both are under way',
    async run(world) {
      const saved = await world.account();
      await world.store.transaction(async () => {
        const ref = ConformanceAccount.ref(saved);
        const [first, second] = await Promise.all([
          world.accounts.lock(ref),
          world.accounts.lock(ref),
        ]);
        assert.ok(first !== null);
        assert.equal(first, second);
        assert.equal(await world.accounts.lock(ref), first);
        const [third] = await world.accounts.lockMany([ref]);
        assert.equal(third, first);
      });
    },
  },
  {
    title: 'after an update the lock in hand shows the new values',
    async run(world) {
      const saved = await world.account();
      await world.withLock(saved, async (locked) => {
        await world.accounts.update(locked, locked.withdrawal(10));
        assert.equal(locked.balance, 90);
        await world.accounts.update(locked, locked.withdrawal(10));
        assert.equal(locked.balance, 80);
      });
      assert.equal(await world.balance(saved), 80);
    },
  },
  {
    title: 'a lock reads as released when its transaction has ended, by commit and by rollback',
    async run(world) {
      const saved = await world.account();
      let leaked: { readonly balance: number; readonly id: string } | undefined;
      await world.withLock(saved, async (locked) => void (leaked = locked));
      assert.throws(() => leaked?.balance, { code: 'LOCK_RELEASED' });
      assert.equal(leaked?.id, saved.id);

      const failing = world.withLock(saved, async (locked) => {
        leaked = locked;
        throw new Error('roll back');
      });
      await assert.rejects(failing, /roll back/);
      assert.throws(() => leaked?.balance, { code: 'LOCK_RELEASED' });
    },
  },
  {
    title: 'lock, lockMany and lockName outside a transaction are refused',
    async run(world) {
      const ref = ConformanceAccount.ref(await world.account());
      await assert.rejects(world.accounts.lock(ref), { code: 'LOCK_OUTSIDE_TRANSACTION' });
      await assert.rejects(world.accounts.lockMany([ref]), { code: 'LOCK_OUTSIDE_TRANSACTION' });
      await assert.rejects(world.store.lockName('a'), { code: 'LOCK_OUTSIDE_TRANSACTION' });
    },
  },
  {
    title:
      'lockMany returns the locks in the order of the refs, a ref given twice as the same object',
    async run(world) {
      const [a, b, c] = [
        await world.account({ balance: 1 }),
        await world.account({ balance: 2 }),
        await world.account({ balance: 3 }),
      ];
      await world.store.transaction(async () => {
        const refs = [c, a, b, a].map((account) => ConformanceAccount.ref(account));
        const locked = await world.accounts.lockMany(refs);
        assert.deepEqual(
          locked.map(({ balance }) => balance),
          [3, 1, 2, 1],
        );
        assert.equal(locked[1], locked[3]);
        assert.deepEqual(await world.accounts.lockMany([]), []);
      });
    },
  },
  {
    title: 'lockMany names what is missing',
    async run(world) {
      const saved = await world.account();
      const missing = world.id();
      const refs = [saved.id, missing].map((id) => ConformanceAccount.ref(id));
      for (const some of [refs, refs.toReversed()]) {
        const locking = world.store.transaction(async () => {
          await world.accounts.lockMany(some);
        });
        await assert.rejects(locking, { code: 'ENTITY_NOT_FOUND', ids: [missing] });
      }
    },
  },
  {
    title:
      'two repositories of one table see one truth of a locked row, and each writes through its own lock only',
    async run(world) {
      class Premium extends ConformanceAccount {
        get bonus(): number {
          return this.balance / 10;
        }
      }
      const premiums = world.store.repository(Premium);
      const saved = await world.account();
      await world.withLock(saved, async (account) => {
        const premium = await premiums.lock(Premium.ref(saved.id));
        assert.ok(premium !== null);
        await premiums.update(premium, { balance: 50 });
        assert.deepEqual([account.balance, premium.balance, premium.bonus], [50, 50, 5]);
        await world.accounts.update(account, account.withdrawal(10));
        assert.equal(premium.balance, 40);
        await assert.rejects(premiums.update(account as never, { balance: 666 }), {
          code: 'LOCK_FOREIGN',
        });
      });
      assert.equal(await world.balance(saved), 40);
    },
  },
];
