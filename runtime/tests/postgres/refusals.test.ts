import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import {
  DatabaseError,
  DuplicateEntityError,
  LockTimeoutError,
  defineModel,
  type Repository,
} from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';

const database = useDatabase(`${ACCOUNT_SCHEMA};
  create table parent (id uuid primary key, name text not null);
  create table child (
    id text primary key,
    parent_id uuid not null references parent deferrable initially deferred,
    twice int generated always as (amount * 2) stored,
    amount int
  );
  create table refusing (id text primary key, name text);
  create function refuse() returns trigger language plpgsql as 'begin return null; end';
  create trigger refuse before update on refusing for each row execute function refuse();
  create table no_id (name text);
  create table number_id (id float8 primary key)`);
class Parent extends defineModel('parent', z.object({ name: z.string() })) {}
class Child extends defineModel(
  'child',
  z.object({
    parentId: z.string(),
    amount: z.number().optional(),
    twice: z.number().optional(),
    missing: z.string().optional(),
  }),
) {}
class Named extends defineModel('named', z.object({ name: z.string() })) {}

const PARENT = '018f4e1c-0000-7000-8000-000000000001';
let store: ReturnType<typeof postgresStore>;
let accounts: Repository<Account>;
let children: Repository<Child>;
let sql: postgres.Sql;

beforeAll(async () => {
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  store = postgresStore(database.url);
  accounts = store.repository(Account);
  children = store.repository(Child);
  await accounts.save(new Account({ owner: 'ada', balance: 0 }, { id: 'a1' }));
  await store.repository(Parent).save(new Parent({ name: 'root' }, { id: PARENT }));
});
afterAll(async () => {
  await store.close();
  await sql.end();
});

/** The error of a promise that must reject. */
async function refusal(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: unknown) => error as Error,
  );
}

describe('each refusal has a class, names the place, and says what to do', () => {
  test('a value that has to be unique', async () => {
    const error = await refusal(accounts.save(new Account({ owner: 'ada', balance: 1 })));
    expect(error).toBeInstanceOf(DuplicateEntityError);
    expect(error).toMatchObject({ model: 'account', constraint: 'account_owner_key' });
  });

  test.each([
    ['a check', { owner: '', balance: 1 }, '23514', 'owner_not_empty'],
    [
      'a number that the column cannot hold',
      { owner: 'x', balance: 1.5 },
      '22000',
      'account.balance',
    ],
    [
      'text that is too long',
      { owner: 'x', balance: 1, note: 'x'.repeat(11) },
      '22000',
      'account.note',
    ],
  ])('%s', async (_, fields, sqlState, place) => {
    const error = await refusal(accounts.save(new Account(fields)));
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ model: 'account', sqlState });
    expect(error.message).toContain(place);
    expect(error.message).toContain('nothing was written');
  });

  test.each([
    ['a field without a column', { missing: 'x' }, /child\.missing.*no column missing.*migration/],
    ['a column that Postgres computes', { twice: 2 }, /child\.twice.*computes/],
    ['an id that is no uuid', { parentId: 'x' }, /child\.parent_id is uuid, which cannot hold/],
  ])('%s', async (_, fields, message) => {
    const error = await refusal(children.save(new Child({ parentId: PARENT, ...fields })));
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toMatch(message);
  });

  test('a constraint that is deferred fails the commit', async () => {
    const nobody = '018f4e1c-0000-7000-8000-00000000dead';
    const error = await refusal(children.save(new Child({ parentId: nobody })));
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ model: 'child', sqlState: '23503' });
    expect(await children.find()).toEqual([]);
  });

  test('a table that is missing, one without an id, and one with an id of another type', async () => {
    const messages = await Promise.all(
      ['nowhere', 'no_id', 'number_id'].map(async (table) =>
        refusal(store.repository(Named, { table }).find()).then(({ message }) => message),
      ),
    );
    expect(messages[0]).toMatch(/named: there is no table nowhere.*migration/);
    expect(messages[1]).toMatch(/no column id/);
    expect(messages[2]).toMatch(/an id of type double precision/);
  });

  test('a trigger that swallows the write', async () => {
    await sql`insert into refusing values ('r1', 'x')`;
    const refusing = store.repository(Named, { table: 'refusing' });
    const writing = store.transaction(async () => {
      const entity = await refusing.lock(Named.ref('r1'));
      await refusing.update(entity!, { name: 'y' });
    });
    const error = await refusal(writing);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toMatch(/0 rows were written.*trigger/);
  });

  test('a lock that somebody else holds', async () => {
    await sql.begin(async (tx) => {
      await tx`select 1 from account where id = 'a1' for update`;
      for (const options of [{ wait: 'fail' }, { timeoutMs: 20 }] as const) {
        const locking = store.transaction(() =>
          accounts.lock(Account.ref('a1'), options).then(() => undefined),
        );
        expect(await refusal(locking)).toBeInstanceOf(LockTimeoutError);
      }
    });
  });
});

test('an id that a uuid column cannot hold does not exist', async () => {
  const parents = store.repository(Parent);
  const strange = Parent.ref('no-uuid');
  expect(await parents.get(strange)).toBeNull();
  expect(await parents.findOne({ name: 'root' })).toMatchObject({ id: PARENT });
  expect(await children.find({ parentId: 'no-uuid' })).toEqual([]);
  expect(await store.transaction(async () => (await parents.lock(strange)) === null)).toBe(true);
});

test('an id of a uuid column is the same one in upper case', async () => {
  const parents = store.repository(Parent);
  const [lower, upper] = [Parent.ref(PARENT), Parent.ref(PARENT.toUpperCase())];
  const alone = await store.transaction(async () => (await parents.lock(upper))?.id);
  expect(alone).toBe(PARENT);
  const areSame = await store.transaction(async () => {
    const locked = await parents.lockMany([upper, lower, upper]);
    return locked.length === 3 && new Set(locked).size === 1;
  });
  expect(areSame).toBe(true);
});

test('the connection of a transaction that failed is as good as new', async () => {
  const url = new URL(database.url);
  url.searchParams.set('application_name', 'single');
  const single = postgresStore(url.href, { maxConnections: 1 });
  const repository = single.repository(Account);
  await repository.find();
  const backends = (): Promise<unknown> =>
    sql`select pid from pg_stat_activity where application_name = 'single'`.then(Array.from);
  const before = await backends();
  await refusal(repository.save(new Account({ owner: 'ada', balance: 1 })));
  await single.transaction(async () => {
    const account = await repository.lock(Account.ref('a1'));
    await repository.update(account!, { balance: 7 });
  });
  expect(await repository.get(Account.ref('a1'))).toMatchObject({ balance: 7 });
  expect(await backends()).toEqual(before);
  await single.close();
});

test('a table that is changed meanwhile is read anew', async () => {
  await sql`create table changing (id text primary key, name text)`;
  await sql`insert into changing values ('c1', 'x')`;
  class Changing extends defineModel(
    'changing',
    z.object({ name: z.string(), size: z.union([z.string(), z.number()]).optional() }),
  ) {}
  const changing = store.repository(Changing);
  expect(await changing.find()).toMatchObject([{ name: 'x' }]);
  await sql`alter table changing add size int default 3`;
  await refusal(changing.find({ size: 3 })).catch(() => undefined);
  expect(await changing.find({ size: 3 })).toMatchObject([{ name: 'x', size: 3 }]);
  await sql`alter table changing drop column size`;
  expect(await changing.find()).toMatchObject([{ name: 'x' }]);
});

test('what others find missing in a table does not disturb a mutation that waits for its lock', async () => {
  const { id } = await children.save(new Child({ parentId: PARENT, amount: 1 }));
  let mutating: Promise<unknown> | undefined;
  await sql.begin(async (tx) => {
    await tx`select 1 from child where id = ${id} for update`;
    mutating = children.mutate(Child.ref(id), ({ amount = 0 }) => ({ amount: amount + 1 }));
    await waitUntil(async () => {
      const waiting = await tx`select 1 from pg_locks where not granted`;
      return waiting.count > 0;
    });
    // There is no such column: the store is going to look at its tables again.
    const looking = store.transaction(() => children.find({ missing: 'x' }).then(() => undefined));
    expect(await refusal(looking)).toBeInstanceOf(DatabaseError);
  });
  expect(await mutating).toMatchObject({ amount: 2 });
});
