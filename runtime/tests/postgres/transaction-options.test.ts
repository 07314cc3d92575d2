import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { defineModel, type Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const database = useDatabase(`
  create view setting as select name as id, setting as value from pg_settings;
  create view tenant as select 'current' as id, current_setting('app.tenant', true) as value;
  create table doc (id text primary key, tenant text not null default current_setting('app.tenant'));
  create table room (id text primary key, messages int not null);
  create table message (id text primary key, room_id text not null references room)`);

class Setting extends defineModel('setting', z.object({ value: z.string().nullish() })) {}
class Doc extends defineModel('doc', z.object({ tenant: z.string().optional() })) {}
class Room extends defineModel('room', z.object({ messages: z.number() })) {}
class Message extends defineModel('message', z.object({ roomId: z.string() })) {}

let store: Store;
let sql: postgres.Sql;
beforeAll(() => {
  store = postgresStore(database.url, { maxConnections: 12 });
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
  await store.close();
  await sql.end();
});

async function setting(name: string): Promise<string | null | undefined> {
  return (await store.repository(Setting).get(Setting.ref(name)))?.value;
}

async function tenant(): Promise<string | null | undefined> {
  return (await store.repository(Setting, { table: 'tenant' }).get(Setting.ref('current')))?.value;
}

test.each(['read committed', 'repeatable read', 'serializable'] as const)(
  'isolation: %s',
  async (isolation) => {
    const level = await store.transaction(() => setting('transaction_isolation'), { isolation });
    expect(level).toBe(isolation);
  },
);

test('readOnly is the server’s as well', async () => {
  expect(await store.transaction(() => setting('transaction_read_only'), { readOnly: true })).toBe(
    'on',
  );
});

test('settings hold in their transaction, whatever characters they have, and not after it', async () => {
  const settings = { 'app.tenant': `ac'me"; drop table doc --\\`, statement_timeout: 12_345 };
  const docs = store.repository(Doc);
  await store.transaction(
    async () => {
      expect(await setting('statement_timeout')).toBe('12345');
      const doc = await docs.save(new Doc({}, { id: 'd' }));
      expect(doc.tenant).toBe(settings['app.tenant']);
    },
    { settings },
  );
  expect((await tenant()) ?? '').toBe('');
  expect(await setting('statement_timeout')).not.toBe('12345');
});

test('a setting that the database refuses is the error of the transaction', async () => {
  const outcome = store.transaction(() => tenant(), { settings: { role: 'nobody_of_this_name' } });
  await expect(outcome).rejects.toMatchObject({
    code: 'DATABASE',
    message: expect.stringContaining('nobody_of_this_name'),
  });
});

test.each([
  { 'a b': 'x' },
  { 'app.tenant': null },
  { 'app.tenant': 'a\0' },
  { 'justscale.transaction': 'x' },
  'role',
])('settings that cannot be used are refused: %j', async (settings) => {
  const outcome = store.transaction(async () => undefined, { settings: settings as never });
  await expect(outcome).rejects.toMatchObject({ code: 'INVALID_OPTION' });
});

const AT_ONCE = 5;

/** Inserts a child, then locks its parent, several at a time. */
async function insertThenLock(options: {
  strength?: 'no key update';
  retries?: number;
}): Promise<void> {
  await sql`truncate room, message`;
  await sql`insert into room values ('r', 0)`;
  const { strength, retries = 0 } = options;
  const rooms = store.repository(Room, strength === undefined ? {} : { strength });
  const messages = store.repository(Message);
  let inserted = 0;
  let release: () => void = () => undefined;
  const allInserted = new Promise<void>((resolve) => (release = resolve));
  const insert = (): Promise<unknown> =>
    store.transaction(
      async () => {
        await messages.save(new Message({ roomId: 'r' }));
        if ((inserted += 1) === AT_ONCE) release();
        await allInserted;
        const room = await rooms.lock(Room.ref('r'));
        await rooms.update(room!, { messages: room!.messages + 1 });
      },
      { retries },
    );
  await Promise.all(Array.from({ length: AT_ONCE }, insert));
  expect(await sql`select messages from room`).toEqual([{ messages: AT_ONCE }]);
}

test('with no key update, a child can be inserted while its parent is locked', async () => {
  await insertThenLock({ strength: 'no key update' });
});

test('with update they deadlock, and come through when they run again', async () => {
  await insertThenLock({ retries: 5 });
}, 60_000);

test('lock, lockMany and mutate take the strength that they are told', async () => {
  await sql`truncate room, message`;
  await sql`insert into room values ('r', 0)`;
  const rooms = store.repository(Room);
  const ref = Room.ref('r');
  const insertsChild = async (): Promise<boolean> => {
    await sql.unsafe('set lock_timeout = 100');
    return sql`insert into message values (gen_random_uuid(), 'r')`.then(
      () => true,
      () => false,
    );
  };
  const outcomes: boolean[] = [];
  for (const strength of ['update', 'no key update'] as const) {
    await store.transaction(async () => {
      await rooms.lock(ref, { strength });
      outcomes.push(await insertsChild());
    });
    await store.transaction(async () => {
      await rooms.lockMany([ref], { strength });
      outcomes.push(await insertsChild());
    });
    await store.transaction(async () => {
      await rooms.mutate(ref, () => ({}), { strength });
      outcomes.push(await insertsChild());
    });
  }
  expect(outcomes).toEqual([false, false, false, true, true, true]);
});
