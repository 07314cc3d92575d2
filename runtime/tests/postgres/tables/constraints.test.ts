import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import {
  CheckError,
  DatabaseError,
  DuplicateEntityError,
  ForeignKeyError,
  defineModel,
  type Store,
} from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const database = useDatabase(`
  create table parent (id text primary key);
  create table child (
    id text primary key,
    parent_id text references parent,
    later_id text references parent deferrable initially deferred,
    age int check (age >= 0),
    code text not null,
    email text unique
  )`);
class Parent extends defineModel('parent', z.object({})) {}
class Child extends defineModel(
  'child',
  z.object({
    parentId: z.string().nullish(),
    laterId: z.string().nullish(),
    age: z.number().nullish(),
    code: z.string().nullish(),
    email: z.string().nullish(),
  }),
) {}

let store: Store;
beforeAll(async () => {
  store = postgresStore(database.url);
  await store.repository(Parent).save(new Parent({}, { id: 'p' }));
  const first = { code: 'a', email: 'a@b', parentId: 'p' };
  await store.repository(Child).save(new Child(first, { id: 'c' }));
});
afterAll(() => store.close());

test.each([
  [{ parentId: 'x', code: 'a' }, ForeignKeyError, 'FOREIGN_KEY', 'child_parent_id_fkey'],
  [{ laterId: 'x', code: 'a' }, ForeignKeyError, 'FOREIGN_KEY', 'child_later_id_fkey'],
  [{ age: -1, code: 'a' }, CheckError, 'CHECK', 'child_age_check'],
  [{ code: 'a', email: 'a@b' }, DuplicateEntityError, 'DUPLICATE_ENTITY', 'child_email_key'],
])('the error of %j names its constraint', async (fields, type, code, constraint) => {
  const saving = store.repository(Child).save(new Child(fields));
  await expect(saving).rejects.toThrow(type);
  await expect(saving).rejects.toMatchObject({ code, constraint, table: 'child' });
  const error = (await saving.catch((reason: unknown) => reason)) as DatabaseError;
  expect(error.detail).toMatch(/^(Key|Failing row)/);
  expect(error.message).not.toContain(error.detail);
});

test('NULL where it cannot be names the column', async () => {
  const saving = store.repository(Child).save(new Child({ code: null }));
  await expect(saving).rejects.toThrow(DatabaseError);
  await expect(saving).rejects.toMatchObject({ code: 'DATABASE', table: 'child', column: 'code' });
});

test('what is still referred to cannot be deleted', async () => {
  const deleting = store.transaction(async () => {
    const parents = store.repository(Parent);
    const parent = await parents.lock(Parent.ref('p'));
    await parents.delete(parent!);
  });
  await expect(deleting).rejects.toThrow(ForeignKeyError);
  await expect(deleting).rejects.toMatchObject({ constraint: 'child_parent_id_fkey' });
});
