import assert from 'node:assert/strict';
import type { FindOptions } from '../../store/repository.js';
import type { ConformanceCase, ConformanceWorld } from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';

const NICKS = ['b', undefined, 'a', 'B', '\u{1f600}', '\uffee', undefined, 'a'] as const;

/** Accounts of one owner with the nicks above; returns how to read their balances in an order. */
async function population(
  world: ConformanceWorld,
): Promise<(options?: FindOptions<ConformanceAccount>) => Promise<number[]>> {
  const owner = world.name();
  for (const [balance, nick] of NICKS.entries()) {
    await world.account({ owner, balance, ...(nick === undefined ? {} : { nick }) });
  }
  return async (options) =>
    (await world.accounts.find({ owner }, options)).map(({ balance }) => balance);
}

export const queryCases: readonly ConformanceCase[] = [
  {
    title: 'find by id when no order is given, findOne the first of them',
    async run(world) {
      const read = await population(world);
      assert.deepEqual(await read(), [0, 1, 2, 3, 4, 5, 6, 7]);
      const owner = world.name();
      await world.account({ owner, balance: 1 });
      await world.account({ owner, balance: 2 });
      assert.equal((await world.accounts.findOne({ owner }))?.balance, 1);
      assert.equal(await world.accounts.findOne({ owner: world.name() }), null);
    },
  },
  {
    title: 'where compares all its fields; undefined matches what is absent, and nothing else',
    async run(world) {
      const owner = world.name();
      await world.account({ owner, nick: 'n', balance: 1 });
      await world.account({ owner, balance: 2 });
      assert.deepEqual(
        (await world.accounts.find({ owner, nick: 'n' })).map(({ balance }) => balance),
        [1],
      );
      const absent = await world.accounts.find({ owner, nick: undefined } as never);
      assert.deepEqual(
        absent.map(({ balance }) => balance),
        [2],
      );
      assert.deepEqual(await world.accounts.find({ owner, balance: 3 }), []);
    },
  },
  {
    title: 'text orders by code point, absent values last in both directions, ties by id',
    async run(world) {
      const read = await population(world);
      assert.deepEqual(await read({ orderBy: 'nick' }), [3, 2, 7, 0, 5, 4, 1, 6]);
      assert.deepEqual(await read({ orderBy: { nick: 'desc' } }), [4, 5, 0, 2, 7, 3, 1, 6]);
      assert.deepEqual(
        await read({ orderBy: { nick: 'asc', balance: 'desc' } }),
        [3, 7, 2, 0, 5, 4, 6, 1],
      );
      assert.deepEqual(await read({ orderBy: { id: 'desc' } }), [7, 6, 5, 4, 3, 2, 1, 0]);
    },
  },
  {
    title: 'limit and after page through every order without gap or twin',
    async run(world) {
      const owner = world.name();
      for (const [balance, nick] of NICKS.entries()) {
        await world.account({ owner, balance, ...(nick === undefined ? {} : { nick }) });
      }
      const orders = [
        undefined,
        'nick',
        { nick: 'desc' },
        { id: 'desc' },
        { nick: 'asc', balance: 'desc' },
      ] as const;
      for (const orderBy of orders) {
        const order = orderBy === undefined ? {} : { orderBy };
        const all = await world.accounts.find({ owner }, order);
        for (const asRef of [false, true]) {
          const paged: string[] = [];
          let page = await world.accounts.find({ owner }, { ...order, limit: 3 });
          for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
            paged.push(...page.map(({ id }) => id));
            const after = asRef ? ConformanceAccount.ref(last) : last;
            page = await world.accounts.find({ owner }, { ...order, limit: 3, after });
          }
          assert.deepEqual(
            paged,
            all.map(({ id }) => id),
            JSON.stringify(orderBy),
          );
        }
      }
      assert.deepEqual(await world.accounts.find({ owner }, { limit: 0 }), []);
    },
  },
  {
    title: 'a field that the model does not have is refused, before anything is read',
    async run({ accounts }) {
      for (const field of ['missing', 'constructor', 'toString', '__proto__', 'balance"', '']) {
        const where = Object.fromEntries([[field, 1]]);
        await assert.rejects(accounts.find(where), { code: 'VALIDATION' });
        await assert.rejects(accounts.findOne(where), { code: 'VALIDATION' });
        await assert.rejects(accounts.find({}, { orderBy: field as never }), {
          code: 'INVALID_OPTION',
        });
        const orderBy = Object.fromEntries([[field, 'desc']]);
        await assert.rejects(accounts.find({}, { orderBy }), { code: 'INVALID_OPTION' });
      }
    },
  },
  {
    title: 'options that cannot be used are refused',
    async run({ accounts }) {
      await assert.rejects(accounts.find({}, { limit: -1 }), {
        code: 'INVALID_OPTION',
        option: 'limit',
      });
      await assert.rejects(accounts.find({}, { limit: 0.5 }), {
        code: 'INVALID_OPTION',
        option: 'limit',
      });
      await assert.rejects(accounts.find({}, { orderBy: { nick: 'up' as never } }), {
        code: 'INVALID_OPTION',
      });
      await assert.rejects(accounts.get('a1' as never), { code: 'INVALID_REF' });
      await assert.rejects(accounts.find(null as never), { code: 'VALIDATION' });
    },
  },
];
