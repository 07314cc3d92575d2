import assert from 'node:assert/strict';
import { createGate, type ConformanceCase } from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';
import { openTransaction } from '../open-transaction.js';

export const unawaitedCases: readonly ConformanceCase[] = [
  {
    title: 'a write that was begun and not awaited is refused, and not written',
    async run(world) {
      const saved = await world.account();
      let late: Promise<unknown> = Promise.resolve();
      await world.withLock(saved, async (locked) => {
        late = world.accounts.update(locked, { balance: 666 });
        late.catch(() => undefined);
      });
      await assert.rejects(late, { code: 'LOCK_RELEASED' });
      assert.equal(await world.balance(saved), 100);
    },
  },
  {
    title: 'a lock that came when its transaction had ended is refused',
    async run(world) {
      const ref = ConformanceAccount.ref(await world.account());
      const holder = await openTransaction(world.store);
      await holder.run(() => world.accounts.lock(ref));
      const waiting = await openTransaction(world.store);
      const late = waiting.run(() => world.accounts.lock(ref));
      late.catch(() => undefined);
      const ended = waiting.commit();
      await holder.commit();
      await ended;
      await assert.rejects(late, { code: 'LOCK_RELEASED' });
    },
  },
  {
    title: 'work in a timer meets LockReleasedError: lock, save, update, emit',
    async run(world) {
      const saved = await world.account();
      const late: Promise<unknown>[] = [];
      const ended = createGate();
      await world.withLock(saved, async (locked) => {
        const timed = (work: () => Promise<unknown>): void => {
          const result = ended.opened.then(work);
          result.catch(() => undefined);
          late.push(result);
        };
        timed(() => world.accounts.update(locked, { balance: 666 }));
        timed(() => world.accounts.lock(ConformanceAccount.ref(saved)));
        timed(() => world.accounts.save(new ConformanceAccount({ owner: 'x', balance: 1 })));
        timed(() => world.signals.closed.emit({ account: saved }));
      });
      ended.open();
      for (const result of late) await assert.rejects(result, { code: 'LOCK_RELEASED' });
      assert.equal(await world.balance(saved), 100);
    },
  },
  {
    title: 'the siblings of a failed Promise.all do not write',
    async run(world) {
      const [a, b] = [await world.account(), await world.account()];
      const failed = createGate();
      let sibling: Promise<unknown> = Promise.resolve();
      const failing = world.store.transaction(async () => {
        const [first, second] = await world.accounts.lockMany([
          ConformanceAccount.ref(a),
          ConformanceAccount.ref(b),
        ]);
        assert.ok(first !== undefined && second !== undefined);
        await world.accounts.update(first, { balance: 666 });
        sibling = failed.opened.then(() => world.accounts.update(second, { balance: 666 }));
        sibling.catch(() => undefined);
        await Promise.all([sibling, Promise.reject(new Error('first branch'))]);
      });
      await assert.rejects(failing, /first branch/);
      failed.open();
      await assert.rejects(sibling, { code: 'LOCK_RELEASED' });
      assert.deepEqual([await world.balance(a), await world.balance(b)], [100, 100]);
    },
  },
  {
    title: 'a transaction that is begun in a later turn is one of its own',
    async run(world) {
      const saved = await world.account();
      const ended = createGate();
      let later: Promise<unknown> = Promise.resolve();
      await world.store.transaction(async () => {
        later = ended.opened.then(() =>
          world.withLock(saved, async (locked) => world.accounts.update(locked, { balance: 1 })),
        );
      });
      ended.open();
      await later;
      assert.equal(await world.balance(saved), 1);
    },
  },
];
