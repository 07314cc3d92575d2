import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import {
  DatabaseError,
  DuplicateEntityError,
  defineModel,
  oneOf,
  type AnyModel,
  type Store,
} from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const database = useDatabase(`
  create schema "Odd ""S""";
  create table "Odd ""S"""."Order" (
    "userId" text primary key, "select" int not null, "créé" text, "a.b" int, "x y" int, "q""q" int, "Q""Q" int
  );

  create table moving (
    id text not null, region text not null, n int not null, primary key (id, region)
  ) partition by list (region);
  create table moving_a partition of moving for values in ('a');
  create table moving_b partition of moving for values in ('b');
  insert into moving values ('1', 'a', 0);

  create table parent (id text primary key, n int not null);
  create table heir (extra text) inherits (parent);
  insert into parent values ('twice', 1);
  insert into heir values ('heir', 1, ''), ('twice', 7, '');

  create table ruled (id text primary key, n int not null);
  create table ruled_log (id text);
  create rule log as on update to ruled do also insert into ruled_log values (new.id);
  insert into ruled values ('1', 0);
  create table undeletable (id text primary key, n int not null);
  create rule keep as on delete to undeletable do instead nothing;
  insert into undeletable values ('1', 0);

  create table stored (id text primary key, n int not null);
  create view shown as select id, n from stored;
  create function write_stored() returns trigger language plpgsql as $$
  begin
    if tg_op = 'INSERT' then insert into stored values (new.id, new.n); return new;
    elsif tg_op = 'UPDATE' then update stored set n = new.n where id = old.id; return new;
    else delete from stored where id = old.id; return old;
    end if;
  end $$;
  create trigger write instead of insert or update or delete on shown for each row execute function write_stored();

  create table guarded (id text primary key, n int not null);
  create function refuse() returns trigger language plpgsql as $$ begin return null; end $$;
  create trigger keep before delete on guarded for each row execute function refuse();
  create trigger skip before insert or update on guarded for each row when (new.n = 13) execute function refuse();
  insert into guarded values ('1', 1);

  create table tenanted (id text primary key, tenant text not null, n int not null);
  alter table tenanted enable row level security;
  alter table tenanted force row level security;
  create policy own on tenanted using (tenant = current_setting('app.tenant', true));
  create role tenant;
  grant all on tenanted to tenant;

  create domain positive as int check (value > 0);
  create type mood as enum ('sad', '"q, x');
  create table unusual (
    id char(3) primary key, bits bit(3) not null, varbits bit varying(5) not null, letter "char" not null, code char(2) not null,
    codes char(2)[] not null, flags bit(2)[] not null, lucky positive not null, moods mood[] not null, during tstzrange not null,
    took interval(3) not null, price money not null, address inet not null, blobs bytea[] not null, grid int[][] not null
  )`);

class Numbered extends defineModel('numbered', z.object({ n: z.number() })) {}
let store: Store;
let sql: postgres.Sql;
beforeAll(() => {
  store = postgresStore(database.url);
  sql = postgres(database.url, { max: 1 });
});
afterAll(() => Promise.all([store.close(), sql.end()]));

const numbers = (table: string) => store.repository(Numbered, { table });
const addOne = ({ n }: { readonly n: number }) => ({ n: n + 1 });

test('names of schemas, tables and columns may hold anything, in every statement', async () => {
  class Order extends defineModel(
    'order',
    z.object({
      select: z.number(),
      créé: z.string().nullable(),
      'a.b': z.number(),
      'x y': z.number(),
      'q"q': z.number(),
      'Q"Q': z.number(),
    }),
  ) {}
  const orders = store.repository(Order, { table: 'Odd "S".Order', id: 'userId' });
  const fields = { select: 1, créé: 'é', 'a.b': 2, 'x y': 3, 'q"q': 4, 'Q"Q': 5 };

  await orders.save(new Order(fields, { id: 'u1' }));
  await orders.saveMany([new Order({ ...fields, créé: null }, { id: 'u2' })]);
  await orders.mutate(Order.ref('u1'), (order) => ({ select: order.select + 1, 'x y': 9 }));
  await store.transaction(async () => {
    const [second] = await orders.lockMany([Order.ref('u2'), Order.ref('u1')]);
    await orders.delete(second!);
  });

  expect(await orders.find({ 'q"q': 4 }, { orderBy: { 'x y': 'desc' } })).toMatchObject([
    { ...fields, id: 'u1', select: 2, 'x y': 9 },
  ]);
});

describe('types of which the runtime knows nothing', () => {
  const text = z.string();
  class Unusual extends defineModel(
    'unusual',
    z.object({
      ...{ bits: text, varbits: text, letter: text, code: text, codes: z.array(text) },
      ...{ flags: z.array(text), lucky: z.number(), moods: z.array(text), during: text },
      ...{ took: text, price: text, address: text, blobs: z.array(z.instanceof(Uint8Array)) },
      grid: z.array(z.array(z.number())),
    }),
  ) {}
  const fields = {
    ...{
      bits: '101',
      varbits: '10110',
      letter: 'c',
      code: 'ab',
      codes: ['ab', 'c'],
      flags: ['10'],
    },
    ...{ lucky: 7, moods: ['sad', '"q, x'], during: '["2020-01-01 00:00:00+00",)' },
    ...{ took: '1 day 02:00:00.123', price: '$1,234.50', address: '10.0.0.1/24' },
    ...{
      blobs: [new Uint8Array([0, 255]), new Uint8Array([34, 92])],
      grid: [
        [1, 2],
        [3, 4],
      ],
    },
  };

  test('are saved one by one and many at a time, and updated, as they are', async () => {
    const unusual = store.repository(Unusual);
    const saved = await unusual.save(new Unusual(fields, { id: 'a' }));
    const many = await unusual.saveMany([
      new Unusual(fields, { id: 'b' }),
      new Unusual(fields, { id: 'abc' }),
    ]);
    const updated = await unusual.mutate(Unusual.ref('b'), (row) => ({ ...row }));

    for (const row of [saved, ...many, updated]) expect({ ...row }).toMatchObject(fields);
  });

  test('are found and locked by their values', async () => {
    const unusual = store.repository(Unusual);
    await store.transaction(async () => {
      const [first, second] = await unusual.lockMany([Unusual.ref('abc'), Unusual.ref('a')]);
      expect([first?.id, second?.id]).toEqual(['abc', 'a']);
    });
    for (const field of ['bits', 'varbits', 'letter', 'code', 'during', 'took', 'price'] as const) {
      const value = fields[field];
      expect(await unusual.find({ [field]: value }), field).toHaveLength(3);
      const other =
        { bits: '000', varbits: '1', letter: 'x', code: 'zz' }[field as 'bits'] ?? value;
      expect(await unusual.find({ [field]: oneOf([value, other]) }), field).toHaveLength(3);
    }
  });
});

test('a row that moves to another partition stays the locked one', async () => {
  class Moving extends defineModel('moving', z.object({ region: z.string(), n: z.number() })) {}
  const rows = store.repository(Moving);
  const other = postgresStore(database.url);
  const elsewhere = other.repository(Moving);
  const move = ({ n }: { readonly n: number }) => ({ n: n + 1, region: n % 2 === 0 ? 'b' : 'a' });

  await Promise.all(
    Array.from({ length: 20 }, (_, turn) =>
      (turn % 2 === 0 ? rows : elsewhere).mutate(Moving.ref('1'), move),
    ),
  );
  await store.transaction(async () => {
    const row = (await rows.lock(Moving.ref('1')))!;
    await rows.update(row, { region: 'b' });
    await rows.update(row, { region: 'a' });
    expect(await rows.lock(Moving.ref('1'))).toBe(row);
    await rows.update(row, { n: row.n + 1 });
  });

  expect(await rows.get(Moving.ref('1'))).toMatchObject({ n: 21, region: 'a' });
  await other.close();
});

describe('tables that others inherit from', () => {
  test('lock and write the rows of both', async () => {
    expect(await numbers('parent').mutate(Numbered.ref('heir'), addOne)).toMatchObject({ n: 2 });
    expect(await sql`select n from heir where id = 'heir'`).toEqual([{ n: 2 }]);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['mutate', () => numbers('parent').mutate(Numbered.ref('twice'), addOne)],
    [
      'lock',
      () =>
        store.transaction(async () => void (await numbers('parent').lock(Numbered.ref('twice')))),
    ],
    [
      'lockMany',
      () =>
        store.transaction(async () => {
          await numbers('parent').lockMany([Numbered.ref('twice'), Numbered.ref('heir')]);
        }),
    ],
  ])('%s refuses an id that two rows have', async (_, work) => {
    await expect(work()).rejects.toThrow(/rows have .* Let the key be unique/s);
    expect(await sql`select n from parent where id = 'twice' order by n`).toEqual([
      { n: 1 },
      { n: 7 },
    ]);
  });
});

test('a rule that does more is done for each of the changes that are combined', async () => {
  const rows = numbers('ruled');
  await Promise.all(Array.from({ length: 5 }, () => rows.mutate(Numbered.ref('1'), addOne)));
  expect(await rows.get(Numbered.ref('1'))).toMatchObject({ n: 5 });
  expect(await sql`select count(*)::int as n from ruled_log`).toEqual([{ n: 5 }]);
});

test('a view with triggers of its own is written as a table is', async () => {
  const rows = numbers('shown');
  await rows.save(new Numbered({ n: 0 }, { id: '1' }));
  await Promise.all(Array.from({ length: 5 }, () => rows.mutate(Numbered.ref('1'), addOne)));
  await store.transaction(async () => {
    const row = (await rows.lock(Numbered.ref('1')))!;
    await rows.update(row, addOne(row));
    await rows.update(row, addOne(row));
    expect(row.n).toBe(7);
    await rows.delete(row);
  });
  expect(await rows.get(Numbered.ref('1'))).toBeNull();
});

describe('what a trigger or a rule lets fall is no success', () => {
  const remove = (table: string) => () =>
    store.transaction(async () => {
      await numbers(table).delete((await numbers(table).lock(Numbered.ref('1')))!);
    });
  test.each<[string, () => Promise<unknown>, string]>([
    ['delete', remove('guarded'), '0 rows were written instead of one'],
    ['delete, by a rule', remove('undeletable'), '0 rows were written instead of one'],
    [
      'mutate',
      () => numbers('guarded').mutate(Numbered.ref('1'), () => ({ n: 13 })),
      '0 rows were written instead of one',
    ],
    [
      'save',
      () => numbers('guarded').save(new Numbered({ n: 13 })),
      '0 rows were written instead of one',
    ],
    [
      'saveMany',
      () => numbers('guarded').saveMany([new Numbered({ n: 13 }), new Numbered({ n: 1 })]),
      '1 row was written instead of 2',
    ],
  ])('%s', async (_, work, message) => {
    await expect(work()).rejects.toThrow(message);
  });

  test('one of several combined changes fails alone', async () => {
    const results = await Promise.allSettled(
      [2, 13, 3].map((n) => numbers('guarded').mutate(Numbered.ref('1'), () => ({ n }))),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await numbers('guarded').get(Numbered.ref('1'))).toMatchObject({ n: 3 });
  });
});

describe('row-level security that reads a setting', () => {
  class Tenanted extends defineModel('tenanted', z.object({ tenant: z.string(), n: z.number() })) {}
  const rows = () => store.repository(Tenanted);
  const as = <T extends AnyModel | number | null>(tenant: string, work: () => Promise<T>) =>
    store.transaction(work as () => Promise<number>, {
      settings: { role: 'tenant', 'app.tenant': tenant },
    });

  test('is kept by every statement of the transaction', async () => {
    await as("ac'me", async () => {
      await rows().save(new Tenanted({ tenant: "ac'me", n: 1 }, { id: '1' }));
      return 0;
    });
    const seen = await as(
      "ac'me",
      async () => (await rows().mutate(Tenanted.ref('1'), addOne))?.n ?? 0,
    );
    expect(seen).toBe(2);
    expect(
      await as('other', async () => ((await rows().get(Tenanted.ref('1'))) === null ? 0 : 1)),
    ).toBe(0);
    expect(
      await as('other', async () => ((await rows().lock(Tenanted.ref('1'))) === null ? 0 : 1)),
    ).toBe(0);
  });

  test('refuses what it does not let pass, with a mend', async () => {
    const error: unknown = await as('acme', async () => {
      await rows().save(new Tenanted({ tenant: 'other', n: 1 }));
      return 0;
    }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DatabaseError);
    expect((error as Error).message).toMatch(
      /row-level security.*transaction\(work, \{ settings \}\)/s,
    );
    await expect(
      as('zz', async () => {
        await rows().save(new Tenanted({ tenant: 'zz', n: 1 }, { id: '1' }));
        return 0;
      }),
    ).rejects.toBeInstanceOf(DuplicateEntityError);
  });
});
