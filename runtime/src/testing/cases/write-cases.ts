import assert from 'node:assert/strict';
import { createGate, type ConformanceCase } from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';

export const writeCases: readonly ConformanceCase[] = [
  {
    title: 'update writes the fields of the patch, returns the new snapshot, and leaves the rest',
    async run(world) {
      const saved = await world.account({ nick: 'n' });
      await world.withLock(saved, async (locked) => {
        const updated = await world.accounts.update(locked, { balance: 1 });
        assert.deepEqual([updated.owner, updated.balance, updated.nick], ['ada', 1, 'n']);
        assert.ok(Object.isFrozen(updated));
      });
      assert.equal(saved.balance, 100);
      assert.equal((await world.accounts.get(ConformanceAccount.ref(saved)))?.nick, 'n');
    },
  },
  {
    title: 'an empty patch is allowed, and save of a lock confirms what is stored',
    async run(world) {
      const saved = await world.account();
      await world.withLock(saved, async (locked) => {
        assert.equal((await world.accounts.update(locked, {})).balance, 100);
        assert.equal((await world.accounts.save(locked)).balance, 100);
      });
    },
  },
  {
    title: 'an optional field is cleared with undefined',
    async run(world) {
      const saved = await world.account({ nick: 'n' });
      await world.withLock(saved, async (locked) => {
        await world.accounts.update(locked, { nick: undefined });
        assert.equal(locked.nick, undefined);
      });
      assert.equal((await world.accounts.get(ConformanceAccount.ref(saved)))?.nick, undefined);
    },
  },
  {
    title: 'two updates at a time of one lock both take effect',
    async run(world) {
      const saved = await world.account();
      await world.withLock(saved, async (locked) => {
        await Promise.all([
          world.accounts.update(locked, { balance: 1 }),
          world.accounts.update(locked, { nick: 'n' }),
        ]);
        assert.deepEqual([locked.balance, locked.nick], [1, 'n']);
      });
    },
  },
  {
    title: 'what is not valid is refused with the paths, and nothing is written',
    async run(world) {
      const draft = new ConformanceAccount(
        { owner: 5 as never, balance: 'x' as never },
        { id: world.id() },
      );
      await assert.rejects(world.accounts.save(draft), {
        code: 'VALIDATION',
        paths: ['owner', 'balance'],
      });
      const saved = await world.account();
      await world.withLock(saved, async (locked) => {
        await assert.rejects(world.accounts.update(locked, { owner: null as never }), {
          code: 'VALIDATION',
          paths: ['owner'],
        });
        assert.equal(locked.owner, 'ada');
      });
      assert.equal((await world.accounts.get(ConformanceAccount.ref(saved)))?.owner, 'ada');
    },
  },
  {
    title: 'fields that the model does not have, and those that are none, are refused',
    async run(world) {
      const saved = await world.account();
      const patches = [
        { balanc: 1 },
        { id: 'other' },
        JSON.parse('{"__proto__":{"balance":1}}'),
        { constructor: 1 },
      ] as object[];
      await world.withLock(saved, async (locked) => {
        for (const patch of patches) {
          await assert.rejects(
            world.accounts.update(locked, patch),
            { code: 'VALIDATION' },
            JSON.stringify(patch),
          );
        }
        for (const patch of [null, undefined, 'x', 5, []]) {
          await assert.rejects(
            world.accounts.update(locked, patch as never),
            { code: 'VALIDATION' },
            String(patch),
          );
        }
      });
      assert.deepEqual([await world.balance(saved), saved.id], [100, saved.id]);
    },
  },
  {
    title: 'delete removes the row; its id can be used again',
    async run(world) {
      const saved = await world.account();
      await world.withLock(saved, async (locked) => world.accounts.delete(locked));
      assert.equal(await world.balance(saved), undefined);
      await world.accounts.save(
        new ConformanceAccount({ owner: 'bob', balance: 5 }, { id: saved.id }),
      );
      assert.equal(await world.balance(saved), 5);
    },
  },
  {
    title: 'an id that is taken is a DuplicateEntityError with its constraint',
    async run(world) {
      const saved = await world.account();
      const twin = new ConformanceAccount({ owner: 'eve', balance: 1 }, { id: saved.id });
      await assert.rejects(world.accounts.save(twin), {
        code: 'DUPLICATE_ENTITY',
        constraint: 'conformance_account_pkey',
      });
      assert.equal(await world.balance(saved), 100);
    },
  },
  {
    title: 'two transactions that insert the same id: the second waits for the end of the first',
    async run(world) {
      for (const end of ['commit', 'rollback'] as const) {
        const id = world.id();
        const inserted = createGate();
        const release = createGate();
        const first = world.store.transaction(async () => {
          await world.accounts.save(new ConformanceAccount({ owner: 'first', balance: 1 }, { id }));
          inserted.open();
          await release.opened;
          if (end === 'rollback') throw new Error('roll back');
        });
        await inserted.opened;
        const second = world.accounts.save(
          new ConformanceAccount({ owner: 'second', balance: 2 }, { id }),
        );
        release.open();
        const results = await Promise.allSettled([first, second]);
        assert.equal(results[end === 'commit' ? 0 : 1].status, 'fulfilled');
        assert.equal(results[end === 'commit' ? 1 : 0].status, 'rejected');
        const owner = (await world.accounts.get(ConformanceAccount.ref(id)))?.owner;
        assert.equal(owner, end === 'commit' ? 'first' : 'second');
      }
    },
  },
  {
    title: 'what a caller keeps and changes afterwards does not change what is stored',
    async run(world) {
      const draft = new ConformanceAccount({ owner: 'ada', balance: 1 }, { id: world.id() });
      const saved = await world.accounts.save(draft);
      draft.balance = 666;
      assert.equal(await world.balance(saved), 1);
    },
  },
  {
    title:
      'an update that is under way when the entity is deleted comes before, one that comes after is refused',
    async run(world) {
      const saved = await world.account();
      await world.withLock(saved, async (locked) => {
        const before = world.accounts.update(locked, { balance: 1 });
        const deleted = world.accounts.delete(locked);
        const after = world.accounts.update(locked, { balance: 2 });
        await assert.rejects(after, { code: 'LOCK_RELEASED' });
        await Promise.allSettled([before, deleted]);
        await deleted;
      });
      assert.equal(await world.balance(saved), undefined);
    },
  },
];
