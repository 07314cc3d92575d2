import assert from 'node:assert/strict';
import { JustScaleError } from '../../errors/justscale-error.js';
import { createGate, type ConformanceCase } from '../conformance-case.js';

export const operationCases: readonly ConformanceCase[] = [
  {
    title: 'verify finds nothing wrong with tables that have what their models need',
    async run(world) {
      await world.store.verify();
      await world.account();
      await world.store.verify();
    },
  },
  {
    title: 'stats counts what runs, what is held and what waits, and what has ended',
    async run(world) {
      const saved = await world.account();
      const before = world.store.stats();
      assert.deepEqual([before.transactions.running, before.locks.held], [0, 0]);
      const [isHeld, mayEnd] = [createGate(), createGate()];
      const holding = world.withLock(saved, async () => {
        isHeld.open();
        await mayEnd.opened;
      });
      await isHeld.opened;
      const during = world.store.stats();
      assert.deepEqual([during.transactions.running, during.locks.held], [1, 1]);
      mayEnd.open();
      await holding;
      await assert.rejects(
        world.withLock(saved, () => Promise.reject(new RangeError('on purpose'))),
        RangeError,
      );
      const after = world.store.stats();
      assert.deepEqual([after.transactions.running, after.locks.held], [0, 0]);
      assert.equal(after.transactions.committed, before.transactions.committed + 1);
      assert.equal(after.transactions.rolledBack, before.transactions.rolledBack + 1);
    },
  },
  {
    title: 'settings are of one transaction, with its work; those that cannot be used are refused',
    async run(world) {
      const saved = await world.account();
      await world.store.transaction(
        async () => {
          const account = await world.lock(saved);
          await world.accounts.update(account, { balance: 1 });
        },
        { settings: { 'app.tenant': 'acme', 'app.number': 1, 'app.is_on': true } },
      );
      assert.equal(await world.balance(saved), 1);
      for (const settings of [{ 'a;b': 'x' }, { 'app.tenant': {} }, 'app.tenant', []]) {
        const refused = world.store.transaction(async () => undefined, { settings } as object);
        await assert.rejects(refused, { code: 'INVALID_OPTION' });
      }
    },
  },
  {
    title: 'read gives rows, in a transaction and outside one, or is refused by name',
    async run(world) {
      const read = async (): Promise<unknown> => {
        try {
          return await world.store.read('select 1 as one', []);
        } catch (error) {
          assert.ok(error instanceof JustScaleError);
          return error.code;
        }
      };
      const outside = await read();
      assert.deepEqual(await world.store.transaction(read), outside);
      if (outside !== 'INVALID_OPTION') assert.deepEqual(outside, [{ one: 1 }]);
      for (const text of ['', 1, undefined])
        await assert.rejects(world.store.read(text as string), { code: 'INVALID_OPTION' });
    },
  },
];
