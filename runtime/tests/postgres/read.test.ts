import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { defineModel, DatabaseError, InvalidOptionError, type Store } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

const database = useDatabase(`
  create table account (id text primary key, balance int not null);
  create function spend(account text) returns int language sql as
    'update account set balance = 0 where id = $1 returning 1';
  create function leave() returns int language plpgsql as
    'begin perform set_config(''transaction_read_only'', ''off'', false); update account set balance = 0; return 1; end'`);

class Account extends defineModel('account', z.object({ balance: z.number() })) {}
const ref = Account.ref('a1');

let store: Store;
let sql: postgres.Sql;
beforeAll(() => {
  // One connection: whatever a read leaves behind meets the next.
  store = postgresStore(database.url, { maxConnections: 1 });
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
  await store.close();
  await sql.end();
});
beforeEach(async () => {
  await sql`delete from account`;
  await sql`insert into account values ('a1', 100), ('a2', 50)`;
});

const total = 'select sum(balance)::int as total from account';

describe.each(['inside a transaction', 'outside one'] as const)('%s', (where) => {
  /** Runs `work` there; inside, a write before it and one after it have to be committed. */
  async function there<R>(work: () => Promise<R>): Promise<R> {
    if (where === 'outside one') return work();
    const accounts = store.repository(Account);
    const before = (await accounts.get(ref))!.balance;
    const [result] = await store.transaction(async () => {
      const account = await accounts.lock(ref);
      await accounts.update(account!, { balance: account!.balance + 1 });
      const outcome = [await work()] as const;
      await accounts.update(account!, { balance: account!.balance + 1 });
      return outcome;
    });
    expect((await accounts.get(ref))!.balance).toBe(before + 2);
    return result;
  }

  test('values are what the package pg makes of them', async () => {
    const [row] = await there(() =>
      store.read(`select 1 as whole, 2::bigint as big, 1.5::numeric as exact, 0.5::float8 as half, true as yes, null as nothing,
        'x' as text, timestamptz '2024-05-06 07:08:09.01Z' as at, '{"a":[1]}'::jsonb as json, '\\x00ff'::bytea as bytes,
        array[1, null] as list, array['a,b', 'NULL'] as words, 'infinity'::timestamptz as never`),
    );
    expect(row).toEqual({
      whole: 1,
      big: '2',
      exact: '1.5',
      half: 0.5,
      yes: true,
      nothing: null,
      text: 'x',
      at: new Date('2024-05-06T07:08:09.010Z'),
      json: { a: [1] },
      bytes: Uint8Array.of(0, 255),
      list: [1, null],
      words: ['a,b', 'NULL'],
      never: 'infinity',
    });
  });

  test('parameters are values, whatever they hold', async () => {
    const hostile = "'; commit; delete from account; --";
    const rows = await there(() =>
      store.read<{ text: string }>(
        `select $1::text as text, $2::int + 1 as whole, $3::timestamptz as at, $4::int[] as list, $5::text as nothing,
          $6::jsonb as json, $7::bytea as bytes, id from account where balance > $8 order by id limit $9; `,
        [hostile, 1, new Date(0), [1, 2], null, { a: "'" }, Uint8Array.of(7), 60, 5],
      ),
    );
    expect(rows).toEqual([
      {
        text: hostile,
        whole: 2,
        at: new Date(0),
        list: [1, 2],
        nothing: null,
        json: { a: "'" },
        bytes: Uint8Array.of(7),
        id: 'a1',
      },
    ]);
  });

  test('an order is kept, and a comment at the end is one', async () => {
    const rows = await there(() =>
      store.read<{ id: string }>('select id from account order by id desc -- newest first'),
    );
    expect(rows.map(({ id }) => id)).toEqual(['a2', 'a1']);
  });

  test.each([
    'update account set balance = 0',
    'with gone as (delete from account returning *) select * from gone',
    "insert into account values ('a3', 1)",
    'select * from account for update',
    'select * from account for key share',
    "select spend('a1')",
    'select leave()',
    'create table other (id int)',
    'create temp table other (id int)',
    'select 1 into other',
    'commit',
    'rollback',
    'end',
    'abort',
    'begin',
    'savepoint mine',
    'release savepoint justscale_read',
    'rollback to savepoint justscale_read',
    "prepare transaction 'x'",
    'set transaction read write',
    'set local transaction_read_only = off',
    "select set_config('transaction_read_only', 'off', true)",
    "select set_config('transaction_read_only', 'off', false), spend('a1')",
    'reset all',
    'discard all',
    'do $$ begin update account set balance = 0; end $$',
    'call leave()',
    'copy account to stdout',
    'copy account from stdin',
    "copy account to program 'cat'",
    'declare c cursor for select 1',
    'prepare p as select 1',
    'execute p',
    'deallocate all',
    'listen justscale_signals',
    'lock table account',
    'truncate account',
    'vacuum',
    'explain analyze update account set balance = 0',
    'select 1; commit',
    'select 1; commit; select 1',
    'select 1) as x; commit; select * from (select 1',
    'select 1) as x; commit; --',
    'select * from account) as x for update --',
    'select 1) as x for update; /*',
    "select nextval('account_id_seq')",
    'select lo_create(0)',
    'select * from (select 1',
    '',
    ' ; ',
    '-- nothing',
    'select 1\0',
  ])('refused, and nothing is changed or ended: %j', async (text) => {
    const error: unknown = await there(() => store.read(text).catch((thrown: unknown) => thrown));
    expect(error instanceof DatabaseError || error instanceof InvalidOptionError).toBe(true);
    await expect(there(() => store.read(total))).resolves.toHaveLength(1);
    expect(await sql`select balance from account where id = 'a2'`).toMatchObject([{ balance: 50 }]);
    expect(await sql`select count(*)::int as n from pg_class where relname = 'other'`).toEqual([
      { n: 0 },
    ]);
  });

  test('what a statement may do although it only reads is undone', async () => {
    await there(() =>
      store.read(
        `select set_config('justscale.transaction', 'mine', false), set_config('justscale.version', 'mine', false),
          set_config('search_path', 'nowhere', false), set_config('statement_timeout', '1', false),
          pg_advisory_lock(42), pg_advisory_xact_lock(43), pg_notify('other', 'x')`,
      ),
    );
    const [settings] = await there(() =>
      store.read(
        `select current_setting('search_path') as path, current_setting('statement_timeout') as timeout,
          (select count(*)::int from pg_locks where locktype = 'advisory') as locks,
          (select count(*)::int from pg_prepared_statements where statement like '%justscale%mine%') as prepared`,
      ),
    );
    expect(settings).toEqual({ path: '"$user", public', timeout: '0', locks: 0, prepared: 0 });
  });

  test('a wrong statement says what is wrong with it', async () => {
    const error: unknown = await there(() =>
      store.read('select missing from account').catch((thrown: unknown) => thrown),
    );
    expect(error).toMatchObject({ code: 'DATABASE', sqlState: '42703' });
    expect((error as Error).message).toContain('missing');
  });
});

test('inside a transaction it sees what that has written, and outside what is committed', async () => {
  const accounts = store.repository(Account);
  const other = postgresStore(database.url);
  await store.transaction(async () => {
    await accounts.save(new Account({ balance: 7 }, { id: 'a3' }));
    expect(await store.read(total)).toEqual([{ total: 157 }]);
    expect(await other.read(total)).toEqual([{ total: 150 }]);
  });
  expect(await other.read(total)).toEqual([{ total: 157 }]);
  await other.close();
});

test('reads and writes of one transaction that are not awaited one by one keep their order', async () => {
  const accounts = store.repository(Account);
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    const results = await Promise.all([
      store.read(total),
      accounts.update(account!, { balance: 1 }),
      store.read('commit').catch((error: unknown) => error),
      store.read('select 1 as one'),
    ]);
    expect(results[3]).toEqual([{ one: 1 }]);
    expect(await store.read(total)).toEqual([{ total: 51 }]);
  });
  expect(await sql`select sum(balance)::int as total from account`).toEqual([{ total: 51 }]);
});

test('a store without SQL, a closed store and what is no statement are refused', async () => {
  const memory = memoryStore();
  await expect(memory.read('select 1')).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    option: 'read()',
  });
  await memory.close();
  const closed = postgresStore(database.url);
  await closed.close();
  await expect(closed.read('select 1')).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  await expect(store.read(5 as never)).rejects.toMatchObject({ option: 'text' });
  await expect(store.read('select 1', 'x' as never)).rejects.toMatchObject({
    option: 'parameters',
  });
  await expect(store.read('select $1', [() => 1])).rejects.toMatchObject({
    option: 'parameters[0]',
  });
});
