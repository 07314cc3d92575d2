import assert from 'node:assert/strict';
import type { ConformanceCase } from '../conformance-case.js';
import { ConformanceRecord, type RecordFields } from '../conformance-models.js';

function record(changes: Partial<RecordFields> = {}): RecordFields {
  return {
    bytes: Uint8Array.of(0, 1, 255),
    at: new Date('2024-02-29T12:34:56.789Z'),
    big: 2n ** 62n,
    amount: '12345678901234567890.12',
    isOpen: true,
    ratio: 0.1,
    remark: null,
    tags: ['a', 'b "quoted"', 'c,d', '{}', 'null', ''],
    settings: { theme: 'dark', sizes: [1, 2.5] },
    ...changes,
  };
}

/** The fields of an entity, without its id. */
function fields({ id: _, ...rest }: object & { id: string }): object {
  return { ...rest };
}

export const valueCases: readonly ConformanceCase[] = [
  {
    title: 'every kind of value survives the way there and back',
    async run({ records }) {
      for (const changes of [
        {},
        { remark: 'text', tags: [], big: -1n, ratio: -1e300 },
        { at: new Date(-1), isOpen: false },
      ]) {
        const original = record(changes);
        const saved = await records.save(new ConformanceRecord(original));
        assert.deepEqual(fields(saved), original);
        const read = await records.get(ConformanceRecord.ref(saved));
        assert.ok(read !== null);
        assert.deepEqual(fields(read), original);
      }
    },
  },
  {
    title: 'where compares dates, bytes, bigints and JSON by what they are worth',
    async run({ records }) {
      const big = BigInt(Date.now()) * 1_000_000n + BigInt(Math.floor(Math.random() * 1_000_000));
      const { at, bytes, tags } = record();
      const { id } = await records.save(new ConformanceRecord(record({ big })));
      const same = [
        { at: new Date(at) },
        { bytes: Buffer.from(bytes) },
        { tags: [...tags] },
        { settings: { sizes: [1, 2.5], theme: 'dark' } },
        { remark: null },
        { isOpen: true, ratio: 0.1 },
      ];
      for (const where of same) {
        const found = await records.find({ big, ...where });
        assert.deepEqual(
          found.map((each) => each.id),
          [id],
          JSON.stringify(Object.keys(where)),
        );
      }
      const other = [
        { at: new Date(0) },
        { bytes: bytes.subarray(1) },
        { tags: tags.toReversed() },
        { settings: { theme: 'dark', sizes: [2.5, 1] } },
        { remark: '' },
        { isOpen: false },
      ];
      for (const where of other) assert.deepEqual(await records.find({ big, ...where }), []);
    },
  },
  {
    title: 'nothing that a reader can change is what is stored',
    async run({ records, store }) {
      const saved = await records.save(new ConformanceRecord(record()));
      assert.throws(() => saved.at.setTime(0), TypeError);
      saved.bytes.fill(9);
      assert.throws(() => (saved.tags as string[]).push('x'), TypeError);
      assert.throws(() => ((saved.settings as { theme: string }).theme = 'x'), TypeError);
      await store.transaction(async () => {
        const locked = await records.lock(ConformanceRecord.ref(saved));
        assert.throws(() => locked?.at.setTime(0), TypeError);
        assert.throws(() => (locked?.settings.sizes as number[]).push(3), TypeError);
        assert.deepEqual(locked?.at, record().at);
        assert.deepEqual(locked.bytes, record().bytes);
      });
      const read = await records.get(ConformanceRecord.ref(saved));
      assert.deepEqual(read && fields(read), record());
    },
  },
  {
    title: 'what the database would change silently is refused',
    async run({ records }) {
      const refused: Partial<Record<keyof RecordFields, unknown>>[] = [
        { amount: 'a\0b' },
        { remark: '\ud800' },
        { at: new Date(Number.NaN) },
        { tags: ['\0'] },
        { settings: { theme: new Date(0), sizes: [] } },
        { settings: { theme: new Map(), sizes: [] } },
        { settings: { theme: 'x', sizes: [Number.NaN] } },
        { settings: { theme: 1n, sizes: [] } },
      ];
      for (const changes of refused) {
        const [field] = Object.keys(changes);
        const saving = records.save(
          new ConformanceRecord(record(changes as Partial<RecordFields>)),
        );
        await assert.rejects(saving, (error: { code?: string; paths?: string[] }) => {
          assert.equal(error.code, 'VALIDATION');
          assert.ok(error.paths?.some((path) => path.startsWith(field ?? '?')));
          return true;
        });
      }
    },
  },
];
