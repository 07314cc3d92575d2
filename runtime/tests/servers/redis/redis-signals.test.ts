import { startProxy } from '@justscale/fixtures/fault-proxy';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { redisUrl } from '@justscale/fixtures/redis/vitest';
import { startRedis } from '@justscale/fixtures/redis';
import { waitUntil } from '@justscale/fixtures/wait-until';
import {
  ConnectionFailedError,
  defineSignals,
  InvalidOptionError,
  SignalDecodeError,
  SignalTransportError,
  type Store,
} from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { redisSignals, type RedisSignalsOptions } from '@justscale/runtime/redis';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const database = useDatabase();
class Signals extends defineSignals((signal) => ({ ping: signal('/ping/:who') })) {}

let admin: ReturnType<typeof connectAdmin>;
beforeAll(async () => {
  admin = connectAdmin(redisUrl());
  await admin.connect();
});
afterAll(() => admin.close());

function connectAdmin(url: string) {
  return createClient({ url });
}

interface Hearing {
  readonly store: Store;
  readonly heard: string[];
  readonly errors: Error[];
  readonly gaps: () => number;
  readonly ready: Promise<void>;
  readonly emit: (who: string) => Promise<void>;
}

/** A store that hears pings over Redis, and what it reports. */
function listen(url: string, options: RedisSignalsOptions): Hearing {
  const store = postgresStore(database.url, { signals: redisSignals(url, options) });
  const { ping } = store.signals(Signals);
  const heard: string[] = [];
  const errors: Error[] = [];
  let gapCount = 0;
  store.on('error', (error) => errors.push(error));
  store.on('gap', () => (gapCount += 1));
  const { ready } = ping.subscribe(({ who }) => heard.push(who));
  return { store, heard, errors, gaps: () => gapCount, ready, emit: (who) => ping.emit({ who }) };
}

test('equal ones in one transaction all arrive once, in order; thousands too; other stores hear the same', async () => {
  const stores = [1, 2, 3].map(() => listen(redisUrl(), { channel: 'order' }));
  await Promise.all(stores.map(({ ready }) => ready));
  const [one] = stores;
  const sent = ['a', 'a', 'b', 'a', ...Array.from({ length: 5_000 }, (_, index) => `n${index}`)];
  await one?.store.transaction(async () => {
    for (const who of sent) await one.emit(who);
  });
  await one?.emit('last');
  for (const { heard } of stores) {
    await waitUntil(() => heard.includes('last'));
    expect(heard).toEqual([...sent, 'last']);
  }
  await Promise.all(stores.map(({ store }) => store.close()));
});

test('only after the commit, and never for a rollback', async () => {
  const { store, heard, ready, emit } = listen(redisUrl(), { channel: 'commit' });
  await ready;
  await store.transaction(async () => {
    await emit('committed');
    await store.lockName('a connection');
    // Another one that was emitted later, and arrives first.
    await new Promise<void>((resolve) => {
      const other = postgresStore(database.url, {
        signals: redisSignals(redisUrl(), { channel: 'commit' }),
      });
      void other
        .signals(Signals)
        .ping.emit({ who: 'other' })
        .then(() => waitUntil(() => heard.includes('other')))
        .then(() => other.close())
        .then(resolve);
    });
    expect(heard).toEqual(['other']);
  });
  await waitUntil(() => heard.includes('committed'));
  const failing = store.transaction(async () => {
    await emit('rolled back');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await emit('last');
  await waitUntil(() => heard.includes('last'));
  expect(heard).toEqual(['other', 'committed', 'last']);
  await store.close();
});

describe('after a loss of the connection there is a gap, and signals are heard again', () => {
  test('when the server ends it', async () => {
    const { store, heard, gaps, ready, emit } = listen(redisUrl(), { channel: 'killed' });
    await ready;
    await admin.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    await waitUntil(() => gaps() === 1);
    await emit('after');
    await waitUntil(() => heard.includes('after'));
    await store.close();
  });

  test('when it is half-open', async () => {
    const proxy = await startProxy(Number(new URL(redisUrl()).port));
    const { store, heard, gaps, ready, emit } = listen(proxy.through(redisUrl()), {
      channel: 'half',
      heartbeatMs: 100,
      replyTimeoutMs: 200,
      connectTimeoutMs: 500,
    });
    await ready;
    expect(proxy.connections).toBe(2);
    proxy.pause();
    await waitUntil(() => proxy.connections > 2);
    proxy.resume();
    await waitUntil(() => gaps() >= 1);
    await emit('after');
    await waitUntil(() => heard.includes('after'));
    await store.close();
    await proxy.close();
  });

  test('when the server is away: reported once; what is emitted meanwhile is sent later, once it is back', async () => {
    const server = await startRedis();
    const { store, heard, errors, gaps, ready, emit } = listen(server.url, { channel: 'away' });
    await ready;
    await server.stop();
    await waitUntil(() => errors.length > 0);
    expect(errors[0]).toBeInstanceOf(ConnectionFailedError);
    expect(errors[0]?.message).toContain(`127.0.0.1:${server.port}: nothing listens there`);
    const emitted = emit('meanwhile');
    await server.start();
    await emitted;
    await waitUntil(() => gaps() === 1);
    expect(errors).toHaveLength(1);
    await emit('after');
    await waitUntil(() => heard.includes('after'));
    await store.close();
    await server.stop();
  });

  test('a reply that is lost is an error, not a second signal', async () => {
    const proxy = await startProxy(Number(new URL(redisUrl()).port));
    const hearing = listen(redisUrl(), { channel: 'once' });
    const sending = postgresStore(database.url, {
      signals: redisSignals(proxy.through(redisUrl()), {
        channel: 'once',
        replyTimeoutMs: 300,
      }),
    });
    const { ping } = sending.signals(Signals);
    await hearing.ready;
    await ping.emit({ who: 'before' });
    proxy.pause();
    await expect(ping.emit({ who: 'unsure' })).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      outcome: 'unknown',
    });
    proxy.resume();
    await ping.emit({ who: 'after' });
    await waitUntil(() => hearing.heard.includes('after'));
    expect(hearing.heard.filter((who) => who === 'unsure').length).toBeLessThanOrEqual(1);
    await sending.close();
    await hearing.store.close();
    await proxy.close();
  });
});

describe('limits', () => {
  test('what is no signal is reported, and nobody is dropped', async () => {
    const { store, heard, errors, ready, emit } = listen(redisUrl(), {
      channel: 'garbage',
    });
    await ready;
    const garbage = ['', 'x', '{"a":1}', '/ping/%zz', 'x'.repeat(200_000)];
    for (const message of garbage) await admin.publish('garbage', message);
    await emit('after');
    await waitUntil(() => heard.includes('after'));
    expect(errors).toHaveLength(garbage.length);
    for (const error of errors) expect(error).toBeInstanceOf(SignalDecodeError);
    expect(heard).toEqual(['after']);
    await store.close();
  });

  test('what the server refuses is an error of those that emit, and says what to do', async () => {
    await admin.sendCommand([
      'ACL',
      'SETUSER',
      'silent',
      'on',
      '>secret',
      '&*',
      '+@all',
      '-publish',
    ]);
    const url = redisUrl().replace('//', '//silent:secret@');
    const store = postgresStore(database.url, { signals: redisSignals(url) });
    const { ping } = store.signals(Signals);
    const refused = ping.emit({ who: 'me' });
    await expect(refused).rejects.toThrow(SignalTransportError);
    await expect(refused).rejects.toThrow(/\+publish/);
    const errors: Error[] = [];
    store.on('error', (error) => errors.push(error));
    ping.subscribe(() => undefined);
    await waitUntil(() => errors.length > 0);
    expect(errors[0]).toBeInstanceOf(SignalTransportError);
    await store.close();
  });

  test('a password that is refused, without showing it', async () => {
    const url = redisUrl().replace('//', '//somebody:hunter2@');
    const { store, errors } = listen(url, {});
    await waitUntil(() => errors.length > 0);
    expect(errors[0]).toBeInstanceOf(ConnectionFailedError);
    expect(errors[0]?.message).toContain('password');
    expect(errors[0]?.message).not.toContain('hunter2');
    await store.close();
  });

  test.each([
    '',
    'http://host',
    'redis://',
    'postgres://u:hunter2@host/x',
    undefined,
    5,
    { host: 'x' },
  ])('redisSignals(%o) is refused', (url) => {
    const open = (): unknown => redisSignals(url as never);
    expect(open).toThrow(InvalidOptionError);
    expect(open).not.toThrow('hunter2');
  });

  test.each([{ channel: '' }, { heartbeatMs: 0 }, { replyTimeoutMs: 1.5 }, { chanel: 'x' }])(
    'redisSignals(url, %o) is refused',
    (options) => {
      expect(() => redisSignals('redis://localhost', options as never)).toThrow(InvalidOptionError);
    },
  );
});

describe('close', () => {
  test('sends what was committed before, and leaves no connection', async () => {
    const channel = 'last';
    const one = listen(redisUrl(), { channel });
    await one.ready;
    const two = postgresStore(database.url, {
      signals: redisSignals({ url: redisUrl(), name: 'two' }, { channel }),
    });
    await two.transaction(() => two.signals(Signals).ping.emit({ who: 'last' }));
    await two.signals(Signals).ping.subscribe(() => undefined).ready;
    expect(await connectionsOf('two')).toBe(2);
    await two.close();
    await waitUntil(() => one.heard.includes('last'));
    await waitUntil(async () => (await connectionsOf('two')) === 0);
    await one.store.close();
  });

  test('does not wait for a server that is away, and rejects ready', async () => {
    const { store, ready } = listen('redis://127.0.0.1:1', {});
    const closed = expect(ready).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await store.close();
    await closed;
  });
});

async function connectionsOf(name: string): Promise<number> {
  const clients = await admin.clientList();
  return clients.filter((client) => client.name === name).length;
}
