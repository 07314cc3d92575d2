import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { postgresStore, type DriverOptions } from '@justscale/runtime/postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConnectionLostError, DatabaseError } from '../../src/errors/store-errors.js';
import { statementError } from '../../src/postgres/postgres-errors.js';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';
import { connectServer, type Server } from './support/server.js';

const database = useDatabase(ACCOUNT_SCHEMA);
let server: Server;

beforeAll(() => {
  server = connectServer(database.url);
});
afterAll(() => server.end());

/** A store on one connection, and the socket of it. */
function openStore(): { store: ReturnType<typeof postgresStore>; socket: () => Socket } {
  const { hostname, port, username, password, pathname } = new URL(database.url);
  let socket: Socket | undefined;
  const options = {
    ...{ host: hostname, port: Number(port), username, password, database: pathname.slice(1) },
    socket: () => (socket = connect(Number(port), hostname)),
  };
  const store = postgresStore(options as DriverOptions, { maxConnections: 1 });
  return { store, socket: () => socket! };
}

test('lost before COMMIT was sent, the transaction is known to be rolled back', async () => {
  const { store, socket } = openStore();
  const accounts = store.repository(Account);
  const committing = store.transaction(async () => {
    await accounts.save(new Account({ owner: 'ada', balance: 1 }));
    const closed = once(socket(), 'close');
    expect(await server.kill({ state: 'idle in transaction' })).toBe(1);
    await closed;
  });
  await expect(committing).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
    outcome: 'rolled back',
  });
  expect(await accounts.find()).toEqual([]);
  await store.close();
});

test.each(['08000', '08006', '08P01', '57P01', '57P02', '57P03', '57P05', '25P03', '25P04'])(
  'SQLSTATE %s: the connection is lost',
  (code) => {
    const error = statementError(Object.assign(new Error('gone'), { code }), { name: 'account' });
    expect(error).toBeInstanceOf(ConnectionLostError);
  },
);

test.each(['57014', '25006', '22003', '53300'])('SQLSTATE %s: it is not', (code) => {
  const error = statementError(Object.assign(new Error('no'), { code }), { name: 'account' });
  expect(error).toBeInstanceOf(DatabaseError);
});
