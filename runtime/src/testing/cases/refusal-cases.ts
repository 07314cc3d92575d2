import assert from 'node:assert/strict';
import type { Locked, Transient } from '../../model/states.js';
import { createGate, type ConformanceCase, type ConformanceWorld } from '../conformance-case.js';
import { ConformanceAccount, ConformanceRecord } from '../conformance-models.js';

type Account = Locked<ConformanceAccount>;

/** Tries every write with `forged`; each must be refused with the code, and the row must stay as it was. */
async function refusesAll(world: ConformanceWorld, forged: unknown, code: string): Promise<void> {
  const entity = forged as Account;
  await assert.rejects(world.accounts.update(entity, { balance: 666 }), { code });
  await assert.rejects(world.accounts.save(entity), { code });
  await assert.rejects(world.accounts.delete(entity), { code });
}

/** A case in which something made from a lock is no lock. */
function refusedCopy(what: string, forge: (locked: Account) => unknown): ConformanceCase {
  return {
    title: what,
    async run(world) {
      const saved = await world.account();
      await world.withLock(saved, async (locked) =>
        refusesAll(world, forge(locked), 'LOCK_NOT_HELD'),
      );
      assert.equal(await world.balance(saved), 100);
    },
  };
}

export const refusalCases: readonly ConformanceCase[] = [
  refusedCopy('a spread', (locked) => ({ ...locked, balance: 666 })),
  refusedCopy('Object.assign', (locked) => Object.assign({}, locked, { balance: 666 })),
  refusedCopy('Object.create', (locked) => Object.create(locked)),
  refusedCopy('structuredClone', (locked) => structuredClone(locked)),
  refusedCopy('a proxy', (locked) => new Proxy(locked, {})),
  refusedCopy('a plain object', (locked) => ({ id: locked.id, owner: 'ada', balance: 666 })),
  refusedCopy('a Ref', (locked) => ConformanceAccount.ref(locked)),
  refusedCopy('null', () => null),
  refusedCopy('undefined', () => undefined),
  refusedCopy('a string', (locked) => locked.id),
  refusedCopy('a copied Transient', () => ({
    ...new ConformanceAccount({ owner: 'eve', balance: 666 }),
  })),
  {
    title: 'a Persistent',
    async run(world) {
      const saved = await world.account();
      await world.withLock(saved, async () => refusesAll(world, saved, 'LOCK_NOT_HELD'));
      await refusesAll(world, saved, 'LOCK_NOT_HELD');
      assert.equal(await world.balance(saved), 100);
    },
  },
  {
    title: 'a Transient of another model',
    async run(world) {
      const draft: unknown = new ConformanceRecord({} as never);
      await assert.rejects(world.accounts.save(draft as Transient<ConformanceAccount>), {
        code: 'LOCK_NOT_HELD',
      });
    },
  },
  {
    title: 'a released lock, outside and inside a later transaction',
    async run(world) {
      const saved = await world.account();
      let leaked: unknown;
      await world.withLock(saved, async (locked) => void (leaked = locked));
      await refusesAll(world, leaked, 'LOCK_RELEASED');
      await world.withLock(saved, async () => refusesAll(world, leaked, 'LOCK_RELEASED'));
      assert.equal(await world.balance(saved), 100);
    },
  },
  {
    title: 'a lock of a retried attempt',
    async run(world) {
      const [a, b] = [await world.account(), await world.account()];
      const held = createGate();
      const attempts: Account[] = [];
      const other = world.store.transaction(
        async () => {
          await world.lock(b);
          held.open();
          await world.lock(a);
        },
        { retries: 5 },
      );
      await world.store.transaction(
        async () => {
          const locked = await world.lock(a);
          attempts.push(locked);
          await held.opened;
          await world.lock(b);
          const [first] = attempts;
          if (attempts.length > 1 && first !== locked)
            await refusesAll(world, first, 'LOCK_RELEASED');
        },
        { retries: 5 },
      );
      await other;
      assert.equal(await world.balance(a), 100);
    },
  },
  {
    title: 'a lock of an entity that was deleted in this transaction',
    async run(world) {
      const saved = await world.account();
      await world.withLock(saved, async (locked) => {
        await world.accounts.delete(locked);
        await refusesAll(world, locked, 'LOCK_RELEASED');
        assert.equal(await world.accounts.lock(ConformanceAccount.ref(saved)), null);
      });
      assert.equal(await world.balance(saved), undefined);
    },
  },
  {
    title: 'a lock of another transaction that is still running',
    needs: { locks: 'row' },
    async run(world) {
      const [a, b] = [await world.account(), await world.account()];
      const [held, gate] = [createGate(), createGate()];
      let leaked: unknown;
      const holder = world.withLock(a, async (locked) => {
        leaked = locked;
        held.open();
        await gate.opened;
      });
      await held.opened;
      await world.withLock(b, async () => refusesAll(world, leaked, 'LOCK_FOREIGN'));
      await refusesAll(world, leaked, 'LOCK_FOREIGN');
      gate.open();
      await holder;
      assert.equal(await world.balance(a), 100);
    },
  },
  {
    title: 'a lock of another repository of the same model',
    async run(world) {
      const saved = await world.account();
      const others = world.store.repository(ConformanceAccount, {
        table: 'conformance_other_account',
      });
      await world.withLock(saved, async (locked) => {
        await assert.rejects(others.update(locked, { balance: 666 }), { code: 'LOCK_FOREIGN' });
      });
      assert.equal(await world.balance(saved), 100);
    },
  },
  {
    title: 'a lock of another store',
    async run(world) {
      const saved = await world.account();
      const other = await world.openStore();
      await world.withLock(saved, async (locked) => {
        await other.transaction(async () => {
          const accounts = other.repository(ConformanceAccount);
          await assert.rejects(accounts.update(locked, { balance: 666 }), { code: 'LOCK_FOREIGN' });
        });
      });
      assert.equal(await world.balance(saved), 100);
    },
  },
];
