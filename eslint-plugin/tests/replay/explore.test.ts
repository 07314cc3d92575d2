import { explore, type ExploreOptions } from '@justscale/eslint-plugin/replay';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { firstRow, withClient } from './with-client.js';

vi.setConfig({ testTimeout: 240_000 });
const database = useDatabase();
const module = new URL('./withdraw.js', import.meta.url);

const setup = (url: string) =>
  withClient(url, async (client) => {
    await client.query('create table account (id int primary key, balance int not null)');
    await client.query('insert into account values ($1, $2), (2, 100)', [1, 100]);
    await client.query(
      'create table member (id serial primary key, email text, joined timestamptz default now())',
    );
  });

const options = (more: Partial<ExploreOptions> = {}): ExploreOptions => ({
  database: database.url,
  setup,
  replays: 2,
  ...more,
});

afterEach(async () => {
  const left = await withClient(database.url, (client) =>
    client.query(
      `select datname from pg_database where datname like 'justscale_replay_${process.pid}_%'`,
    ),
  );
  expect(left.rows).toEqual([]);
});

const change =
  (amount: number, sql: string, id = 1) =>
  (url: string) =>
    withClient(url, async (client) => {
      await client.query('begin');
      const { balance } = await firstRow<{ balance: number }>(client, sql, [id]);
      await client.query('update account set balance = $1 where id = $2', [balance - amount, id]);
      await client.query('commit');
    });
const READ = 'select balance from account where id = $1';

test('a lost update is an anomaly, with the shortest schedule', async () => {
  const result = await explore(change(10, READ), change(20, READ), options());
  if (result.verdict !== 'anomaly') throw new Error(JSON.stringify(result));

  expect(result.replays).toBe(2);
  expect(result.difference.parts).toEqual(['rows of account']);
  expect(result.schedule.map(({ process }) => process).join('')).toMatch(/^a+b+a+$|^a+b+a+b+$/);
  expect(result.spec).toContain('permutation ');
  expect(result.spec).toContain("values ('1', '100'), (2, 100)");
  expect(result.text).toContain("update account set balance = '90' where id = '1'");
});

test('the same under a lock is serial in every schedule, and the second statement waits in the server', async () => {
  const lock = `${READ} for update`;
  const result = await explore(change(10, lock), change(20, lock), options());
  expect(result).toMatchObject({ verdict: 'serial', explored: { complete: true } });
});

test('real processes and another driver: `postgres`', async () => {
  const run = (lock: boolean) => {
    const operation = (amount: number) => ({ module, export: 'withdraw', args: [amount, lock] });
    return explore(operation(10), operation(20), options());
  };
  expect(await run(false)).toMatchObject({ verdict: 'anomaly', replays: 2 });
  expect(await run(true)).toMatchObject({ verdict: 'serial' });
});

const join = (insert: string) => (url: string) =>
  withClient(url, async (client) => {
    const { rowCount } = await client.query("select from member where email = 'a@b'");
    if (rowCount === 0) await client.query(insert);
  });

test('a check before an insert is an anomaly without a key, and serial with one whose conflict is handled', async () => {
  const insert = "insert into member (email) values ('a@b')";
  expect(await explore(join(insert), join(insert), options())).toMatchObject({
    verdict: 'anomaly',
    difference: { parts: ['rows of member'] },
  });
  const keyed = join(`${insert} on conflict (email) do nothing`);
  const withKey = async (url: string) => {
    await setup(url);
    await withClient(url, (client) => client.query('create unique index on member (email)'));
  };
  expect(await explore(keyed, keyed, options({ setup: withKey }))).toMatchObject({
    verdict: 'serial',
  });
});

test('a deadlock is told', async () => {
  const both = (first: number, second: number) => (url: string) =>
    withClient(url, async (client) => {
      await client.query('begin');
      for (const id of [first, second])
        await client.query('update account set balance = balance + 1 where id = $1', [id]);
      await client.query('commit');
    });
  const result = await explore(both(1, 2), both(2, 1), options());
  expect(result).toMatchObject({ verdict: 'anomaly', difference: { deadlock: true } });
  if (result.verdict === 'anomaly') expect(result.schedule.some(({ waited }) => waited)).toBe(true);
});

test('rows that both do not share, and ids and clocks, are no anomaly', async () => {
  expect(await explore(change(1, READ, 1), change(1, READ, 2), options())).toMatchObject({
    verdict: 'serial',
  });
  const insert = (email: string) => (url: string) =>
    withClient(url, async (client) => {
      const sql = 'insert into member (email) values ($1) returning id, joined';
      return [
        await firstRow<object>(client, sql, [email]),
        await firstRow<object>(client, sql, [email]),
      ];
    });
  expect(await explore(insert('a'), insert('b'), options())).toMatchObject({ verdict: 'serial' });
});

test('what serial runs do not agree on is undecidable, and what is not all run is not confirmed', async () => {
  let count = 0;
  const counts = (url: string) =>
    withClient(url, (client) => client.query('update account set balance = $1', [count++]));
  expect(await explore(counts, counts, options())).toMatchObject({ verdict: 'undecidable' });
  const lock = `${READ} for update`;
  expect(
    await explore(change(1, lock), change(2, lock), options({ maxSchedules: 1 })),
  ).toMatchObject({
    verdict: 'not confirmed',
    explored: { schedules: 1, complete: false },
  });
});

test('what cannot be run has a name', async () => {
  const silent = async () => undefined;
  const endless = (url: string) =>
    withClient(url, async (client) => {
      await client.query(READ, [1]);
      await new Promise(() => undefined);
    });
  const code = (value: string): unknown => expect.objectContaining({ code: value });
  await expect(explore(silent, silent, options())).rejects.toEqual(code('REPLAY_SILENT'));
  await expect(explore(endless, endless, options({ limit: 500 }))).rejects.toEqual(
    code('REPLAY_TIMEOUT'),
  );
  await expect(
    explore(silent, silent, options({ setup: () => Promise.reject(new Error('no table')) })),
  ).rejects.toEqual(code('REPLAY_SETUP'));
  await expect(
    explore(silent, silent, options({ database: 'postgres://127.0.0.1:1/x' })),
  ).rejects.toEqual(code('REPLAY_UNREACHABLE'));
  await expect(explore({ module: './absent.js' }, silent, options())).rejects.toEqual(
    code('REPLAY_OPERATION'),
  );
  const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
    0,
    '127.0.0.1',
  );
  await once(web, 'listening');
  const { port } = web.address() as AddressInfo;
  await expect(
    explore(silent, silent, options({ database: `postgres://127.0.0.1:${port}/x` })),
  ).rejects.toEqual(code('REPLAY_NOT_POSTGRES'));
  web.close();
});
