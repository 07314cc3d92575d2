import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { DatabaseError, defineModel, gte, type Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { untold } from './untold.js';

const database = useDatabase(`
  create table "Post" (
    id text primary key, "ownerId" text not null, owner_id text, "Number" int not null,
    "createdAt" timestamptz not null default now()
  );
  create table legacy (
    "no" text primary key, created_on timestamptz not null, "a.b" int, "then" text, id int, "Quote""d" text
  );
  create table vault (id text primary key, note text not null, secret text);
  insert into vault values ('v', 'open', 'hidden');
  create table other (id text primary key, email_address text)`);

const fields = { ownerId: z.string(), Number: z.number() };

let store: Store;
let sql: postgres.Sql;
beforeAll(() => {
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  store = postgresStore(database.url);
});
afterAll(async () => {
  await store.close();
  await sql.end();
});

describe.each([
  ['a schema that tells its fields', z.object(fields)],
  ['a schema that does not', untold(z.object(fields))],
  ['a strict schema that does not', untold(z.strictObject(fields))],
])('a column of the very name of its field, with %s', (_, schema) => {
  class Post extends defineModel('Post', schema) {}

  test('in reads, writes, where and order', async () => {
    await sql`delete from "Post"`;
    const posts = store.repository(Post);
    await posts.save(new Post({ ownerId: 'ada', Number: 2 }, { id: 'p2' }));
    await posts.save(new Post({ ownerId: 'bob', Number: 1 }, { id: 'p1' }));
    expect(await posts.find({ ownerId: 'ada' })).toMatchObject([{ id: 'p2', Number: 2 }]);
    expect(await posts.find({ Number: gte(1) }, { orderBy: { Number: 'desc' } })).toMatchObject([
      { id: 'p2' },
      { id: 'p1' },
    ]);
    const after = Post.ref('p1');
    expect(await posts.find({}, { orderBy: 'Number', after })).toMatchObject([{ id: 'p2' }]);
    const changed = await posts.mutate(Post.ref('p1'), () => ({ ownerId: 'eve' }));
    expect({ ...changed }).toEqual({ id: 'p1', ownerId: 'eve', Number: 1 });
    expect(await sql`select "ownerId", owner_id from "Post" where id = 'p1'`).toMatchObject([
      { ownerId: 'eve', owner_id: null },
    ]);
  });
});

test('a field in snake_case, where the schema does not tell its fields', async () => {
  const schema = untold(z.object({ email_address: z.string().nullable() }));
  class Other extends defineModel('other', schema) {}
  const others = store.repository(Other);
  const saved = await others.save(new Other({ email_address: 'a@b' }));
  expect({ ...saved }).toEqual({ id: saved.id, email_address: 'a@b' });
});

describe('columns that are named by hand', () => {
  class Legacy extends defineModel(
    'legacy',
    z.object({
      createdAt: z.date(),
      dotted: z.number().nullish(),
      next: z.string().nullish(),
      number: z.number().nullish(),
      quoted: z.string().nullish(),
    }),
  ) {}
  const options = {
    id: 'no',
    columns: {
      createdAt: 'created_on',
      dotted: 'a.b',
      next: 'then',
      number: 'id',
      quoted: 'Quote"d',
    },
  };

  test('in reads, writes, where and order, with a key of another name', async () => {
    const rows = store.repository(Legacy, options);
    const createdAt = new Date('2024-05-06T07:08:09Z');
    const draft = { createdAt, dotted: 1, next: 'n', number: 7, quoted: 'q' };
    const saved = await rows.save(new Legacy(draft, { id: 'x' }));
    expect({ ...saved }).toEqual({ id: 'x', ...draft });
    expect(await rows.find({ id: 'x', dotted: 1, number: 7, createdAt })).toHaveLength(1);
    expect(await rows.mutate(Legacy.ref('x'), () => ({ quoted: 'r' }))).toMatchObject({
      quoted: 'r',
    });
    expect(await rows.find({}, { orderBy: { quoted: 'asc' } })).toHaveLength(1);
  });

  test('the same options are the same repository', () => {
    expect(store.repository(Legacy, { ...options })).toBe(store.repository(Legacy, options));
    expect(store.repository(Legacy)).not.toBe(store.repository(Legacy, options));
  });

  test('a key of another name is told in the error', async () => {
    await expect(store.repository(Legacy, { id: 'nowhere' }).find()).rejects.toThrow(
      /no column nowhere.*Its key is no: give the repository \{ id: 'no' \}/,
    );
  });

  test('what cannot be a column is refused at once', () => {
    const broken = [{ columns: { nowhere: 'x' } }, { columns: { createdAt: '' } }, { id: '' }];
    for (const each of broken) {
      expect(() => store.repository(Legacy, each)).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION' }),
      );
    }
  });
});

describe('only the columns of the model are read', () => {
  test('by a user who may read no others, from the first look at the table on', async () => {
    const role = `limited_${process.pid}`;
    await sql.unsafe(`create role ${role} login password 'x';
      grant select (id, note), update (note), insert (id, note) on vault to ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'x';
    for (const schema of [z.object({ note: z.string() }), untold(z.object({ note: z.string() }))]) {
      class Vault extends defineModel('vault', schema) {}
      const limited = postgresStore(url.href);
      const vaults = limited.repository(Vault);
      expect(await vaults.get(Vault.ref('v'))).toMatchObject({ note: 'open' });
      await vaults.mutate(Vault.ref('v'), ({ note }) => ({ note }));
      await vaults.save(new Vault({ note: 'new' }));
      await limited.close();
    }
    await sql.unsafe(`drop owned by ${role}; drop role ${role}`);
  });

  test('so that what nobody asked for stays in the database', async () => {
    await sql`create view costly as select id, note, 1 / 0 as secret from vault`;
    class Costly extends defineModel('costly', z.object({ note: z.string() })) {}
    expect(await store.repository(Costly).get(Costly.ref('v'))).toMatchObject({ note: 'open' });
  });
});

describe.each([
  ['tells its fields', (schema: z.ZodObject) => schema],
  ['does not tell them', (schema: z.ZodObject) => untold(schema)],
])('a required field without a column, with a schema that %s', (_, told) => {
  const schema = told(z.object({ note: z.string(), email: z.string() })) as z.ZodObject<{
    note: z.ZodString;
    email: z.ZodString;
  }>;
  class Vault extends defineModel('vault', schema) {}
  const ref = Vault.ref('v');

  test.each([
    ['get', (s: Store) => s.repository(Vault).get(ref)],
    ['find', (s: Store) => s.repository(Vault).find()],
    ['findOne', (s: Store) => s.repository(Vault).findOne({ note: 'open' })],
    ['lock', (s: Store) => s.transaction(async () => void (await s.repository(Vault).lock(ref)))],
    [
      'lockMany',
      (s: Store) => s.transaction(async () => void (await s.repository(Vault).lockMany([ref]))),
    ],
    ['mutate', (s: Store) => s.repository(Vault).mutate(ref, () => ({ note: 'x' }))],
    ['save', (s: Store) => s.repository(Vault).save(new Vault({ note: 'x', email: 'y' }))],
  ])('%s fails with both names', async (_name, use) => {
    const fresh = postgresStore(database.url);
    const error: unknown = await use(fresh).catch((reason: unknown) => reason);
    await fresh.close();
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ model: 'vault', table: 'vault', column: 'email' });
    expect((error as Error).message).toMatch(/vault\.email: the table vault has no column email/);
  });
});

test('an optional field without a column is absent, until it is written', async () => {
  class Vault extends defineModel(
    'vault',
    z.object({ note: z.string(), email: z.string().optional() }),
  ) {}
  const vaults = store.repository(Vault);
  expect(await vaults.get(Vault.ref('v'))).toMatchObject({ id: 'v' });
  const draft = new Vault({ note: 'x', email: 'y' });
  await expect(vaults.save(draft)).rejects.toThrow(/vault\.email.*no column email/);
});

test('a field with a default, but without a column, is one that every entity has', async () => {
  for (const wrap of [(schema: z.ZodObject) => schema, untold]) {
    const schema = wrap(z.object({ note: z.string(), role: z.string().default('user') }));
    class Vault extends defineModel('vault', schema) {}
    await expect(store.repository(Vault).find()).rejects.toThrow(/vault\.role.*no column role/);
  }
});
