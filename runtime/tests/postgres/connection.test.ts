import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import {
  Connection,
  LostConnection,
  type ClientHooks,
  type Rows,
} from '#src/postgres/connection.js';
import { simpleStatement } from '#src/postgres/statement.js';

const database = useDatabase();

let hooks: ClientHooks;
let sockets: Socket[];
let deaths: number;
let connection: Connection;

beforeEach(() => {
  sockets = [];
  deaths = 0;
  const { hostname, port } = new URL(database.url);
  connection = new Connection(
    {
      openSocket() {
        const socket = connect({ host: hostname, port: Number(port) });
        sockets.push(socket);
        return Object.assign(socket, { host: hostname });
      },
      async createClient(given) {
        hooks = given;
        const options = { ...given, max: 1, fetch_types: false };
        return postgres(database.url, options as never);
      },
    },
    { onDead: () => (deaths += 1) },
  );
});
afterEach(async () => {
  await connection.close();
  // A server that sleeps does not see that nobody is there.
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'`;
});

let sql: postgres.Sql;
beforeAll(() => {
  sql = postgres(database.url, { max: 1 });
});
afterAll(() => sql.end());

const sleep = simpleStatement('select pg_sleep(60)');

async function sleeps(): Promise<void> {
  await waitUntil(async () => {
    const [row] = await sql`select from pg_stat_activity where wait_event = 'PgSleep'`;
    return row !== undefined;
  });
}

test('before it is connected it takes no statement', async () => {
  await expect(connection.execute(sleep)).rejects.toEqual(new LostConnection(false));
});

test('the driver gets one socket and never a second', async () => {
  await connection.connect(10_000);
  await expect(hooks.socket()).rejects.toThrow(LostConnection);
  expect(sockets).toHaveLength(1);
});

test('nor does it when a statement was cancelled', async () => {
  await connection.connect(10_000);
  const sleeping = expect(connection.execute(sleep)).rejects.toMatchObject({ code: '57014' });
  await sleeps();
  await connection.cancel();
  await sleeping;
  expect(sockets).toHaveLength(2);
  await expect(hooks.socket()).rejects.toThrow(LostConnection);
  expect(sockets).toHaveLength(2);
});

test('where nothing is under way there is nothing to cancel', async () => {
  await connection.connect(10_000);
  await connection.cancel();
  expect(sockets).toHaveLength(1);
});

test('what is under way when the connection is given up says why', async () => {
  await connection.connect(10_000);
  const why = new Error('given up');
  const sleeping = expect(connection.execute(sleep)).rejects.toMatchObject({
    wasSent: true,
    cause: why,
  });
  connection.destroy(why);
  await sleeping;
});

test('a statement with more parameters than a message can count is refused, and nothing else with it', async () => {
  await connection.connect(10_000);
  const parameters = Array.from({ length: 65_536 }, () => ({ value: 'x', type: 25 }));
  await expect(connection.execute({ text: 'select 1', parameters })).rejects.toThrow(RangeError);
  expect(await connection.execute(simpleStatement('select 1'))).toHaveLength(1);
});

test('a plan that no longer fits its table is made anew', async () => {
  const select = {
    text: 'select * from changing where id = $1',
    parameters: [{ value: 'a', type: 25 }],
  };
  await connection.connect(10_000);
  await connection.execute(
    simpleStatement("create table changing (id text); insert into changing values ('a')"),
  );
  await connection.execute(select);
  await connection.execute(simpleStatement('alter table changing add column more text'));
  await connection.execute(simpleStatement('begin'));
  await expect(connection.execute(select)).rejects.toMatchObject({
    routine: 'RevalidateCachedQuery',
  });
  await connection.execute(simpleStatement('rollback'));
  expect(Array.from(await connection.execute(select))).toEqual([{ id: 'a', more: null }]);
});

test('a failure ends what it shares an answer with, and nothing else', async () => {
  await connection.connect(10_000);
  const fails = { text: 'select 1 / $1::int', parameters: [{ value: '0', type: 23 }] };
  const works = { text: 'select $1::int as one', parameters: [{ value: '1', type: 23 }] };
  const outcome = (result: Promise<Rows>): Promise<unknown> =>
    result.then(
      ([row]) => row?.['one'],
      (error: unknown) => (error as { code: string }).code,
    );
  const outcomes = await Promise.all(
    [
      connection.executeShared(works),
      connection.executeShared(fails),
      connection.execute(works),
      connection.execute(works),
    ].map(outcome),
  );
  expect(outcomes).toEqual(['1', '22012', '25P02', '1']);
});

test('closing waits for what is under way', async () => {
  await connection.connect(10_000);
  const selecting = connection.execute(simpleStatement('select 1 as one'));
  await connection.close();
  expect(Array.from(await selecting)).toEqual([{ one: '1' }]);
  expect(connection.isDead).toBe(true);
});

test('one that is closed before it was connected is dead, and opens no socket', async () => {
  const connecting = expect(connection.connect(10_000)).rejects.toThrow(LostConnection);
  await connection.close();
  await connecting;
  expect(connection.isDead).toBe(true);
  await expect(hooks.socket()).rejects.toThrow(LostConnection);
  expect(sockets).toEqual([]);
});

test('it dies once', async () => {
  await connection.connect(10_000);
  connection.destroy();
  await connection.close();
  expect(deaths).toBe(1);
});

test('when the replies are there, no timer goes on', async () => {
  await connection.connect(10_000);
  await connection.execute(simpleStatement('select 1'), 500);
  await delay(550);
  const timers = vi.spyOn(globalThis, 'setTimeout');
  await delay(550);
  expect(timers).not.toHaveBeenCalled();
  timers.mockRestore();
});

test.each([0, 1, 2, 3, 4, 6, 8])(
  'a cancellation ends with its connection, also when that is lost %i turns after it began',
  async (turns) => {
    await connection.connect(10_000);
    const sleeping = expect(connection.execute(sleep)).rejects.toThrow(LostConnection);
    await sleeps();
    const cancelling = expect(connection.cancel()).rejects.toThrow();
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    connection.destroy();
    await Promise.all([sleeping, cancelling]);
    expect(sockets.map(({ destroyed }) => destroyed)).not.toContain(false);
  },
);
