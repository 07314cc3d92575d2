import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { InvalidOptionError } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';

const database = useDatabase(ACCOUNT_SCHEMA);
let directory: string;
const relays: Server[] = [];

/** Passes on what arrives there to the server of the tests. */
async function relay(place: string | { port: number; host: string }): Promise<number> {
  const server = createServer((socket) => {
    const { hostname, port } = new URL(database.url);
    const upstream = connect(Number(port), hostname);
    socket.on('error', () => upstream.destroy()).pipe(upstream);
    upstream.on('error', () => socket.destroy()).pipe(socket);
  });
  relays.push(server);
  server.listen(place as string);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'urls-'));
  await relay(join(directory, '.s.PGSQL.5432'));
});
afterAll(async () => {
  for (const server of relays) server.close();
  await rm(directory, { recursive: true });
});

/** Of the tests' server, as they stand in a url. */
function credentials(): string {
  const { username, password } = new URL(database.url);
  return `${username}:${password}`;
}

/** Reads through a store of a url. */
async function read(url: string): Promise<unknown> {
  const store = postgresStore(url, { connectTimeoutMs: 5_000 });
  try {
    return await store.repository(Account).find();
  } finally {
    await store.close();
  }
}

describe('a url that works elsewhere works here', () => {
  test.each([
    'channel_binding=prefer',
    'channel_binding=require&sslmode=prefer',
    'sslmode=disable',
    'sslmode=allow',
    'schema=public&connection_limit=5&pool_timeout=10&pgbouncer=true',
    'schema=public&socket_timeout=3&statement_cache_size=0',
    'connect_timeout=10&application_name=app&options=-c%20statement_timeout%3D9000',
    'supa=base-pooler.x&workaround=supabase-pooler.vercel',
    'gssencmode=disable&keepalives=1&keepalives_idle=30&target_session_attrs=read-write',
    'uselibpqcompat=true&sslmode=prefer',
    'statement_timeout=5000',
  ])('?%s', async (query) => {
    expect(await read(`${database.url}?${query}`)).toEqual([]);
  });

  test('postgresql:// and hosts of which the first is down', async () => {
    const { host, pathname } = new URL(database.url);
    expect(await read(`postgresql://${credentials()}@127.0.0.1:1,${host}${pathname}`)).toEqual([]);
  });

  test.each([
    ['percent-encoded', (at: string, name: string) => `${encodeURIComponent(at)}/${name}`],
    ['as ?host=', (at: string, name: string) => `localhost/${name}?host=${at}`],
    ['without a host', (at: string, name: string) => `/${name}?host=${encodeURIComponent(at)}`],
    ['with a port', (at: string, name: string) => `${encodeURIComponent(at)}:5432/${name}`],
  ])('a unix socket, %s', async (_, place) => {
    const { pathname } = new URL(database.url);
    expect(
      await read(`postgres://${credentials()}@${place(directory, pathname.slice(1))}`),
    ).toEqual([]);
  });

  test('[::1], in a url and as an option', async () => {
    const { pathname } = new URL(database.url);
    const port = await relay({ port: 0, host: '::1' });
    expect(await read(`postgres://${credentials()}@[::1]:${port}${pathname}`)).toEqual([]);
    const store = postgresStore({
      host: '::1',
      port,
      username: new URL(database.url).username,
      password: new URL(database.url).password,
      database: pathname.slice(1),
    });
    expect(await store.repository(Account).find()).toEqual([]);
    await store.close();
  });
});

test.each([
  '',
  'mysql://root:hunter2@localhost/x',
  'localhost/x',
  'postgres:/x',
  'postgres://u:hun/ter2@host/x',
  'postgres://u:55/hunter2@host/x',
  'postgres://u:hunter2#@host/x',
  'postgres://u:hunter2%@host/x',
  'postgres://u:hunter2@host:port/x',
  'postgres://u:hunter2@[bad/d',
  'postgres://u:hunter2@host/x?sslmode=sometimes',
  'postgres://u:hunter2@host/x?sslmode=verify-full&sslrootcert=/nowhere/hunter.pem',
  'postgres://u:hunter2@host/x?connection_limit=many',
  undefined as never,
  null as never,
])('%o is refused, and no password is shown', (url) => {
  const open = (): unknown => postgresStore(url);
  expect(open).toThrow(InvalidOptionError);
  expect(open).not.toThrow(/hun|ter2/);
});

test('a server that cannot show the certificate that is asked for is refused, not trusted', async () => {
  for (const mode of ['require', 'verify-ca', 'verify-full', 'no-verify'])
    await expect(read(`${database.url}?sslmode=${mode}`)).rejects.toThrow('No connection to');
});
