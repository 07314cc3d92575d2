import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { defineModel, type Repository, type Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

class Item extends defineModel(
  'item',
  z.object({ name: z.string(), size: z.number().optional() }),
) {}

const database = useDatabase(`
  create table item (id text primary key, name text not null);
  insert into item values ('i1', 'x')`);
let sql: postgres.Sql;
let store: Store;
let items: Repository<Item>;

beforeAll(() => {
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  store = postgresStore(database.url);
  items = store.repository(Item);
});
afterAll(() => Promise.all([store.close(), sql.end()]));

/** How many are found, by a transaction. */
function found(fields: Partial<Pick<Item, 'name' | 'size'>>): Promise<number> {
  return store.transaction(async () => (await items.find(fields)).length);
}

test('a transaction that meets a changed table fails, and the next one knows it', async () => {
  expect(await found({ name: 'x' })).toBe(1);
  await sql`alter table item add size int default 3`;
  await expect(found({ size: 3 })).rejects.toMatchObject({ code: 'DATABASE' });
  expect(await found({ size: 3 })).toBe(1);
  await sql`alter table item drop column size`;
  await expect(found({ name: 'x' })).rejects.toMatchObject({ code: 'DATABASE' });
  expect(await found({ name: 'x' })).toBe(1);
});
