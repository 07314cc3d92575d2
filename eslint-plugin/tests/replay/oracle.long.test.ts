import { explore, type Operation, type ReplayResult } from '@justscale/eslint-plugin/replay';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { randomInt, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test, vi } from 'vitest';
import { firstRow, withClient } from './with-client.js';

vi.setConfig({ testTimeout: 240_000 });
const database = useDatabase();

/** What is read, as `pg` gives it. */
interface Row {
  readonly id: number;
  readonly value: string;
  readonly token: string;
}

const setup = (url: string) =>
  withClient(url, async (client) => {
    await client.query(`
      create table counter (name text primary key, value bigint not null);
      create table session (id uuid primary key, name text not null, token text, seen timestamptz);
      create table parent (id serial primary key, name text not null);
      create table child (id serial primary key, parent_id int not null references parent);
    `);
    await client.query("insert into counter values ('big', 5000000000), ('version', 1)");
    await client.query("insert into session values (gen_random_uuid(), 'first', 'token', now())");
  });

const on =
  (run: (client: pg.Client) => Promise<unknown>): Operation =>
  (url) =>
    withClient(url, run);

const both = (operation: Operation): Promise<ReplayResult> =>
  explore(operation, operation, { database: database.url, setup, replays: 1 });

const increment = (returns: boolean) =>
  on(async (client) => {
    const row = await firstRow<Row>(client, "select value from counter where name = 'big'");
    const next = Number(row.value) + 1;
    await client.query("update counter set value = $1 where name = 'big'", [next]);
    return returns ? next : undefined;
  });

test('a lost update of a number as large as a time or an id is an anomaly', async () => {
  expect(await both(increment(false))).toMatchObject({
    verdict: 'anomaly',
    difference: {
      parts: ['rows of counter'],
      schedule: { 'rows of counter': [{ name: 'big', value: '5000000001' }] },
      aThenB: { 'rows of counter': [{ name: 'big', value: '5000000002' }] },
    },
  });
});

test('a number that both got is an anomaly, although the rows are right', async () => {
  const ticket = on(async (client) => {
    const row = await firstRow<Row>(client, "select value from counter where name = 'version'");
    await client.query("update counter set value = value + 1 where name = 'version'");
    return row.value;
  });
  const result = await both(ticket);
  expect(result).toMatchObject({ verdict: 'anomaly', difference: { parts: ['result of b'] } });
});

test('ids of the database and of the program, and times, are none', async () => {
  const enter = on(async (client) => {
    const id = randomUUID();
    const times = [new Date().toISOString(), Date.now() + 3_600_000];
    await client.query("insert into session values ($1, 'more', $2, now())", [id, randomUUID()]);
    const row = await firstRow<Row>(client, "insert into parent (name) values ('p') returning id");
    await client.query('insert into child (parent_id) values ($1)', [row.id]);
    return { id, times, parent: row.id, number: `P-${row.id}` };
  });
  expect(await both(enter)).toMatchObject({ verdict: 'serial', explored: { complete: true } });
});

test('an id that is handed out and not kept is an anomaly', async () => {
  const rotate = on(async (client) => {
    const row = await firstRow<Row>(client, "select token from session where name = 'first'");
    if (row.token !== 'token') return row.token;
    const token = randomUUID();
    await client.query("update session set token = $1 where name = 'first'", [token]);
    return token;
  });
  expect(await both(rotate)).toMatchObject({ verdict: 'anomaly' });
});

test('a row that hangs on the wrong generated id is an anomaly', async () => {
  // Each adds a child to its own parent; it finds that as the newest one.
  const add = (name: string) =>
    on(async (client) => {
      await client.query('insert into parent (name) values ($1)', [name]);
      const row = await firstRow<Row>(client, 'select max(id) as id from parent');
      await client.query('insert into child (parent_id) values ($1)', [row.id]);
    });
  const options = { database: database.url, setup, replays: 1 };
  expect(await explore(add('a'), add('b'), options)).toMatchObject({
    verdict: 'anomaly',
    difference: { parts: ['rows of child', 'rows of parent'] },
  });
});

test('a random number is undecidable', async () => {
  const draw = on((client) =>
    client.query("update counter set value = $1 where name = 'version'", [randomInt(1e6)]),
  );
  expect(await both(draw)).toMatchObject({
    verdict: 'undecidable',
    reason: expect.stringContaining('rows of counter[].value'),
  });
});

const versioned = (conflict: () => Error) =>
  on(async (client) => {
    const row = await firstRow<Row>(client, "select value from counter where name = 'version'");
    const { rowCount } = await client.query(
      "update counter set value = value + 1 where name = 'version' and value = $1",
      [row.value],
    );
    if (rowCount === 0) throw conflict();
  });

test('who refuses a conflict and leaves nothing is right; who breaks is not', async () => {
  expect(await both(versioned(() => new Error('Somebody else was faster.')))).toMatchObject({
    verdict: 'serial',
  });
  expect(await both(versioned(() => new TypeError('rows[0] is undefined')))).toMatchObject({
    verdict: 'anomaly',
  });
  const half = on(async (client) => {
    await client.query("insert into parent (name) values ('half')");
    const row = await firstRow<Row>(client, "select value from counter where name = 'version'");
    const { rowCount } = await client.query(
      "update counter set value = value + 1 where name = 'version' and value = $1",
      [row.value],
    );
    if (rowCount === 0) throw new Error('Somebody else was faster.');
  });
  expect(await both(half)).toMatchObject({ verdict: 'anomaly' });
});

test('the server may ask to try again; a taken key is an error that no serial order gives', async () => {
  const serializable = on(async (client) => {
    await client.query('begin isolation level serializable');
    const row = await firstRow<Row>(client, "select value from counter where name = 'version'");
    await client.query("update counter set value = $1 where name = 'version'", [
      Number(row.value) + 1,
    ]);
    await client.query('commit');
  });
  expect(await both(serializable)).toMatchObject({ verdict: 'serial' });
  const create = on(async (client) => {
    const { rowCount } = await client.query("select from counter where name = 'new'");
    if (rowCount === 0) await client.query("insert into counter values ('new', 1)");
  });
  expect(await both(create)).toMatchObject({
    verdict: 'anomaly',
    difference: { schedule: { 'result of a': { failed: '23505' } } },
  });
});
