import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { defineModel, gt, oneOf, type Store } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const database = useDatabase(`
  create type mood as enum ('sad', 'happy');
  create domain short as varchar(5);
  create extension citext;
  create table sample (
    id text primary key,
    body bytea, plain bytea, note text, dates timestamptz[], bigs bigint[], blobs bytea[], loose json, strict jsonb,
    code char(6), name short, feeling mood, price numeric(10, 2), money money, span interval, address inet,
    label citext, words tsvector, clock time, ratio real, grid date[]
  );
  create table invoice (
    id bigserial primary key, title text not null, "createdAt" timestamptz not null default now(),
    number int generated always as identity, status text not null default 'draft', "upperTitle" text generated always as (upper(title)) stored
  );
  create table token (id text primary key, title text not null)`);

class Sample extends defineModel(
  'sample',
  z.object({
    body: z.instanceof(Buffer).optional(),
    plain: z.instanceof(Uint8Array).optional(),
    note: z.string().nullish(),
    dates: z.array(z.date().nullable()).optional(),
    bigs: z.array(z.bigint()).optional(),
    blobs: z.array(z.instanceof(Uint8Array)).optional(),
    loose: z.json().optional(),
    strict: z.json().optional(),
    code: z.string().optional(),
    name: z.string().optional(),
    feeling: z.enum(['sad', 'happy']).optional(),
    price: z.string().optional(),
    money: z.string().optional(),
    span: z.string().optional(),
    address: z.string().optional(),
    label: z.string().optional(),
    words: z.string().optional(),
    clock: z.string().optional(),
    ratio: z.number().optional(),
    grid: z.array(z.array(z.date())).optional(),
  }),
) {}

class Invoice extends defineModel(
  'invoice',
  z
    .object({
      title: z.string().trim(),
      createdAt: z.date(),
      number: z.number().int(),
      status: z.enum(['draft', 'sent']),
      upperTitle: z.string(),
    })
    .strict(),
  { generated: ['createdAt', 'number', 'status', 'upperTitle'], generateId: 'database' },
) {}

/** What is saved, and how it reads when that is not the same. */
const VALUES: readonly [string, ConstructorParameters<typeof Sample>[0], object?][] = [
  ['a Buffer', { body: Buffer.from('x') }],
  ['a Buffer where bytes are wanted', { plain: Buffer.from('x') }, { plain: Uint8Array.of(120) }],
  ['nothing', { note: undefined }, { note: null }],
  ['nothing at all', {}, { note: null }],
  ['null', { note: null }],
  ['dates', { dates: [new Date(0), null, new Date('2024-01-02T03:04:05.678Z')] }],
  ['lists of dates', { grid: [[new Date('2024-01-02')], [new Date('2024-01-03')]] }],
  ['bigints', { bigs: [2n ** 62n, -1n, 0n] }],
  ['bytes', { blobs: [Uint8Array.of(1, 2), Uint8Array.of()] }],
  ['json', { loose: { a: [1, 'x', null] }, strict: [true, { b: 'c' }] }],
  [
    'what is text to the domain',
    {
      code: 'ab',
      name: 'abc',
      feeling: 'happy',
      price: '12.50',
      money: '$1,234.50',
      span: '01:02:03',
      address: '10.0.0.1',
      label: 'Mixed',
      words: "'a':1 'b':2",
      clock: '10:11:12',
    },
  ],
  ['a ratio', { ratio: 0.5 }],
];

let made = 0;
class Token extends defineModel('token', z.object({ title: z.string() }), {
  generateId: () => `token-${(made += 1)}`,
}) {}

const stores: { memory?: Store; postgres?: Store } = {};
beforeAll(() => {
  stores.memory = memoryStore();
  stores.postgres = postgresStore(database.url);
});
afterAll(async () => {
  await stores.memory?.close();
  await stores.postgres?.close();
});

describe.each(['memory', 'postgres'] as const)('on %s', (name) => {
  const open = (): Store => stores[name]!;

  test.each(VALUES)(
    '%s: what is saved, and saved again, reads the same',
    async (_, fields, expected: object = fields) => {
      const samples = open().repository(Sample);
      const saved = await samples.save(new Sample(fields));
      // Their schemas take null.
      const all = { note: null, loose: null, strict: null, ...expected };
      expect({ ...saved }).toStrictEqual({ id: saved.id, ...all });
      const ref = Sample.ref(saved);
      await samples.mutate(ref, () => ({ note: 'other' }));
      expect({
        ...(await samples.mutate(ref, () => ({ ...fields, note: undefined }))),
      }).toStrictEqual({ id: saved.id, ...all, note: null });
      expect({ ...(await samples.get(ref)) }).toStrictEqual({ id: saved.id, ...all, note: null });
      await open().transaction(async () => {
        const locked = await samples.lock(ref);
        for (const [field, value] of Object.entries(all))
          expect(locked![field as 'note']).toStrictEqual(field === 'note' ? null : value);
      });
    },
  );

  test('a list of dates that is handed out cannot be changed in place', async () => {
    const samples = open().repository(Sample);
    const saved = await samples.save(new Sample({ dates: [new Date(0)] }));
    expect(() => (saved.dates![0] as Date).setTime(1)).toThrow(/cannot be changed in place/);
    expect((await samples.get(Sample.ref(saved)))?.dates).toEqual([new Date(0)]);
  });

  test('json is found by its content, and ordered', async () => {
    const samples = open().repository(Sample);
    const saved = await samples.save(new Sample({ loose: { z: 1, y: [2] }, code: 'json' }));
    expect(await samples.find({ loose: { y: [2], z: 1 } })).toMatchObject([{ id: saved.id }]);
    expect(await samples.find({ code: 'json' }, { orderBy: 'loose' })).toHaveLength(1);
  });

  test('what the database computes may be left out, and is there when it is read', async () => {
    const invoices = open().repository(Invoice);
    const saved = await invoices.save(new Invoice({ title: ' a ' }));
    const createdAt: Date = saved.createdAt;
    expect(createdAt).toBeInstanceOf(Date);
    expect(saved.title).toBe('a');
    expect(saved.number satisfies number).toBeGreaterThan(0);
    expect(saved.status).toBe('draft');
    expect(typeof saved.upperTitle).toBe('string');
    const next = await invoices.save(new Invoice({ title: 'b', status: 'sent' }));
    expect(next.status).toBe('sent');
    expect(next.number).not.toBe(saved.number);
    const changed = await invoices.mutate(Invoice.ref(saved), () => ({ title: 'c' }));
    expect(changed).toMatchObject({ createdAt, number: saved.number, title: 'c' });
    await expect(invoices.save(new Invoice({ title: 1 as never }))).rejects.toMatchObject({
      code: 'VALIDATION',
      paths: ['title'],
    });
  });

  test('ids that count up are ordered as numbers', async () => {
    const invoices = open().repository(Invoice);
    for (let n = 0; n < 10; n++) await invoices.save(new Invoice({ title: `n${n}` }));
    const ids = (await invoices.find()).map(({ id }) => Number(id));
    expect(ids.length).toBeGreaterThan(9);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    const after = Invoice.ref(String(ids.at(-3)));
    expect(await invoices.find({}, { after })).toHaveLength(2);
    expect(await invoices.find({ id: gt(String(ids.at(-2))) })).toHaveLength(1);
    const two = [String(ids[0]), String(ids[1])];
    expect(await invoices.find({ id: oneOf(two) })).toHaveLength(2);
  });

  test('a draft that the database gave an id is stored once', async () => {
    const invoices = open().repository(Invoice);
    const draft = new Invoice({ title: 'once' });
    await invoices.save(draft);
    await expect(invoices.save(draft)).rejects.toMatchObject({ code: 'DUPLICATE_ENTITY' });
  });

  test('a generator of the model makes the ids', async () => {
    const saved = await open()
      .repository(Token)
      .save(new Token({ title: 'x' }));
    expect(saved.id).toMatch(/^token-\d+$/);
    const named = await open()
      .repository(Token)
      .save(new Token({ title: 'x' }, { id: `own-${name}` }));
    expect(named.id).toBe(`own-${name}`);
  });
});

test('a generator that makes no id, and none', async () => {
  class Broken extends defineModel('token', z.object({ title: z.string() }), {
    generateId: () => '',
  }) {}
  const saving = stores.memory!.repository(Broken).save(new Broken({ title: 'x' }));
  await expect(saving).rejects.toMatchObject({ code: 'INVALID_MODEL' });
  expect(() => defineModel('token', z.object({}), { generateId: 1 as never })).toThrow(
    /generateId must be a function or 'database'/,
  );
});

test('a list of dates is no JSON', async () => {
  class Json extends defineModel('sample', z.object({ strict: z.array(z.date()) })) {}
  const saving = stores.postgres!.repository(Json).save(new Json({ strict: [new Date(0)] }));
  await expect(saving).rejects.toThrow(/sample\.strict is jsonb, which cannot hold an array/);
});
