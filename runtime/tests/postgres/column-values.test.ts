import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { DatabaseError, defineModel, type Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const database = useDatabase(`
  create domain positive as int check (value > 0);
  create domain very_positive as positive;
  create type mood as enum ('sad', 'ok', 'happy');
  create table sample (
    id uuid primary key,
    text_value text, big bigint, big_number bigint, big_text bigint, amount numeric, amount_number numeric(20, 4),
    at timestamptz, at_text timestamptz, day date, day_text date, local timestamp,
    is_open boolean, ratio double precision, small smallint, bytes bytea, settings jsonb, plain json,
    tags text[], sizes int[], big_list bigint[], grid int[][], feeling mood, lucky very_positive, maybe text
  );
  create table era (id text primary key, at timestamptz, day date, local timestamp, lucky very_positive[]);
  create table big (id text primary key, value bigint, fraction numeric);
  create table moment (id text primary key, at timestamptz not null default now());
  create table wide (id text primary key, name text, password_hash text default 'secret');
  create schema other;
  create table other."Odd ""name""" (id text primary key, "select" text)`);

type JsonValue = boolean | number | string | object;
class Sample extends defineModel(
  'sample',
  z.object({
    textValue: z.string(),
    big: z.bigint(),
    bigNumber: z.number(),
    bigText: z.string(),
    amount: z.string(),
    amountNumber: z.number(),
    at: z.date(),
    atText: z.iso.datetime(),
    day: z.date(),
    dayText: z.iso.date(),
    local: z.date(),
    isOpen: z.boolean(),
    ratio: z.number(),
    small: z.number(),
    bytes: z.instanceof(Uint8Array),
    settings: z.custom<JsonValue>((value) => value !== undefined),
    plain: z.custom<JsonValue>((value) => value !== undefined),
    tags: z.array(z.string().nullable()),
    sizes: z.array(z.number()),
    bigList: z.array(z.string()),
    grid: z.array(z.array(z.number())),
    feeling: z.enum(['sad', 'ok', 'happy']),
    lucky: z.number(),
    maybe: z.string().optional(),
  }),
) {}

let store: Store;
let sql: postgres.Sql;
beforeAll(() => {
  store = postgresStore(database.url);
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
  await store.close();
  await sql.end();
});

const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
const date = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
});
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const json = fc
  .jsonValue({ stringUnit: 'grapheme' })
  .filter((value) => value !== null)
  // JSON has no -0, and Postgres no NUL.
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '')) as JsonValue)
  .filter((value) => !JSON.stringify(value).includes('__proto__'));
const startOfDay = date.map((value) => new Date(value.toISOString().slice(0, 10)));
const fields = fc.record({
  textValue: text,
  big: int64,
  bigNumber: fc.maxSafeInteger(),
  bigText: int64.map(String),
  amount: fc
    .tuple(fc.bigInt(), fc.nat(999))
    .map(([whole, part]) => `${whole}.${String(part).padStart(3, '0')}`),
  amountNumber: fc.integer().map((value) => value / 100),
  at: date,
  atText: date.map((value) => value.toISOString().replace(/\.?0*Z$/, 'Z')),
  day: startOfDay,
  dayText: startOfDay.map((value) => value.toISOString().slice(0, 10)),
  local: date,
  isOpen: fc.boolean(),
  ratio: fc.double({ noNaN: true, noDefaultInfinity: true }),
  small: fc.integer({ min: -32_768, max: 32_767 }),
  bytes: fc.uint8Array(),
  settings: json,
  plain: json,
  tags: fc.array(fc.option(text)),
  sizes: fc.array(fc.integer()),
  bigList: fc.array(int64.map(String)),
  grid: fc.array(fc.tuple(fc.integer(), fc.integer()).map((pair) => [...pair])),
  feeling: fc.constantFrom('sad', 'ok', 'happy'),
  lucky: fc.integer({ min: 1 }),
  maybe: fc.option(text, { nil: undefined }),
});

/** Without what is `undefined`, which a row does not have. */
function present(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}

/** What the schema of an entity describes. */
function fieldsOf(entity: unknown): object {
  const { id: _, ...fields } = entity as { readonly id: string };
  return fields;
}

test('whatever the schema accepts comes back as it was: from save, get, lock and update', async () => {
  const samples = store.repository(Sample);
  await fc.assert(
    fc.asyncProperty(fields, fields, async (first, second) => {
      const saved = await samples.save(new Sample(first));
      const { id } = saved;
      expect(fieldsOf(saved)).toStrictEqual(present(first));
      expect(fieldsOf(await samples.get(Sample.ref(id)))).toStrictEqual(present(first));
      await store.transaction(async () => {
        const locked = (await samples.lock(Sample.ref(id)))!;
        const updated = await samples.update(locked, second);
        expect(fieldsOf(updated)).toStrictEqual(present(second));
      });
    }),
    { numRuns: 60 },
  );
});

describe('nothing is rounded silently', () => {
  class Big extends defineModel(
    'big',
    z.object({ value: z.number().optional(), fraction: z.number().optional() }),
  ) {}

  test.each([
    ['value', '9007199254740993', 'a bigint or a string'],
    ['fraction', '0.1000000000000000000000001', 'a string'],
    ['fraction', '12345678901234567890', 'a bigint or a string'],
    ['fraction', 'NaN', 'a string'],
    ['fraction', 'Infinity', 'a string'],
  ])('%s %s is an error that names column, id and mend', async (column, value, mend) => {
    const id = `big-${value}`;
    await sql`insert into big (id, ${sql(column)}) values (${id}, ${value})`;
    const error: unknown = await store
      .repository(Big)
      .get(Big.ref(id))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DatabaseError);
    expect((error as Error).message).toContain(`the column big.${column} holds ${value}`);
    expect((error as Error).message).toContain(`big ${id}`);
    expect((error as Error).message).toContain(`Let its schema be ${mend}.`);
  });

  test('what a number can hold is a number, with whatever zeros it is written', async () => {
    await sql`insert into big values ('fits', 9007199254740991, 0.1500)`;
    expect(await store.repository(Big).get(Big.ref('fits'))).toMatchObject({
      value: Number.MAX_SAFE_INTEGER,
      fraction: 0.15,
    });
  });
});

test('a column that is finer than a Date can be compared with and paged by', async () => {
  class Moment extends defineModel('moment', z.object({ at: z.date() })) {}
  const moments = store.repository(Moment);
  await sql`insert into moment select 'm' || n, timestamptz '2024-01-01 10:00:00.123Z' + n * interval '300 microseconds'
            from generate_series(0, 9) n`;
  const [first] = await moments.find({}, { orderBy: 'at', limit: 1 });
  expect(first?.at).toEqual(new Date('2024-01-01T10:00:00.123Z'));
  expect(await moments.find({ at: first!.at })).toHaveLength(4);
  const seen: string[] = [];
  for (let page = await moments.find({}, { orderBy: 'at', limit: 2 }); page.length > 0;) {
    seen.push(...page.map(({ id }) => id));
    page = await moments.find({}, { orderBy: 'at', limit: 2, after: page.at(-1)! });
  }
  expect(seen).toEqual(Array.from({ length: 10 }, (_, n) => `m${n}`));
});

describe('columns that the model does not have are left alone', () => {
  test.each([
    ['a schema that drops them', z.object({ name: z.string() })],
    ['a schema that refuses them', z.strictObject({ name: z.string() })],
  ])('%s', async (_, schema) => {
    class Wide extends defineModel('wide', schema) {}
    const own = postgresStore(database.url);
    const wide = own.repository(Wide);
    const { id } = await wide.save(new Wide({ name: 'x' }));
    expect(Object.keys((await wide.get(Wide.ref(id)))!)).toEqual(['id', 'name']);
    await own.transaction(async () => {
      const locked = (await wide.lock(Wide.ref(id)))!;
      await wide.update(locked, { name: 'y' });
    });
    const [row] = await sql`select name, password_hash from wide where id = ${id}`;
    expect(row).toEqual({ name: 'y', password_hash: 'secret' });
    await own.close();
  });
});

test('odd names of schemas, tables and columns are only names', async () => {
  class Odd extends defineModel('odd', z.object({ select: z.string() })) {}
  const odd = store.repository(Odd, { table: 'other.Odd "name"' });
  const { id } = await odd.save(new Odd({ select: `'; drop table sample; --` }));
  expect(await odd.findOne({ select: `'; drop table sample; --` })).toMatchObject({ id });
  const hostile = store.repository(Odd, { table: 'sample"; drop table sample; --' });
  await expect(hostile.find()).rejects.toBeInstanceOf(DatabaseError);
  expect(await sql`select to_regclass('sample') as name`).toEqual([{ name: 'sample' }]);
});

class Era extends defineModel(
  'era',
  z.object({ at: z.date(), day: z.date(), local: z.date(), lucky: z.array(z.number()) }),
) {}

test.each(['-000050-01-01', '0000-02-29', '0099-12-31', '+020000-02-01'])(
  'the day %s is read as it was written, and found; an array of a domain too',
  async (day) => {
    const eras = store.repository(Era);
    const at = new Date(`${day}T00:00:00.000Z`);
    const saved = await eras.save(new Era({ at, day: at, local: at, lucky: [1, 2] }));

    const found = await eras.findOne({ at, day: at, local: at, lucky: [1, 2] });

    expect(found).toEqual(saved);
    expect(found).toMatchObject({ at, day: at, local: at, lucky: [1, 2] });
  },
);
