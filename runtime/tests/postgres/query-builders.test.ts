import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { defineModel, type Store } from '@justscale/runtime';
import { drizzleOf } from '@justscale/runtime/drizzle';
import { kyselyOf } from '@justscale/runtime/kysely';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import { desc, eq, relations, sql as drizzleSql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  integer,
  jsonb,
  numeric,
  pgTable,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';
import { sql, type Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const database = useDatabase(`
  create table author (id text primary key, name text not null, is_active boolean not null default true);
  create table book (
    id text primary key, author_id text not null references author, title text not null, pages int not null, copies bigint,
    price numeric(8, 2), sold_at timestamptz, tags jsonb, printed timestamp
  );
  insert into author values ('a', 'Ada'), ('b', 'Bob');
  insert into book values
    ('1', 'a', 'Notes', 40, 9007199254740993, 9.50, '2024-05-06 07:08:09.01Z', '["x"]', '2024-05-06 07:08:09'),
    ('2', 'a', 'More notes', 60, null, null, null, null, null), ('3', 'b', 'Letters', 10, 1, 1, null, null, null)`);

class Author extends defineModel('author', z.object({ name: z.string() })) {}

let store: Store;
beforeAll(() => {
  store = postgresStore(database.url, { maxConnections: 1 });
});
afterAll(() => store.close());

describe('Kysely', () => {
  interface Tables {
    author: { id: string; name: string; is_active: boolean };
    book: {
      id: string;
      author_id: string;
      title: string;
      pages: number;
      copies: string | null;
      sold_at: Date | null;
    };
  }

  test('joins, aggregates, conditions and templates', async () => {
    const db = kyselyOf<Tables>(store);
    const rows = await db
      .selectFrom('author')
      .innerJoin('book', 'book.author_id', 'author.id')
      .where('book.pages', '>', 20)
      .groupBy('author.name')
      .select(({ fn }) => ['author.name', fn.sum<string>('book.pages').as('pages')])
      .execute();
    expect(rows).toEqual([{ name: 'Ada', pages: '100' }]);
    const book = await db
      .selectFrom('book')
      .select(['pages', 'copies', 'sold_at'])
      .where('id', 'in', ['1'])
      .executeTakeFirstOrThrow();
    expect(book).toEqual({
      pages: 40,
      copies: '9007199254740993',
      sold_at: new Date('2024-05-06T07:08:09.010Z'),
    });
    const { rows: raw } = await sql<{ n: number }>`select count(*)::int as n from book`.execute(db);
    expect(raw).toEqual([{ n: 3 }]);
    const common = await db
      .with('long', (creator) => creator.selectFrom('book').select('title').where('pages', '>', 50))
      .selectFrom('long')
      .selectAll()
      .execute();
    expect(common).toEqual([{ title: 'More notes' }]);
  });

  test('it joins the running transaction', async () => {
    const db = kyselyOf<Tables>(store);
    await store
      .transaction(async () => {
        await store.repository(Author).save(new Author({ name: 'Cid' }, { id: 'c' }));
        const names = await db.selectFrom('author').select('name').orderBy('id').execute();
        expect(names.map(({ name }) => name)).toEqual(['Ada', 'Bob', 'Cid']);
        throw new Error('undone');
      })
      .catch((error: unknown) => expect(error).toHaveProperty('message', 'undone'));
    expect(await db.selectFrom('author').select('name').execute()).toHaveLength(2);
  });

  test('whatever writes or locks is refused, however it is reached', async () => {
    const db = kyselyOf<Tables>(store);
    const whole = db as unknown as Kysely<Tables>;
    for (const write of [
      () => whole.deleteFrom('book').execute(),
      () => whole.updateTable('book').set({ pages: 0 }).execute(),
      () => whole.insertInto('author').values({ id: 'z', name: 'Z', is_active: true }).execute(),
      () => whole.schema.dropTable('book').execute(),
      () => whole.transaction().execute(async () => undefined),
      () => whole.selectFrom('book').selectAll().forUpdate().execute(),
      () =>
        whole
          .with('gone', (creator) => creator.deleteFrom('book').returningAll())
          .selectFrom('gone')
          .selectAll()
          .execute(),
      () => sql`delete from book`.execute(db),
      () => sql`commit`.execute(db),
    ])
      await expect(write()).rejects.toMatchObject({
        code: expect.stringMatching(/INVALID_OPTION|DATABASE/),
      });
    expect(await db.selectFrom('book').select('id').execute()).toHaveLength(3);
  });
});

describe('Drizzle', () => {
  const author = pgTable('author', {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    isActive: boolean('is_active').notNull(),
  });
  const book = pgTable('book', {
    id: text('id').primaryKey(),
    authorId: text('author_id').notNull(),
    title: text('title').notNull(),
    pages: integer('pages').notNull(),
    copies: bigint('copies', { mode: 'bigint' }),
    price: numeric('price'),
    soldAt: timestamp('sold_at', { withTimezone: true }),
    tags: jsonb('tags').$type<string[]>(),
    printed: timestamp('printed'),
  });
  const schema = {
    author,
    book,
    authorRelations: relations(author, ({ many }) => ({ books: many(book) })),
    bookRelations: relations(book, ({ one }) => ({
      author: one(author, { fields: [book.authorId], references: [author.id] }),
    })),
  };

  test('selects, joins and relational queries, with the values of its columns', async () => {
    const db = drizzleOf(store, { schema });
    const [first] = await db.select().from(book).where(eq(book.id, '1'));
    expect(first).toEqual({
      id: '1',
      authorId: 'a',
      title: 'Notes',
      pages: 40,
      copies: 9_007_199_254_740_993n,
      price: '9.50',
      soldAt: new Date('2024-05-06T07:08:09.010Z'),
      tags: ['x'],
      printed: new Date('2024-05-06T07:08:09.000Z'),
    });
    const joined = await db
      .select({ name: author.name, id: author.id, book: book.id, isActive: author.isActive })
      .from(book)
      .innerJoin(author, eq(author.id, book.authorId))
      .orderBy(desc(book.id))
      .limit(1);
    expect(joined).toEqual([{ name: 'Bob', id: 'b', book: '3', isActive: true }]);
    const withBooks = await db.query.author.findMany({
      with: { books: { columns: { title: true } } },
    });
    expect(withBooks.map(({ books }) => books.length)).toEqual([2, 1]);
    expect(await db.$count(book)).toBe(3);
    expect(await db.execute(drizzleSql`select count(*)::int as n from ${book}`)).toEqual([
      { n: 3 },
    ]);
  });

  test('it joins the running transaction, and writes are refused however they are reached', async () => {
    const db = drizzleOf(store, { schema });
    const whole = db as unknown as {
      delete(table: unknown): Promise<unknown>;
      transaction(work: () => Promise<void>): Promise<unknown>;
    };
    await store
      .transaction(async () => {
        await store.repository(Author).save(new Author({ name: 'Cid' }, { id: 'c' }));
        expect(await db.$count(author)).toBe(3);
        await expect(whole.delete(book)).rejects.toThrow();
        throw new Error('undone');
      })
      .catch((error: unknown) => expect(error).toHaveProperty('message', 'undone'));
    await expect(whole.transaction(async () => undefined)).rejects.toThrow();
    await expect(db.execute(drizzleSql`delete from book`)).rejects.toThrow();
    await expect(db.select().from(book).for('update')).rejects.toThrow();
    expect(await db.$count(book)).toBe(3);
  });

  test('what is no store is refused', () => {
    expect(() => drizzleOf({} as Store)).toThrow(/store/);
  });
});

test('on a store without SQL a query says so', async () => {
  const memory = memoryStore();
  const db = kyselyOf<{ author: { id: string } }>(memory);
  await expect(db.selectFrom('author').selectAll().execute()).rejects.toMatchObject({
    option: 'read()',
  });
  await memory.close();
});
