import { readdir, readFile } from 'node:fs/promises';
import { startPostgres } from '@justscale/fixtures/postgres';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import { DatabaseError, defineSignals, LockForeignError } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import postgres from 'postgres';
import { expect, test, vi } from 'vitest';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';

class Signals extends defineSignals((signal) => ({ moved: signal('/moved/:who') })) {}

const first = useDatabase(ACCOUNT_SCHEMA);
const second = useDatabase(ACCOUNT_SCHEMA);
const ref = Account.ref('a1');

test('two stores of one process: rows, locks, transactions and signals of their own', async () => {
  const [a, b] = [postgresStore(first.url), postgresStore(second.url)];
  const [ofA, ofB] = [a.repository(Account), b.repository(Account)];
  await ofA.save(new Account({ owner: 'ada', balance: 1 }, { id: 'a1' }));
  await ofB.save(new Account({ owner: 'bob', balance: 2 }, { id: 'a1' }));
  expect([(await ofA.get(ref))?.owner, (await ofB.get(ref))?.owner]).toEqual(['ada', 'bob']);

  const heard: string[] = [];
  await a.signals(Signals).moved.subscribe(({ who }) => heard.push(`a ${who}`)).ready;
  await b.signals(Signals).moved.subscribe(({ who }) => heard.push(`b ${who}`)).ready;

  const outer = a.transaction(async () => {
    const locked = await ofA.lock(ref);
    if (locked === null) throw new Error('it is there');
    await ofA.update(locked, { balance: 10 });
    await a.signals(Signals).moved.emit({ who: 'undone' });
    await b.transaction(async () => {
      const other = await ofB.lock(ref);
      if (other === null) throw new Error('it is there');
      await expect(ofB.update(locked, { balance: 0 })).rejects.toThrow(LockForeignError);
      await ofB.update(other, { balance: 20 });
      await b.signals(Signals).moved.emit({ who: 'kept' });
    });
    throw new Error('only the outer one');
  });
  await expect(outer).rejects.toThrow('only the outer one');
  expect([(await ofA.get(ref))?.balance, (await ofB.get(ref))?.balance]).toEqual([1, 20]);
  await waitUntil(() => heard.length === 1);
  expect(heard).toEqual(['b kept']);
  await a.close();
  expect((await ofB.get(ref))?.balance).toBe(20);
  await b.close();
});

test('a server that is read only, as a replica is: reads work, locks and writes are refused by SQLSTATE', async () => {
  const replica = postgresStore(`${first.url}?default_transaction_read_only=on`);
  const accounts = replica.repository(Account);
  expect(await accounts.find()).toBeInstanceOf(Array);
  for (const write of [
    () => accounts.save(new Account({ owner: 'eve', balance: 0 })),
    () => replica.transaction(async () => void (await accounts.lock(ref))),
  ]) {
    const error: unknown = await write().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ sqlState: '25006' });
    expect((error as Error).message).toContain('primary');
  }
  await replica.close();
});

test('of several hosts the one that takes writes is found, as after a failover', async () => {
  // A server of the environment is one only.
  vi.stubEnv('DATABASE_URL', '');
  const standby = await startPostgres();
  const sql = postgres(standby.url, { max: 1 });
  const { host, password, pathname } = new URL(first.url);
  // The same user, password and database as on the other one; what it lacks is the table.
  await sql.unsafe(`alter role postgres password '${decodeURIComponent(password)}'`);
  await sql.unsafe(`create database "${pathname.slice(1)}"`);
  await sql.unsafe('alter system set default_transaction_read_only = on');
  await sql.unsafe('select pg_reload_conf()');
  await sql.end();
  const url = first.url.replace(host, `${new URL(standby.url).host},${host}`);
  const store = postgresStore(`${url}?target_session_attrs=read-write`);
  const { id } = await store.repository(Account).save(new Account({ owner: 'zoe', balance: 0 }));
  expect(id).toBeTypeOf('string');
  await store.close();
  await standby.stop();
  vi.unstubAllEnvs();
});

test('what docs/guide/deployment.md asks of an engine is what the adapter uses', async () => {
  const page = await readFile(
    new URL('../../../docs/guide/deployment.md', import.meta.url),
    'utf8',
  );
  const table = /\| feature[^]*?\n\n/.exec(page)?.[0] ?? '';
  const features = table
    .split('\n')
    .slice(2)
    .flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    );
  expect(features.length).toBeGreaterThan(10);
  const folder = new URL('../../src/postgres/', import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
  const files = names.map((name) => readFile(new URL(name, folder), 'utf8'));
  const source = (await Promise.all(files)).join('\n').toLowerCase();
  expect(features.filter((feature) => !source.includes(feature ?? ''))).toEqual([]);
});
