import assert from 'node:assert/strict';
import type { ConformanceCase } from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';

/** An object whose properties the compiler does not know. */
type Loose = Record<string, unknown>;

export const stateCases: readonly ConformanceCase[] = [
  {
    title: 'what save returns is a frozen snapshot with the id that was given',
    async run(world) {
      const id = world.id();
      const saved = await world.accounts.save(
        new ConformanceAccount({ owner: 'ada', balance: 1 }, { id }),
      );
      assert.equal(saved.id, id);
      assert.equal(saved.owner, 'ada');
      assert.ok(Object.isFrozen(saved));
      assert.ok(saved instanceof ConformanceAccount);
    },
  },
  {
    title: 'save gives a new entity a UUIDv7, and the same one to the same object',
    async run({ accounts }) {
      const draft = new ConformanceAccount({ owner: 'ada', balance: 1 });
      const saved = await accounts.save(draft);
      assert.match(saved.id, /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      await assert.rejects(accounts.save(draft), { code: 'DUPLICATE_ENTITY' });
    },
  },
  {
    title: 'an absent field is no property of a snapshot, however it became absent',
    async run(world) {
      const never = await world.account();
      const cleared = await world.account({ nick: 'n' });
      assert.deepEqual(Object.keys(cleared).sort(), ['balance', 'id', 'nick', 'owner']);
      const updated = await world.withLock(cleared, async (locked) =>
        world.accounts.update(locked, { nick: undefined }),
      );
      const read = await world.accounts.get(ConformanceAccount.ref(never));
      const found = await world.accounts.get(ConformanceAccount.ref(cleared));
      for (const account of [never, updated, read, found]) {
        assert.deepEqual(Object.keys(account ?? {}).sort(), ['balance', 'id', 'owner']);
      }
    },
  },
  {
    title: 'get returns a frozen snapshot, and null for what does not exist',
    async run(world) {
      const { id } = await world.account({ nick: 'a' });
      const read = await world.accounts.get(ConformanceAccount.ref(id));
      assert.equal(read?.nick, 'a');
      assert.ok(Object.isFrozen(read));
      assert.throws(() => ((read as unknown as Loose)['balance'] = 5), TypeError);
      assert.equal(await world.accounts.get(ConformanceAccount.ref(world.id())), null);
    },
  },
  {
    title: 'methods and getters of the model work on every state',
    async run(world) {
      assert.equal(new ConformanceAccount({ owner: 'ada', balance: -1 }).isOverdrawn, true);
      const saved = await world.account({ balance: -1 });
      assert.equal(saved.isOverdrawn, true);
      await world.withLock(saved, async (locked) => {
        assert.equal(locked.isOverdrawn, true);
        assert.deepEqual(locked.withdrawal(2), { balance: -3 });
        assert.ok(locked instanceof ConformanceAccount);
      });
    },
  },
  {
    title: 'a lock cannot be written into: assignment, Reflect.set, defineProperty, delete',
    async run(world) {
      const saved = await world.account();
      await world.withLock(saved, async (locked) => {
        const loose = locked as unknown as Loose;
        assert.throws(() => (loose['balance'] = 5), { code: 'READONLY_ENTITY' });
        assert.throws(() => Reflect.set(loose, 'balance', 5), { code: 'READONLY_ENTITY' });
        assert.throws(() => (loose['extra'] = 5), TypeError);
        assert.throws(() => Object.defineProperty(loose, 'balance', { value: 5 }), TypeError);
        Reflect.deleteProperty(loose, 'balance');
        assert.equal(locked.balance, 100);
      });
      assert.equal(await world.balance(saved), 100);
    },
  },
  {
    title: 'a copy of a lock carries no data, and JSON refuses it',
    async run(world) {
      await world.withLock(await world.account(), async (locked) => {
        assert.deepEqual({ ...locked }, {});
        assert.deepEqual(Object.assign({}, locked), {});
        assert.deepEqual(structuredClone(locked), {});
        assert.throws(() => JSON.stringify({ locked }), { code: 'PROCESSABLE_ENCODE' });
      });
    },
  },
];
