import assert from 'node:assert/strict';
import { AsyncResource } from 'node:async_hooks';
import { createGate, type ConformanceCase } from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';

export const savepointCases: readonly ConformanceCase[] = [
  {
    title: 'a savepoint that fails takes back what it did, and the transaction goes on',
    needs: { savepoints: true },
    async run(world) {
      const [a, b] = [await world.account(), await world.account()];
      const id = world.id();
      await world.store.transaction(async () => {
        const account = await world.lock(a);
        await world.accounts.update(account, { balance: 50 });
        const failing = world.store.savepoint(async () => {
          await world.accounts.update(account, { balance: 1 });
          const other = await world.lock(b);
          await world.accounts.update(other, { balance: 1 });
          await world.accounts.save(new ConformanceAccount({ owner: 'x', balance: 1 }, { id }));
          throw new RangeError('on purpose');
        });
        await assert.rejects(failing, RangeError);
        assert.equal(account.balance, 50);
        await world.accounts.update(account, { balance: account.balance + 1 });
        const kept = await world.store.savepoint(async () => {
          await world.accounts.update(account, { balance: account.balance + 1 });
          return 'kept';
        });
        assert.equal(kept, 'kept');
      });
      assert.deepEqual([await world.balance(a), await world.balance(b)], [52, 100]);
      assert.equal(await world.accounts.get(ConformanceAccount.ref(id)), null);
    },
  },
  {
    title: 'what the database refuses in a savepoint is caught: insert or ignore',
    needs: { savepoints: true },
    async run(world) {
      const saved = await world.account();
      const drafts = [saved.id, world.id(), saved.id].map(
        (id) => new ConformanceAccount({ owner: 'ignored', balance: 1 }, { id }),
      );
      const inserted = await world.store.transaction(() =>
        Promise.all(
          drafts.map((draft) =>
            world.store
              .savepoint(() => world.accounts.save(draft))
              .then(
                () => true,
                (error: unknown) => {
                  assert.equal((error as { code?: string }).code, 'DUPLICATE_ENTITY');
                  return false;
                },
              ),
          ),
        ),
      );
      assert.deepEqual(inserted, [false, true, false]);
    },
  },
  {
    title:
      'a lock that was taken in a savepoint ends with it when it fails, and stays when it does not',
    needs: { savepoints: true },
    async run(world) {
      const [a, b] = [await world.account(), await world.account()];
      await world.store.transaction(async () => {
        const kept = await world.store.savepoint(() => world.lock(a));
        assert.equal(kept.balance, 100);
        let lost: Awaited<ReturnType<typeof world.lock>> | undefined;
        const failing = world.store.savepoint(async () => {
          lost = await world.lock(b);
          throw new Error('no');
        });
        await assert.rejects(failing, /no/);
        assert.throws(() => lost?.balance, { code: 'LOCK_RELEASED' });
        assert.ok(lost !== undefined);
        await assert.rejects(world.accounts.update(lost, { balance: 1 }), {
          code: 'LOCK_RELEASED',
        });
        assert.equal(await world.lock(a), kept);
        assert.notEqual(await world.lock(b), lost);
      });
    },
  },
  {
    title: 'who waits for the same id waits on when a later savepoint fails, and then hears of it',
    needs: { savepoints: true },
    async run(world) {
      const id = world.id();
      const draft = (): ConformanceAccount =>
        new ConformanceAccount({ owner: 'ada', balance: 1 }, { id });
      const [isOpen, mayFail] = [createGate(), createGate()];
      const first = world.store.transaction(async () => {
        await world.accounts.save(draft());
        const failing = world.store.savepoint(async () => {
          isOpen.open();
          await mayFail.opened;
          throw new Error('no');
        });
        await assert.rejects(failing, /no/);
      });
      await isOpen.opened;
      const second = world.accounts.save(draft());
      const refused = assert.rejects(second, { code: 'DUPLICATE_ENTITY' });
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
      mayFail.open();
      await Promise.all([first, refused]);
    },
  },
  {
    title: 'a new entity that was saved in a savepoint that fails is a new one again',
    needs: { savepoints: true },
    async run(world) {
      const id = world.id();
      const draft = new ConformanceAccount({ owner: 'ada', balance: 1 }, { id });
      const others = [new ConformanceAccount({ owner: 'bob', balance: 2 }, { id: world.id() })];
      await world.store.transaction(async () => {
        const failing = world.store.savepoint(async () => {
          await world.accounts.save(draft);
          await world.accounts.saveMany(others);
          throw new Error('no');
        });
        await assert.rejects(failing, /no/);
        draft.balance = 3;
        assert.equal((await world.accounts.save(draft)).id, id);
        assert.equal((await world.accounts.saveMany(others)).length, 1);
      });
      assert.equal(await world.balance(ConformanceAccount.ref(id)), 3);
      await assert.rejects(world.accounts.save(draft), { code: 'DUPLICATE_ENTITY' });
    },
  },
  {
    title: 'a deleted entity is there again, and can be written, when its savepoint fails',
    needs: { savepoints: true },
    async run(world) {
      const saved = await world.account();
      await world.withLock(saved, async (account) => {
        const failing = world.store.savepoint(async () => {
          await world.accounts.delete(account);
          throw new Error('no');
        });
        await assert.rejects(failing, /no/);
        await world.accounts.update(account, { balance: 7 });
      });
      assert.equal(await world.balance(saved), 7);
    },
  },
  {
    title: 'savepoints are nested; the inner one ends alone',
    needs: { savepoints: true },
    async run(world) {
      const saved = await world.account();
      await world.withLock(saved, async (account) => {
        const failing = world.store.savepoint(async () => {
          await world.accounts.update(account, { balance: 1 });
          const inner = world.store.savepoint(async () => {
            await world.accounts.update(account, { balance: 2 });
            throw new Error('inner');
          });
          await assert.rejects(inner, /inner/);
          assert.equal(account.balance, 1);
          throw new Error('outer');
        });
        await assert.rejects(failing, /outer/);
        assert.equal(account.balance, 100);
      });
    },
  },
  {
    title:
      'what is called outside of an open savepoint is refused, as it could be taken back with it',
    needs: { savepoints: true },
    async run(world) {
      const saved = await world.account();
      await world.withLock(saved, async (account) => {
        const [isOpen, mayEnd] = [createGate(), createGate()];
        const running = world.store.savepoint(async () => {
          isOpen.open();
          await mayEnd.opened;
        });
        await isOpen.opened;
        await assert.rejects(world.accounts.update(account, { balance: 1 }), {
          code: 'SAVEPOINT_OPEN',
        });
        await assert.rejects(world.lock(saved), { code: 'SAVEPOINT_OPEN' });
        mayEnd.open();
        await running;
        await world.accounts.update(account, { balance: 2 });
      });
      assert.equal(await world.balance(saved), 2);
    },
  },
  {
    title: 'signals and work for after the commit are taken back with their savepoint',
    needs: { savepoints: true },
    async run(world) {
      const saved = await world.account();
      const heard: string[] = [];
      const done: string[] = [];
      const end = createGate();
      const subscription = world.signals.changed.subscribe(
        ({ how }) => {
          heard.push(how);
          if (how === 'end') end.open();
        },
        { account: saved },
      );
      await subscription.ready;
      const note = (what: string): void => {
        void world.signals.changed.emit({ account: saved, how: what });
        world.store.afterCommit(() => done.push(what));
      };
      await world.store.transaction(async () => {
        note('before');
        const failing = world.store.savepoint(() => {
          note('taken back');
          throw new Error('no');
        });
        await assert.rejects(failing, /no/);
        await world.store.savepoint(() => note('inside'));
      });
      await world.signals.changed.emit({ account: saved, how: 'end' });
      await end.opened;
      assert.deepEqual(heard, ['before', 'inside', 'end']);
      assert.deepEqual(done, ['before', 'inside']);
      subscription.unsubscribe();
    },
  },
  {
    title: 'afterCommit runs after the commit, in no transaction, and never after a rollback',
    async run(world) {
      const saved = await world.account();
      const seen: unknown[] = [];
      await world.withLock(saved, async (account) => {
        world.store.afterCommit(async () => seen.push(await world.balance(saved)));
        await world.accounts.update(account, { balance: 1 });
        assert.equal(seen.length, 0);
      });
      assert.deepEqual(seen, [1] as unknown[]);
      const failing = world.store.transaction(() => {
        world.store.afterCommit(() => seen.push('rolled back'));
        throw new Error('no');
      });
      await assert.rejects(failing, /no/);
      await world.accounts.mutate(ConformanceAccount.ref(saved), () => {
        world.store.afterCommit(() => seen.push('mutated'));
        return { balance: 2 };
      });
      assert.deepEqual(seen, [1, 'mutated']);
    },
  },
  {
    title: 'what afterCommit throws is an error of the store, not of the transaction',
    async run(world) {
      const errors: Error[] = [];
      const stop = world.store.on('error', (error) => errors.push(error));
      await world.store.transaction(() => {
        world.store.afterCommit(() => {
          throw new Error('too late');
        });
      });
      assert.deepEqual(
        errors.map(({ message }) => message),
        ['too late'],
      );
      stop();
    },
  },
  {
    title: 'savepoint and afterCommit outside a transaction are refused',
    async run(world) {
      const outside = { code: 'OUTSIDE_TRANSACTION' };
      await assert.rejects(
        world.store.savepoint(() => undefined),
        outside,
      );
      assert.throws(() => world.store.afterCommit(() => undefined), outside);
    },
  },
  {
    title: 'code that has lost its async context is code of the transaction in tx.run()',
    async run(world) {
      const saved = await world.account();
      const worker = new AsyncResource('worker');
      let after: (() => unknown) | undefined;
      await world.store.transaction(async (tx) => {
        const lock = (): Promise<unknown> => world.lock(saved);
        await worker.runInAsyncScope(() =>
          assert.rejects(lock(), { code: 'LOCK_OUTSIDE_TRANSACTION', message: /tx\.run/ }),
        );
        const account = await worker.runInAsyncScope(() => tx.run(() => world.lock(saved)));
        await world.accounts.update(account, { balance: 1 });
        after = () => tx.run(lock);
      });
      assert.equal(await world.balance(saved), 1);
      assert.throws(() => after?.(), { code: 'LOCK_RELEASED' });
    },
  },
  {
    title: 'a transaction that is read only reads, and neither locks nor writes',
    async run(world) {
      const saved = await world.account();
      const refused = { code: 'READ_ONLY_TRANSACTION' };
      await world.store.transaction(
        async () => {
          assert.equal(await world.balance(saved), 100);
          const ref = ConformanceAccount.ref(saved);
          await assert.rejects(world.accounts.lock(ref), refused);
          await assert.rejects(world.accounts.lockMany([ref]), refused);
          await assert.rejects(
            world.accounts.mutate(ref, () => ({})),
            refused,
          );
          await assert.rejects(world.account(), refused);
          await assert.rejects(world.store.lockName(world.name()), refused);
        },
        { readOnly: true },
      );
    },
  },
];
