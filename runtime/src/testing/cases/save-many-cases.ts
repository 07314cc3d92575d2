import assert from 'node:assert/strict';
import type { ConformanceCase } from '../conformance-case.js';
import { ConformanceAccount, ConformanceRecord, type RecordFields } from '../conformance-models.js';

const RECORD: RecordFields = {
  bytes: Uint8Array.of(0, 92, 255),
  at: new Date('2024-05-06T07:08:09.010Z'),
  big: -9_007_199_254_740_993n,
  amount: '1234567890.123456789',
  isOpen: true,
  ratio: 0.1,
  remark: 'a, "b" {c} \\ NULL \n\u{1f600}',
  tags: ['x', 'NULL', '', 'a,b', '{"'],
  settings: { theme: '{"\\', sizes: [1, 2.5] },
};

export const saveManyCases: readonly ConformanceCase[] = [
  {
    title: 'saveMany stores all and returns them in their order, whatever each has a value for',
    async run(world) {
      const owner = world.name();
      const drafts = [
        new ConformanceAccount({ owner, balance: 3, nick: 'c' }, { id: world.id() }),
        new ConformanceAccount({ owner, balance: 1 }, { id: world.id() }),
        new ConformanceAccount({ owner, balance: 2, nick: 'b' }),
        new ConformanceAccount({ owner, balance: 4, nick: undefined } as never),
      ];
      const saved = await world.accounts.saveMany(drafts);
      assert.deepEqual(
        saved.map(({ balance, nick }) => [balance, nick]),
        [
          [3, 'c'],
          [1, undefined],
          [2, 'b'],
          [4, undefined],
        ],
      );
      assert.equal(
        saved.every((account) => Object.isFrozen(account)),
        true,
      );
      for (const account of saved)
        assert.deepEqual(await world.accounts.get(ConformanceAccount.ref(account)), account);
    },
  },
  {
    title: 'values of every kind are stored as save stores them',
    async run({ records }) {
      const fields = [RECORD, { ...RECORD, remark: null, tags: [], isOpen: false }];
      const many = await records.saveMany(fields.map((each) => new ConformanceRecord(each)));
      for (const [index, each] of fields.entries()) {
        const one = await records.save(new ConformanceRecord(each));
        assert.deepEqual({ ...many[index], id: '' }, { ...one, id: '' });
      }
    },
  },
  {
    title: 'one that is not valid, or taken, and none is stored',
    async run(world) {
      const taken = await world.account();
      const ids = [world.id(), world.id()];
      const [first, second] = ids.map(
        (id) => new ConformanceAccount({ owner: 'ada', balance: 1 }, { id }),
      );
      assert.ok(first !== undefined && second !== undefined);
      const invalid = new ConformanceAccount({ owner: 'ada', balance: 'much' as never });
      await assert.rejects(world.accounts.saveMany([first, invalid]), { code: 'VALIDATION' });
      const twin = new ConformanceAccount({ owner: 'bob', balance: 1 }, { id: taken.id });
      await assert.rejects(world.accounts.saveMany([second, twin]), { code: 'DUPLICATE_ENTITY' });
      await assert.rejects(world.accounts.saveMany([second, second]), { code: 'DUPLICATE_ENTITY' });
      for (const id of ids)
        assert.equal(await world.accounts.get(ConformanceAccount.ref(id)), null);
    },
  },
  {
    title: 'inside a transaction it is part of it',
    async run(world) {
      const owner = world.name();
      const drafts = (): ConformanceAccount[] =>
        [1, 2].map((balance) => new ConformanceAccount({ owner, balance }));
      const failing = world.store.transaction(async () => {
        await world.accounts.saveMany(drafts());
        assert.equal((await world.accounts.find({ owner })).length, 2);
        throw new Error('no');
      });
      await assert.rejects(failing, { message: 'no' });
      assert.deepEqual(await world.accounts.find({ owner }), []);
      await world.store.transaction(async () => {
        await world.accounts.saveMany(drafts());
      });
      assert.equal((await world.accounts.find({ owner })).length, 2);
    },
  },
  {
    title: 'none are none, and what is no new entity is refused',
    async run(world) {
      assert.deepEqual(await world.accounts.saveMany([]), []);
      const saved = await world.account();
      for (const wrong of [
        saved,
        null,
        { owner: 'ada', balance: 1 },
        new ConformanceRecord(RECORD),
      ])
        await assert.rejects(world.accounts.saveMany([wrong as never]), { code: 'VALIDATION' });
    },
  },
  {
    title: 'several hundred at a time',
    async run(world) {
      const owner = world.name();
      const drafts = Array.from(
        { length: 500 },
        (_, balance) => new ConformanceAccount({ owner, balance }),
      );
      const saved = await world.accounts.saveMany(drafts);
      assert.deepEqual(
        saved.map(({ balance }) => balance),
        drafts.map((_, index) => index),
      );
      assert.equal((await world.accounts.find({ owner })).length, 500);
    },
  },
];
