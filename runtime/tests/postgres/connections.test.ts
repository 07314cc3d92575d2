import { AsyncResource } from 'node:async_hooks';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { ConnectionFailedError, InvalidOptionError, PoolTimeoutError } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { expect, test } from 'vitest';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';
import { deferred } from './support/deferred.js';

const database = useDatabase(ACCOUNT_SCHEMA);
const ref = Account.ref('a1');

/** The error of the first read of a store that cannot connect. */
async function failure(url: string, connectTimeoutMs = 10_000): Promise<ConnectionFailedError> {
  const store = postgresStore(url, { connectTimeoutMs });
  const error: unknown = await store
    .repository(Account)
    .get(ref)
    .catch((reason: unknown) => reason);
  await store.close();
  expect(error).toBeInstanceOf(ConnectionFailedError);
  return error as ConnectionFailedError;
}

function changed(change: (url: URL) => void): string {
  const url = new URL(database.url);
  change(url);
  return url.href;
}

test('a wrong password names the server and the mend, and no password', async () => {
  const error = await failure(changed((url) => (url.password = 'hunter2')));
  const { port, pathname } = new URL(database.url);
  expect(error.message).toContain(
    `No connection to 127.0.0.1:${port}${pathname}: the password was refused.`,
  );
  expect(`${error.message}${JSON.stringify(error)}`).not.toContain('hunter2');
});

test('an unknown database and a server that is down each say what to do', async () => {
  const unknown = await failure(changed((url) => (url.pathname = '/nowhere')));
  expect(unknown.message).toContain('Create it, or correct its name.');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const down = await failure(changed((url) => (url.port = String(port))));
  expect(down.message).toContain('Start the database');
});

test.each(['says nothing', 'hangs up'])(
  'a server that %s is an error, not a hang',
  async (what) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      if (what === 'hangs up') socket.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await failure(`postgres://u:p@127.0.0.1:${port}/d`, 300);
    for (const socket of sockets) socket.destroy();
    server.close();
  },
);

test('a url that is none is refused without showing its password', () => {
  const open = (): unknown => postgresStore('postgres://u:hunter2@[bad/d');
  expect(open).toThrow(InvalidOptionError);
  expect(open).not.toThrow(/hunter2/);
});

test.each([
  { channel: 'x'.repeat(64) },
  { channel: '' },
  { channel: 'a\0b' },
  { channel: 'a\ud800' },
  { maxConnections: 0 },
  { heartbeatMs: 1.5 },
  { replyTimeoutMs: 0 },
  { signalDelivery: 'sometimes' as never },
])('the option %o is refused', (options) => {
  expect(() => postgresStore(database.url, options)).toThrow(InvalidOptionError);
});

test('when all connections are busy the wait ends with a PoolTimeoutError, and those who wait are served in order', async () => {
  const store = postgresStore(database.url, { maxConnections: 1, acquireTimeoutMs: 1_500 });
  const accounts = store.repository(Account);
  const taken = deferred();
  const busy = deferred();
  const holding = store.transaction(async () => {
    await accounts.find();
    taken.resolve();
    await busy.promise;
  });
  await taken.promise;
  await expect(accounts.get(ref)).rejects.toBeInstanceOf(PoolTimeoutError);
  const served: number[] = [];
  const waiting = [1, 2, 3].map((which) => accounts.get(ref).then(() => served.push(which)));
  busy.resolve();
  await Promise.all([holding, ...waiting]);
  expect(served).toEqual([1, 2, 3]);
  await store.close();
});

test('nested transactions need no second connection, however many run at a time', async () => {
  const store = postgresStore(database.url, { maxConnections: 2, acquireTimeoutMs: 5_000 });
  const accounts = store.repository(Account);
  const nested = (depth: number): Promise<number> =>
    store.transaction(async () => {
      await accounts.find();
      return depth === 0 ? 0 : 1 + (await nested(depth - 1));
    });
  expect(await Promise.all(Array.from({ length: 20 }, () => nested(3)))).toEqual(
    Array.from({ length: 20 }, () => 3),
  );
  await store.close();
});

test('transactions that wait for others while they hold every connection end with a PoolTimeoutError', async () => {
  const store = postgresStore(database.url, { maxConnections: 2, acquireTimeoutMs: 1_500 });
  const accounts = store.repository(Account);
  // Bound to where no transaction runs: a transaction of its own, which needs a connection of its own.
  const apart = AsyncResource.bind(() =>
    store.transaction(async () => {
      await accounts.find();
    }),
  );
  const holds = Array.from({ length: 2 }, () => deferred());
  const holding = holds.map((hold) =>
    store.transaction(async () => {
      await accounts.find();
      hold.resolve();
      await Promise.all(holds.map(({ promise }) => promise));
      await apart();
    }),
  );
  for (const result of await Promise.allSettled(holding)) {
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'POOL_TIMEOUT' } });
  }
  expect(await accounts.find()).toEqual([]);
  await store.close();
});

test('a pool of many connections opens them all at once without a warning', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  const store = postgresStore(database.url, { maxConnections: 15 });
  const accounts = store.repository(Account);
  await Promise.all(Array.from({ length: 15 }, () => accounts.get(ref)));
  await store.close();
  // Node emits warnings in a later turn.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

test('a process that closes its store ends by itself', async () => {
  const script = `
    import { defineModel, defineSignals } from '@justscale/runtime';
    import { postgresStore } from '@justscale/runtime/postgres';
    import { z } from 'zod';
    class Account extends defineModel('account', z.object({ owner: z.string(), balance: z.number() })) {}
    class Signals extends defineSignals((signal) => ({ ping: signal('/ping/:who') })) {}
    const store = postgresStore(process.argv[1]);
    const signals = store.signals(Signals);
    await signals.ping.subscribe(() => undefined).ready;
    await store.transaction(async () => {
      await store.repository(Account).find();
      await signals.ping.emit({ who: 'me' });
    });
    await store.close();
    console.log('closed');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, database.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 15_000,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  expect({ output, code }).toEqual({ output: 'closed\n', code: 0 });
});
