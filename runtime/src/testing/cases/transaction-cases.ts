import assert from 'node:assert/strict';
import { createGate, type ConformanceCase } from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';

export const transactionCases: readonly ConformanceCase[] = [
  {
    title: 'returns what its work returns, and needs no connection for nothing',
    async run({ store }) {
      assert.equal(await store.transaction(async () => 5), 5);
      assert.equal(await store.transaction(() => 'now'), 'now');
    },
  },
  {
    title: 'a throw rolls everything back: updates, inserts, deletes',
    async run(world) {
      const [a, b] = [await world.account(), await world.account()];
      const created = world.id();
      const failing = world.store.transaction(async () => {
        await world.accounts.update(await world.lock(a), { balance: 1 });
        await world.accounts.delete(await world.lock(b));
        await world.accounts.save(
          new ConformanceAccount({ owner: 'x', balance: 1 }, { id: created }),
        );
        throw new Error('no');
      });
      await assert.rejects(failing, /^Error: no$/);
      assert.deepEqual([await world.balance(a), await world.balance(b)], [100, 100]);
      assert.equal(await world.accounts.get(ConformanceAccount.ref(created)), null);
    },
  },
  {
    title: 'its own writes are visible inside, and to nobody else before the commit',
    async run(world) {
      const saved = await world.account({ owner: world.name() });
      const written = createGate();
      const checked = createGate();
      const writer = world.withLock(saved, async (locked) => {
        await world.accounts.update(locked, { balance: 1 });
        assert.equal(await world.balance(saved), 1);
        const [found] = await world.accounts.find({ owner: saved.owner });
        assert.equal(found?.balance, 1);
        written.open();
        await checked.opened;
      });
      await written.opened;
      assert.equal(await world.balance(saved), 100);
      checked.open();
      await writer;
      assert.equal(await world.balance(saved), 1);
    },
  },
  {
    title: 'a nested transaction joins: its locks live on, its writes commit with the outer one',
    async run(world) {
      const saved = await world.account();
      await world.store.transaction(async () => {
        let inner: { readonly balance: number } | undefined;
        await world.store.transaction(async () => {
          const locked = await world.lock(saved);
          await world.accounts.update(locked, { balance: 1 });
          inner = locked;
        });
        assert.equal(inner?.balance, 1);
        await world.accounts.update(await world.lock(saved), { balance: 2 });
      });
      assert.equal(await world.balance(saved), 2);
    },
  },
  {
    title: 'a throw in a nested transaction rolls back the outer one, also when it is caught there',
    async run(world) {
      const saved = await world.account();
      const outer = world.store.transaction(async () => {
        await world.accounts.update(await world.lock(saved), { balance: 1 });
        await world.store
          .transaction(async () => {
            throw new Error('inner');
          })
          .catch(() => undefined);
      });
      await assert.rejects(outer, { code: 'TRANSACTION_ROLLED_BACK' });
      assert.equal(await world.balance(saved), 100);
    },
  },
  {
    title: 'after a failed statement it can only roll back, also when the error is caught',
    async run(world) {
      const saved = await world.account();
      const failing = world.store.transaction(async () => {
        await world.accounts.update(await world.lock(saved), { balance: 1 });
        const twin = new ConformanceAccount({ owner: 'x', balance: 1 }, { id: saved.id });
        await assert.rejects(world.accounts.save(twin), { code: 'DUPLICATE_ENTITY' });
        await assert.rejects(world.account(), { code: 'TRANSACTION_ROLLED_BACK' });
        await assert.rejects(world.balance(saved), { code: 'TRANSACTION_ROLLED_BACK' });
      });
      await assert.rejects(failing, { code: 'TRANSACTION_ROLLED_BACK' });
      assert.equal(await world.balance(saved), 100);
    },
  },
  {
    title: 'a refused write sends nothing, so the transaction goes on',
    async run(world) {
      const saved = await world.account();
      await world.withLock(saved, async (locked) => {
        await assert.rejects(world.accounts.update(locked, { balance: 'much' as never }), {
          code: 'VALIDATION',
        });
        await assert.rejects(world.accounts.update({ ...locked } as never, {}), {
          code: 'LOCK_NOT_HELD',
        });
        await world.accounts.update(locked, { balance: 1 });
      });
      assert.equal(await world.balance(saved), 1);
    },
  },
  {
    title: 'timeoutMs ends a transaction whose work takes too long, and frees its locks',
    async run(world) {
      const saved = await world.account();
      const late = createGate();
      const slow = world.store.transaction(
        async () => {
          await world.accounts.update(await world.lock(saved), { balance: 1 });
          await late.opened;
        },
        { timeoutMs: 250 },
      );
      await assert.rejects(slow, { code: 'TRANSACTION_TIMEOUT', timeoutMs: 250 });
      await world.withLock(saved, async (locked) => assert.equal(locked.balance, 100));
      late.open();
    },
  },
  {
    title: 'options that cannot be used are refused by their name',
    async run({ store }) {
      for (const options of [
        { retries: -1 },
        { retries: 0.5 },
        { timeoutMs: -1 },
        { timeoutMs: Number.NaN },
        // Longer than Node's longest timer, which would fire at once.
        { timeoutMs: 2 ** 31 },
      ]) {
        await assert.rejects(
          store.transaction(async () => undefined, options),
          {
            code: 'INVALID_OPTION',
            option: Object.keys(options)[0],
          },
        );
      }
    },
  },
];
