import assert from 'node:assert/strict';
import { ALL_OPERATORS } from '../../adapter/capabilities.js';
import { allOf, gt, gte, lt, lte, noneOf, not, oneOf } from '../../store/conditions.js';
import type { Where } from '../../store/repository.js';
import type { ConformanceCase, ConformanceWorld } from '../conformance-case.js';
import { ConformanceRecord, type ConformanceAccount } from '../conformance-models.js';
import type { RecordFields } from '../conformance-models.js';

const ORDER = ['gt', 'gte', 'lt', 'lte'] as const;
const NICKS = ['b', undefined, 'a', 'B', '\u{1f600}', '\uffee'] as const;

/** Accounts of one owner: balances 0 to 5 with the nicks above; returns how to read the balances of those that are meant. */
async function population(
  world: ConformanceWorld,
): Promise<(where: Where<ConformanceAccount>) => Promise<number[]>> {
  const owner = world.name();
  for (const [balance, nick] of NICKS.entries())
    await world.account({ owner, balance, ...(nick === undefined ? {} : { nick }) });
  return async (where) =>
    (await world.accounts.find({ owner, ...where })).map(({ balance }) => balance);
}

const RECORD: RecordFields = {
  bytes: Uint8Array.of(1),
  at: new Date('2024-05-06T07:08:09.010Z'),
  big: 9_007_199_254_740_993n,
  amount: '1.50',
  isOpen: true,
  ratio: 0.5,
  remark: null,
  tags: ['a'],
  settings: { theme: 'dark', sizes: [1] },
};

export const conditionCases: readonly ConformanceCase[] = [
  {
    title: 'gt, gte, lt and lte of numbers, with fractions and what no column can hold',
    needs: { conditions: ORDER },
    async run(world) {
      const read = await population(world);
      assert.deepEqual(await read({ balance: gt(3) }), [4, 5]);
      assert.deepEqual(await read({ balance: gte(3) }), [3, 4, 5]);
      assert.deepEqual(await read({ balance: lt(2) }), [0, 1]);
      assert.deepEqual(await read({ balance: lte(2) }), [0, 1, 2]);
      assert.deepEqual(await read({ balance: gt(3.5) }), [4, 5]);
      assert.deepEqual(await read({ balance: gte(3.5) }), [4, 5]);
      assert.deepEqual(await read({ balance: lt(1.5) }), [0, 1]);
      assert.deepEqual(await read({ balance: lte(1.5) }), [0, 1]);
      assert.deepEqual(await read({ balance: gt(-0.5) }), [0, 1, 2, 3, 4, 5]);
      assert.deepEqual(await read({ balance: lt(1e30) }), [0, 1, 2, 3, 4, 5]);
      assert.deepEqual(await read({ balance: gt(-Infinity) }), [0, 1, 2, 3, 4, 5]);
      assert.deepEqual(await read({ balance: gt(Infinity) }), []);
      assert.deepEqual(await read({ balance: lte(NaN) }), [0, 1, 2, 3, 4, 5]);
      assert.deepEqual(await read({ balance: gt(1e30) }), []);
    },
  },
  {
    title: 'text compares by code point here; what is absent is neither greater nor less',
    needs: { conditions: ORDER },
    async run(world) {
      const read = await population(world);
      assert.deepEqual(await read({ nick: gt('a') }), [0, 4, 5]);
      assert.deepEqual(await read({ nick: gte('a') }), [0, 2, 4, 5]);
      assert.deepEqual(await read({ nick: lt('a') }), [3]);
      assert.deepEqual(await read({ nick: lte('a') }), [2, 3]);
      assert.deepEqual(await read({ nick: gt('\uffee') }), [4]);
      assert.deepEqual(await read({ nick: gt('') }), [0, 2, 3, 4, 5]);
    },
  },
  {
    title: 'allOf is a range, and conditions on several fields hold together',
    needs: { conditions: [...ORDER, 'not'] },
    async run(world) {
      const read = await population(world);
      assert.deepEqual(await read({ balance: allOf(gte(1), lt(4)) }), [1, 2, 3]);
      assert.deepEqual(await read({ balance: allOf(gte(1), lt(4), not(2)) }), [1, 3]);
      assert.deepEqual(await read({ balance: allOf() }), [0, 1, 2, 3, 4, 5]);
      assert.deepEqual(await read({ balance: gt(1), nick: lt('b') }), [2, 3]);
    },
  },
  {
    title: 'oneOf is any of its values, absent ones too, and none of an empty list',
    needs: { conditions: ['oneOf'] },
    async run(world) {
      const read = await population(world);
      assert.deepEqual(await read({ nick: oneOf(['b', 'B', 'c']) }), [0, 3]);
      assert.deepEqual(await read({ nick: oneOf(['b']) }), [0]);
      assert.deepEqual(await read({ nick: oneOf(['b', undefined]) }), [0, 1]);
      assert.deepEqual(await read({ nick: oneOf([undefined]) }), [1]);
      assert.deepEqual(await read({ nick: oneOf([]) }), []);
      assert.deepEqual(await read({ balance: oneOf([0, 3, 0.5, 1e30]) }), [0, 3]);
      assert.deepEqual(await read({ nick: oneOf(['b"', "b'", 'b,', '{b}', 'b\\', 'NULL']) }), []);
    },
  },
  {
    title: 'not and noneOf are true wherever equality and oneOf are not, also of what is absent',
    needs: { conditions: ['not', 'noneOf'] },
    async run(world) {
      const read = await population(world);
      assert.deepEqual(await read({ nick: not('b') }), [1, 2, 3, 4, 5]);
      assert.deepEqual(await read({ nick: not(undefined) }), [0, 2, 3, 4, 5]);
      assert.deepEqual(await read({ nick: noneOf(['b', 'B']) }), [1, 2, 4, 5]);
      assert.deepEqual(await read({ nick: noneOf(['b', undefined]) }), [2, 3, 4, 5]);
      assert.deepEqual(await read({ nick: noneOf([]) }), [0, 1, 2, 3, 4, 5]);
      assert.deepEqual(await read({ balance: not(0.5) }), [0, 1, 2, 3, 4, 5]);
      assert.deepEqual(await read({ balance: noneOf([0, 1e30]) }), [1, 2, 3, 4, 5]);
    },
  },
  {
    title: 'the id can be compared, and findOne takes conditions as find does',
    needs: { conditions: [...ORDER, 'oneOf'] },
    async run(world) {
      const [a, b, c] = [await world.account(), await world.account(), await world.account()];
      const ids = async (where: Where<ConformanceAccount>): Promise<string[]> =>
        (await world.accounts.find(where)).map(({ id }) => id);
      assert.deepEqual(await ids({ id: oneOf([c.id, a.id, world.id()]) }), [a.id, c.id]);
      assert.deepEqual(await ids({ id: allOf(gt(a.id), lte(c.id)) }), [b.id, c.id]);
      assert.equal((await world.accounts.findOne({ id: allOf(gt(a.id), lt(c.id)) }))?.id, b.id);
    },
  },
  {
    title:
      'dates, bigints and fractions compare as what they are; JSON, arrays and bytes as wholes',
    needs: { conditions: ALL_OPERATORS },
    async run(world) {
      const saved = await world.records.save(new ConformanceRecord(RECORD, { id: world.id() }));
      const isFound = async (where: Where<ConformanceRecord>): Promise<boolean> =>
        (await world.records.findOne({ id: saved.id, ...where })) !== null;
      const at = (ms: number): Date => new Date(RECORD.at.getTime() + ms);
      for (const where of [
        { at: gt(at(-1)) },
        { at: allOf(gte(at(0)), lte(at(0))) },
        { at: lt(at(1)) },
        { at: oneOf([at(5), at(0)]) },
        { at: not(at(1)) },
        { big: gt(RECORD.big - 1n) },
        { big: allOf(gte(RECORD.big), lte(RECORD.big)) },
        { big: oneOf([1n, RECORD.big]) },
        { ratio: gt(0.25) },
        { ratio: oneOf([0.25, 0.5]) },
        { isOpen: oneOf([true]) },
        { isOpen: not(false) },
        { remark: not('x') },
        { remark: oneOf([null]) },
        { tags: not([]) },
        { tags: oneOf([['a'], ['b']]) },
        { settings: oneOf([{ theme: 'dark', sizes: [1] }]) },
        { bytes: oneOf([Uint8Array.of(2), Uint8Array.of(1)]) },
      ])
        assert.equal(await isFound(where), true, Object.keys(where).join());
      for (const where of [
        { at: gt(at(0)) },
        { at: lt(at(0)) },
        { at: not(at(0)) },
        { big: gt(RECORD.big) },
        { big: lt(RECORD.big) },
        { ratio: gt(0.5) },
        { isOpen: not(true) },
        { remark: gt('') },
        { remark: not(null) },
        { tags: not(['a']) },
        { settings: noneOf([{ theme: 'dark', sizes: [1] }]) },
      ])
        assert.equal(await isFound(where), false, Object.keys(where).join());
    },
  },
  {
    title: 'conditions inside a transaction see its own writes',
    needs: { conditions: ORDER },
    async run(world) {
      const saved = await world.account({ balance: 1 });
      await world.withLock(saved, async (locked) => {
        await world.accounts.update(locked, { balance: 7 });
        assert.equal((await world.accounts.find({ id: saved.id, balance: gt(6) })).length, 1);
        assert.equal((await world.accounts.find({ id: saved.id, balance: lt(6) })).length, 0);
      });
    },
  },
  {
    title: 'what has no order, and no list, is refused before anything is read',
    needs: { conditions: ALL_OPERATORS },
    async run({ accounts }) {
      for (const wrong of [
        gt(null as never),
        lt(undefined as never),
        gte(true as never),
        lte([] as never),
        gt(new Date(NaN) as never),
        gt('a\0' as never),
        oneOf('ab' as never),
        noneOf(null as never),
        oneOf([new Map()] as never),
      ])
        await assert.rejects(accounts.find({ balance: wrong } as never), { code: 'VALIDATION' });
      await assert.rejects(accounts.find({ missing: gt(1) } as never), { code: 'VALIDATION' });
      // A condition that was copied is no condition, and no value either.
      await assert.rejects(accounts.find({ balance: { ...gt(1) } as never }).then(noRow), {
        message: 'no row',
      });
    },
  },
];

function noRow(found: readonly unknown[]): never {
  throw new Error(found.length === 0 ? 'no row' : 'rows');
}
