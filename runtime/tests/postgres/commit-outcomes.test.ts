import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import type { Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ConnectionLostError, DatabaseError } from '#src/errors/store-errors.js';
import { statementError } from '#src/postgres/postgres-errors.js';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';
import { connectServer, type Server } from './support/server.js';

// The note of an account is the SQLSTATE that its COMMIT fails with.
const database = useDatabase(`${ACCOUNT_SCHEMA};
  create function fail_late() returns trigger language plpgsql as $$ begin
    raise exception 'too late' using errcode = new.note;
  end $$;
  create constraint trigger fail_late after insert on account deferrable initially deferred
    for each row when (new.note is not null) execute function fail_late()`);
let server: Server;

beforeAll(() => {
  server = connectServer(database.url);
});
beforeEach(() => server.sql`delete from account`);
afterAll(() => server.end());

/** A store on one connection, and the socket of it; what is sent goes through `change`. */
function openStore(change: (sent: Buffer) => Buffer = (sent) => sent): {
  store: Store;
  socket: () => Socket;
} {
  const { hostname, port, username, password, pathname } = new URL(database.url);
  let socket: Socket | undefined;
  const options = {
    ...{ host: hostname, port: Number(port), username, password, database: pathname.slice(1) },
    socket: () => {
      socket = connect(Number(port), hostname);
      const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
      socket.write = (sent: unknown, ...rest: unknown[]) =>
        write(Buffer.isBuffer(sent) ? change(sent) : sent, ...rest);
      return socket;
    },
  };
  const store = postgresStore(options, { maxConnections: 1 });
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

test('where BEGIN fails nothing runs as if it were in a transaction', async () => {
  const spoil = (sent: Buffer): Buffer =>
    Buffer.from(sent.toString('latin1').replace('begin isolation', 'bogus isolation'), 'latin1');
  const { store } = openStore(spoil);
  const accounts = store.repository(Account);
  await server.sql`insert into account values ('held', 'zoe', 0)`;
  let locked: unknown;
  const failing = store.transaction(async () => {
    locked = await accounts.lock(Account.ref('held'));
  });
  await expect(failing).rejects.toMatchObject({ code: 'DATABASE', sqlState: '42601' });
  expect(locked).toBeUndefined();
  await store.close();
});

test('a COMMIT that the server answers with ROLLBACK is an error', async () => {
  const abort = (sent: Buffer): Buffer =>
    Buffer.from(sent.toString('latin1').replace('commit\0', 'abort \0'), 'latin1');
  const { store } = openStore(abort);
  const accounts = store.repository(Account);
  const committing = store.transaction(
    async () => void (await accounts.save(new Account({ owner: 'ada', balance: 1 }))),
  );
  await expect(committing).rejects.toMatchObject({ code: 'TRANSACTION_ROLLED_BACK' });
  expect(await accounts.find()).toEqual([]);
  await store.close();
});

test('a COMMIT that fails leaves its connection to the transaction that waits for it', async () => {
  const { store } = openStore();
  const accounts = store.repository(Account);
  const failing = accounts.save(new Account({ owner: 'ada', balance: 1, note: '23503' }));
  const waiting = store.transaction(async () => {
    const saved = await accounts.save(new Account({ owner: 'bob', balance: 1 }));
    const locked = (await accounts.lock(Account.ref(saved)))!;
    return (await accounts.update(locked, { balance: 2 })).balance;
  });
  await expect(failing).rejects.toMatchObject({ code: 'FOREIGN_KEY', sqlState: '23503' });
  expect(await waiting).toBe(2);
  await store.close();
});

test('a COMMIT that failed for a lost connection may have been done, and its connection is not used again', async () => {
  const { store } = openStore();
  const accounts = store.repository(Account);
  const failing = accounts.save(new Account({ owner: 'eve', balance: 1, note: '08006' }));
  await expect(failing).rejects.toMatchObject({ code: 'CONNECTION_LOST', outcome: 'unknown' });
  expect(await accounts.find({ owner: 'eve' })).toEqual([]);
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
