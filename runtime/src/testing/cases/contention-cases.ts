import assert from 'node:assert/strict';
import { DeadlockError } from '../../errors/lock-errors.js';
import type { ConformanceCase } from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';
import { begin, codes, finish, settle } from './contention-steps.js';

export const contentionCases: readonly ConformanceCase[] = [
  {
    title: 'who asks first for a name has it first',
    async run(world) {
      const name = world.name();
      const holder = await begin(world);
      await holder.run(() => world.store.lockName(name));
      const order: number[] = [];
      const waiting: Promise<void>[] = [];
      for (const index of [0, 1, 2]) {
        const lock = async (): Promise<void> => {
          await world.store.lockName(name);
          order.push(index);
        };
        waiting.push(finish(await begin(world), lock));
        await settle(world);
      }
      assert.deepEqual(order, []);
      await holder.commit();
      await Promise.all(waiting);
      assert.deepEqual(order, [0, 1, 2]);
    },
  },
  {
    title: 'a cycle of three, through rows and a name: one is a DeadlockError, the others go on',
    needs: { locks: 'row' },
    async run(world) {
      const [a, b] = [await world.account(), await world.account()];
      const name = world.name();
      const [first, second, third] = [await begin(world), await begin(world), await begin(world)];
      await first.run(() => world.lock(a));
      await second.run(() => world.lock(b));
      await third.run(() => world.store.lockName(name));
      const results = await Promise.allSettled([
        finish(first, () => world.lock(b)),
        finish(second, () => world.store.lockName(name)),
        finish(third, () => world.lock(a)),
      ]);
      assert.deepEqual(codes(results), ['DEADLOCK']);
    },
  },
  {
    title: 'a failed statement frees the locks at once, and undoes what was written',
    async run(world) {
      const saved = await world.account();
      const failed = await begin(world);
      await failed.run(async () => {
        await world.accounts.update(await world.lock(saved), { balance: 666 });
        const twin = new ConformanceAccount({ owner: 'x', balance: 1 }, { id: saved.id });
        await assert.rejects(world.accounts.save(twin), { code: 'DUPLICATE_ENTITY' });
      });
      await world.withLock(saved, async (locked) => assert.equal(locked.balance, 100));
      await assert.rejects(failed.commit(), { code: 'TRANSACTION_ROLLED_BACK' });
    },
  },
  {
    title: 'who waits for a row that is deleted gets null, and the row when that is rolled back',
    needs: { locks: 'row' },
    async run(world) {
      for (const end of ['commit', 'rollBack'] as const) {
        const saved = await world.account();
        const [deleting, waiting] = [await begin(world), await begin(world)];
        await deleting.run(async () => world.accounts.delete(await world.lock(saved)));
        const lock = waiting.run(async () => {
          const locked = await world.accounts.lock(ConformanceAccount.ref(saved));
          return locked?.balance;
        });
        await settle(world);
        await deleting[end]();
        assert.equal(await lock, end === 'commit' ? undefined : 100);
        if (end === 'commit') {
          // Who found nothing holds nothing.
          await world.accounts.save(
            new ConformanceAccount({ owner: 'bob', balance: 5 }, { id: saved.id }),
          );
          await world.withLock(saved, (locked) => world.accounts.update(locked, { balance: 6 }));
          assert.equal(await world.balance(saved), 6);
        }
        await waiting.commit();
      }
    },
  },
  {
    title:
      'a deletion that was rolled back is forgotten: who waits for the next writer gets the row',
    async run(world) {
      const saved = await world.account();
      const [deleting, writing, waiting] = [
        await begin(world),
        await begin(world),
        await begin(world),
      ];
      await deleting.run(async () => world.accounts.delete(await world.lock(saved)));
      await deleting.rollBack();
      await writing.run(async () => world.accounts.update(await world.lock(saved), { balance: 7 }));
      const lock = waiting.run(async () => (await world.lock(saved)).balance);
      await settle(world);
      await writing.commit();
      assert.equal(await lock, 7);
      await waiting.commit();
    },
  },
  {
    title: 'a row whose insert is not committed is not there for others, and not waited for',
    async run(world) {
      const id = world.id();
      const ref = ConformanceAccount.ref(id);
      const [inserting, other] = [await begin(world), await begin(world)];
      await inserting.run(async () => {
        await world.accounts.save(new ConformanceAccount({ owner: 'ada', balance: 1 }, { id }));
        assert.equal((await world.lock(ref)).balance, 1);
      });
      await other.run(async () => {
        assert.equal(await world.accounts.get(ref), null);
        assert.equal(await world.accounts.lock(ref), null);
        assert.equal(await world.accounts.lock(ref, { wait: 'fail' }), null);
      });
      await inserting.commit();
      await other.run(async () => assert.equal((await world.lock(ref)).balance, 1));
      await other.commit();
    },
  },
  {
    title: 'an insert waits for whoever inserts the same id, and depends on how that ends',
    async run(world) {
      for (const end of ['commit', 'rollBack'] as const) {
        const id = world.id();
        const insert = (owner: string): Promise<unknown> =>
          world.accounts.save(new ConformanceAccount({ owner, balance: 1 }, { id }));
        const first = await begin(world);
        await first.run(() => insert('ada'));
        let isWaiting = true;
        const second = Promise.allSettled([insert('bob')]).finally(() => (isWaiting = false));
        await settle(world);
        assert.equal(isWaiting, true);
        await first[end]();
        assert.deepEqual(codes(await second), end === 'commit' ? ['DUPLICATE_ENTITY'] : []);
        const stored = await world.accounts.get(ConformanceAccount.ref(id));
        assert.equal(stored?.owner, end === 'commit' ? 'ada' : 'bob');
      }
    },
  },
  {
    title: 'the id of a row whose deletion is not committed: save waits for how it ends',
    async run(world) {
      for (const end of ['commit', 'rollBack'] as const) {
        const saved = await world.account();
        const deleting = await begin(world);
        await deleting.run(async () => world.accounts.delete(await world.lock(saved)));
        const saving = Promise.allSettled([
          world.accounts.save(
            new ConformanceAccount({ owner: 'bob', balance: 5 }, { id: saved.id }),
          ),
        ]);
        await settle(world);
        await deleting[end]();
        assert.deepEqual(codes(await saving), end === 'commit' ? [] : ['DUPLICATE_ENTITY']);
        assert.equal(await world.balance(saved), end === 'commit' ? 5 : 100);
      }
    },
  },
  {
    title: 'statements of one transaction answer one after another: what follows a wait waits too',
    async run(world) {
      const [held, other] = [await world.account(), await world.account()];
      const [holder, waiting] = [await begin(world), await begin(world)];
      await holder.run(() => world.lock(held));
      const answers: string[] = [];
      const both = waiting.run(() =>
        Promise.all([
          world.lock(held).then(() => answers.push('lock')),
          world.balance(other).then(() => answers.push('read')),
        ]),
      );
      await settle(world);
      assert.deepEqual(answers, []);
      await holder.commit();
      await both;
      assert.deepEqual(answers, ['lock', 'read']);
      await waiting.commit();
    },
  },
  {
    title: 'what was sent behind a statement that fails is refused, as its transaction is over',
    async run(world) {
      const saved = await world.account();
      const ref = ConformanceAccount.ref(saved);
      const [holder, failing] = [await begin(world), await begin(world)];
      await holder.run(() => world.lock(saved));
      const results = await failing.run(() =>
        Promise.allSettled([world.accounts.lock(ref, { wait: 'fail' }), world.accounts.get(ref)]),
      );
      assert.deepEqual(codes(results), ['LOCK_TIMEOUT', 'TRANSACTION_ROLLED_BACK']);
      await failing.rollBack();
      await holder.commit();
    },
  },
  {
    title: 'a transaction sees what others commit while it runs, and reads never wait for a lock',
    async run(world) {
      const saved = await world.account();
      const [reading, writing] = [await begin(world), await begin(world)];
      assert.equal(await reading.run(() => world.balance(saved)), 100);
      await writing.run(async () => world.accounts.update(await world.lock(saved), { balance: 1 }));
      assert.equal(await reading.run(() => world.balance(saved)), 100);
      await writing.commit();
      assert.equal(await reading.run(() => world.balance(saved)), 1);
      await reading.commit();
    },
  },
  {
    title: 'a name is free again after a rollback',
    async run(world) {
      const name = world.name();
      const transaction = await begin(world);
      await transaction.run(() => world.store.lockName(name));
      await transaction.rollBack();
      await world.store.transaction(() => world.store.lockName(name, { timeoutMs: 1_000 }));
    },
  },
  {
    title: 'retries: so many more attempts, after a deadlock only, each from the beginning',
    async run(world) {
      const saved = await world.account();
      let attempts = 0;
      const failing = (error: Error): Promise<void> =>
        world.store.transaction(
          async () => {
            attempts += 1;
            const locked = await world.lock(saved);
            assert.equal(locked.balance, 100);
            await world.accounts.update(locked, { balance: 666 });
            throw error;
          },
          { retries: 2 },
        );
      await assert.rejects(failing(new DeadlockError('test')), { code: 'DEADLOCK' });
      assert.equal(attempts, 3);
      await assert.rejects(failing(new Error('other')), /other/);
      assert.equal(attempts, 4);
      assert.equal(await world.balance(saved), 100);
    },
  },
];
