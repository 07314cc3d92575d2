import { connect, type Socket } from 'node:net';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { postgresStore } from '@justscale/runtime/postgres';
import { expect, test } from 'vitest';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';

const database = useDatabase(ACCOUNT_SCHEMA);
const ref = Account.ref('a1');

/** Counts flights: how often something is sent after something was received. */
class FlightCounter {
  flights = 0;
  #hasReceived = true;

  open(): Socket {
    const { hostname, port } = new URL(database.url);
    const socket = connect(Number(port), hostname);
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    socket.write = (...args: unknown[]) => {
      if (this.#hasReceived) this.flights += 1;
      this.#hasReceived = false;
      return write(...args);
    };
    socket.on('data', () => (this.#hasReceived = true));
    return socket;
  }
}

test('lock, write and COMMIT: three flights in a transaction, two in a mutate, one for a read', async () => {
  const counter = new FlightCounter();
  const { hostname, port, username, password, pathname } = new URL(database.url);
  const options = {
    host: hostname,
    port: Number(port),
    username,
    password,
    database: pathname.slice(1),
    socket: () => counter.open(),
  };
  const store = postgresStore(options, { maxConnections: 1 });
  const accounts = store.repository(Account);
  await accounts.save(new Account({ owner: 'ada', balance: 0 }, { id: 'a1' }));
  const flights = async (work: () => Promise<unknown>): Promise<number> => {
    await work();
    const before = counter.flights;
    await work();
    return counter.flights - before;
  };
  const increment = async (timeoutMs?: number): Promise<void> => {
    const account = (await accounts.lock(ref, timeoutMs === undefined ? {} : { timeoutMs }))!;
    await accounts.update(account, { balance: account.balance + 1 });
  };
  expect(await flights(() => store.transaction(() => increment()))).toBe(3);
  expect(await flights(() => store.transaction(() => increment(1_000)))).toBe(3);
  expect(
    await flights(() => accounts.mutate(ref, ({ balance }) => ({ balance: balance + 1 }))),
  ).toBe(2);
  expect(await flights(() => accounts.get(ref))).toBe(1);
  expect(await accounts.get(ref)).toMatchObject({ balance: 6 });

  // Settings travel with BEGIN, and SQL of one's own with all that guards it.
  const settings = { 'app.tenant': 'acme', 'app.user': 'ada' };
  expect(await flights(() => store.transaction(() => increment(), { settings }))).toBe(3);
  expect(await flights(() => store.read('select $1::text as name', ['ada']))).toBe(1);
  const readInside = (): Promise<unknown> => store.transaction(() => store.read('select 1 as one'));
  expect(await flights(readInside)).toBe(2);
  await store.close();
});

test('hundreds of statements under way on one connection get their own replies', async () => {
  const store = postgresStore(database.url, { maxConnections: 1 });
  const accounts = store.repository(Account);
  const ids = Array.from({ length: 300 }, (_, index) => `many-${index}`);
  await store.transaction(() =>
    Promise.all(
      ids.map((id, balance) => accounts.save(new Account({ owner: id, balance }, { id }))),
    ).then(() => undefined),
  );
  const read = await store.transaction(() =>
    Promise.all(ids.map((id) => accounts.get(Account.ref(id)))),
  );
  expect(read.map((account) => account?.balance)).toEqual(ids.map((_, index) => index));
  await store.close();
});
