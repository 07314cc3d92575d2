import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { defineModel, type Repository, type Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

class Parent extends defineModel(
  'parent',
  z.object({ name: z.string(), ownerId: z.string().optional() }),
) {}

const database = useDatabase(
  'create table parent (id uuid primary key, name text not null, owner_id uuid)',
);
let store: Store;
let parents: Repository<Parent>;

beforeAll(() => {
  store = postgresStore(database.url);
  parents = store.repository(Parent);
});
afterAll(() => store.close());

test('what no row can hold is not found, and the transaction goes on', async () => {
  await store.transaction(async () => {
    expect(await parents.find({ ownerId: 'no-uuid' })).toEqual([]);
    expect(await parents.lock(Parent.ref('no-uuid'))).toBeNull();
    await parents.save(new Parent({ name: 'root' }));
  });
  expect((await parents.find()).map(({ name }) => name)).toEqual(['root']);
});

test('an id that the column cannot hold is refused by name', async () => {
  await expect(parents.save(new Parent({ name: 'x' }, { id: 'no-uuid' }))).rejects.toThrow(
    /parent\.id is uuid, which cannot hold.*nothing was written/s,
  );
});
