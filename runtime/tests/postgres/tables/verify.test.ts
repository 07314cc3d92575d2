import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { defineModel, JustScaleError, ModelMismatchError } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { untold } from './untold.js';

const database = useDatabase(`
  create type mood as enum ('sad', 'happy');
  create table account (
    id text primary key, owner text not null, "createdAt" timestamptz not null default now(), email text, feeling mood,
    tags text[] not null default '{}', big bigint, settings jsonb, code char(3), price numeric(10, 2), nothing int
  );
  create table wrong (
    id text, owner money not null, tags boolean[] not null, is_open int, at timestamptz, ratio text
  );
  create table orders (order_id bigserial primary key, total money);
  create table pair (a int, b int, primary key (a, b));
  create view seats as select a || '-' || b as id, a, b from pair;
  create table secrets (id text primary key, open text, secret text)`);

const good = z.object({
  owner: z.string().min(20),
  createdAt: z.date(),
  email: z.email(),
  feeling: z.enum(['sad', 'happy']),
  tags: z.array(z.string()),
  big: z.union([z.number(), z.string()]).nullish(),
  settings: z.object({ theme: z.string() }),
  code: z.string().length(3),
  price: z.number(),
});
const bad = z.object({
  owner: z.number(),
  tags: z.array(z.string()),
  isOpen: z.boolean(),
  at: z.date(),
  ratio: z.number().nullable(),
  missing: z.string(),
  alsoMissing: z.string().optional(),
});

class Account extends defineModel('account', good) {}
class Told extends defineModel('wrong', bad) {}
class Order extends defineModel('orders', z.object({ total: z.string() })) {}
class Seat extends defineModel('seats', z.object({ a: z.number(), b: z.number() })) {}
class Nowhere extends defineModel('nowhere', z.object({})) {}
class Secret extends defineModel('secrets', z.object({ open: z.string(), secret: z.string() })) {}

test('models that fit their tables', async () => {
  const store = postgresStore(database.url);
  store.repository(Account);
  store.repository(class extends defineModel('account', untold(good)) {});
  store.repository(Seat);
  store.repository(Order, { id: 'order_id' });
  await store.verify();
  await store.close();
  await expect(store.verify()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
});

test('all that does not fit is in one error', async () => {
  const store = postgresStore(database.url);
  store.repository(Account);
  store.repository(Told);
  store.repository(Order);
  store.repository(Seat, { table: 'pair' });
  store.repository(Nowhere);
  const error = (await store.verify().catch((reason: unknown) => reason)) as ModelMismatchError;
  await store.close();
  expect(error).toBeInstanceOf(ModelMismatchError);
  expect(error).toBeInstanceOf(JustScaleError);
  expect(error.code).toBe('MODEL_MISMATCH');
  const found = error.problems.map(({ model, table, field, column }) =>
    [model, table, field, column].join(' '),
  );
  expect(found.sort()).toEqual([
    'nowhere nowhere  ',
    'orders orders  id',
    'seats pair  id',
    'wrong wrong  id',
    'wrong wrong alsoMissing also_missing',
    'wrong wrong isOpen is_open',
    'wrong wrong missing missing',
    'wrong wrong owner owner',
    'wrong wrong ratio ratio',
    'wrong wrong tags tags',
  ]);
  expect(error.message).toMatch(/wrong\.owner: the column wrong\.owner is money/);
  expect(error.message).toMatch(/Its key is order_id: give the repository \{ id: 'order_id' \}/);
  expect(error.message).toMatch(/Its key is \(a, b\): make a view/);
});

test('a schema that does not tell its fields is asked', async () => {
  const store = postgresStore(database.url);
  store.repository(class extends defineModel('wrong', untold(bad)) {});
  const error = (await store.verify().catch((reason: unknown) => reason)) as ModelMismatchError;
  await store.close();
  const fields = error.problems.map(({ field }) => field);
  expect(fields).toEqual(expect.arrayContaining(['owner', 'tags', 'isOpen', 'missing', 'ratio']));
});

test('what the user may not read', async () => {
  const role = `verifier_${process.pid}`;
  const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  await sql.unsafe(
    `create role ${role} login password 'x'; grant select (id, open) on secrets to ${role}`,
  );
  const url = new URL(database.url);
  url.username = role;
  url.password = 'x';
  const store = postgresStore(url.href);
  store.repository(Secret);
  await expect(store.verify()).rejects.toThrow(/may not read the column secrets\.secret/);
  await store.close();
  await sql.unsafe(`drop owned by ${role}; drop role ${role}`);
  await sql.end();
});

test('on memory there is nothing to compare with', async () => {
  const store = memoryStore();
  store.repository(Told);
  await store.verify();
  await store.close();
});

test('a value that no form of the field can be names the type of its column', async () => {
  const store = postgresStore(database.url);
  const sql = postgres(database.url, { max: 1 });
  await sql`insert into wrong (id, owner, tags, ratio) values ('w', '1.50', '{}', '0.5')`;
  for (const schema of [z.object({ owner: z.number() }), untold(z.object({ owner: z.number() }))]) {
    class Wrong extends defineModel('wrong', schema) {}
    const reading = store.repository(Wrong).get(Wrong.ref('w'));
    await expect(reading).rejects.toThrow(/wrong\.owner: the column wrong\.owner is money/);
    await expect(reading).rejects.toMatchObject({ table: 'wrong', column: 'owner' });
  }
  class Ratio extends defineModel('wrong', z.object({ ratio: z.number() })) {}
  await expect(store.repository(Ratio).find()).rejects.toThrow(
    /is text, and the schema of the field/,
  );
  class Open extends defineModel('wrong', z.object({ isOpen: z.number() })) {}
  await expect(store.repository(Open).find()).rejects.toThrow(/is_open is NULL in a row/);
  await store.close();
  await sql.end();
});

test('a value that the schema refuses only for what it says can still be read', async () => {
  const store = postgresStore(database.url);
  const sql = postgres(database.url, { max: 1 });
  await sql`insert into account (id, owner, email) values ('a', 'short', 'none')`;
  const schema = z.object({ owner: z.string().min(20), email: z.email() });
  class Legacy extends defineModel('account', schema) {}
  expect(await store.repository(Legacy).get(Legacy.ref('a'))).toMatchObject({
    owner: 'short',
    email: 'none',
  });
  await store.close();
  await sql.end();
});
