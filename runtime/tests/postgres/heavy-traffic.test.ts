import { connect } from 'node:net';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Connection, LostConnection } from '#src/postgres/connection.js';
import { simpleStatement, type Statement } from '#src/postgres/statement.js';

// What a connection has to carry that no small statement shows.

const database = useDatabase();

let connection: Connection;
let notices: (string | undefined)[];
beforeEach(async () => {
  const { hostname, port } = new URL(database.url);
  notices = [];
  connection = new Connection(
    {
      openSocket: () =>
        Object.assign(connect({ host: hostname, port: Number(port) }), { host: hostname }),
      createClient: async (hooks) =>
        postgres(database.url, { ...hooks, max: 1, fetch_types: false } as never),
      onNotice: ({ message }) => notices.push(message),
    },
    {},
  );
  await connection.connect(10_000);
});
afterEach(() => connection.close());

const text = (sql: string, value: string): Statement => ({
  text: sql,
  parameters: [{ value, type: 25 }],
});

test('a row of many megabytes arrives whole, and so does what came before and after', async () => {
  const [before, huge, after] = await Promise.all([
    connection.execute(text('select $1 as value', 'before')),
    connection.execute(text(`select repeat($1, 40000000) || 'end' as value`, 'x')),
    connection.execute(text('select $1 as value', 'after')),
  ]);
  expect([before[0]?.['value'], after[0]?.['value']]).toEqual(['before', 'after']);
  const value = String(huge[0]?.['value']);
  expect(value).toHaveLength(40_000_003);
  expect(value.endsWith('xxend')).toBe(true);
});

test('many rows come in their order', async () => {
  const rows = await connection.execute(
    text('select n from generate_series(1, $1::int) n', '200000'),
  );
  expect(rows).toHaveLength(200_000);
  expect(rows.every(({ n }, index) => n === String(index + 1))).toBe(true);
});

test('more than the socket takes at once is sent as fast as the server reads it', async () => {
  const piece = 'x'.repeat(1_000_000);
  const lengths = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      connection.execute(text('select length($1) as length', piece + 'y'.repeat(index))),
    ),
  );
  expect(lengths.map(([row]) => Number(row?.['length']))).toEqual(
    Array.from({ length: 60 }, (_, index) => 1_000_000 + index),
  );
});

test('what the server remarks, and settings that it reports, belong to no statement', async () => {
  const outcomes = await Promise.all([
    connection.execute(
      simpleStatement(`do $$ begin raise notice 'one'; raise warning 'two'; end $$`),
    ),
    connection.execute(simpleStatement(`set timezone to 'Asia/Tokyo'`)),
    connection.execute(text(`select set_config('application_name', $1, false) as name`, 'other')),
    connection.execute(text('select current_setting($1) as zone', 'timezone')),
  ]);
  expect(outcomes.map(([row]) => row)).toEqual([
    undefined,
    undefined,
    { name: 'other' },
    { zone: 'Asia/Tokyo' },
  ]);
  expect(notices).toEqual(['one', 'two']);
});

test('what the server says when it ends the connection is why all that is under way fails', async () => {
  const [pid] = await connection.execute(simpleStatement('select pg_backend_pid() as pid'));
  const sql = postgres(database.url, { max: 1 });
  const sleeping = connection.execute(simpleStatement('select pg_sleep(60)'));
  const behind = connection.execute(text('select $1 as value', 'behind'));
  const outcomes = Promise.allSettled([sleeping, behind]);
  await sql`select pg_terminate_backend(${String(pid?.['pid'])}::int)`;
  for (const outcome of await outcomes) {
    const { reason } = outcome as PromiseRejectedResult;
    expect(reason).toBeInstanceOf(LostConnection);
    expect(reason).toMatchObject({ wasSent: true, cause: { code: '57P01', severity: 'FATAL' } });
  }
  expect(connection.isDead).toBe(true);
  await sql.end();
});
