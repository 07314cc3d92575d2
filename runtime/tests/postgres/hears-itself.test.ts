import { startProxy } from '@justscale/fixtures/fault-proxy';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import {
  defineSignals,
  InvalidOptionError,
  SignalsUnheardError,
  type Store,
} from '@justscale/runtime';
import { postgresStore, type PostgresStoreOptions } from '@justscale/runtime/postgres';
import { describe, expect, test } from 'vitest';
import { startDeafProxy } from './support/deaf-proxy.js';

const database = useDatabase();
const another = useDatabase();
class Signals extends defineSignals((signal) => ({ ping: signal('/ping/:who') })) {}

interface Hearing {
  readonly store: Store;
  readonly heard: string[];
  readonly errors: Error[];
  readonly gaps: () => number;
  readonly ready: Promise<void>;
  readonly emit: (who: string) => Promise<void>;
}

/** A store that subscribed to pings, and what it reports. */
function listen(url: string, options: PostgresStoreOptions): Hearing {
  const store = postgresStore(url, options);
  const { ping } = store.signals(Signals);
  const heard: string[] = [];
  const errors: Error[] = [];
  let gapCount = 0;
  store.on('error', (error) => errors.push(error));
  store.on('gap', () => (gapCount += 1));
  const { ready } = ping.subscribe(({ who }) => heard.push(who));
  return { store, heard, errors, gaps: () => gapCount, ready, emit: (who) => ping.emit({ who }) };
}

describe.concurrent('where nothing that a store sends comes back', () => {
  test('ready rejects and says what to do, once; when it hears again there is a gap, and later ones are ready', async () => {
    const proxy = await startDeafProxy(database.url);
    proxy.isDeaf = true;
    const { store, heard, errors, gaps, ready, emit } = listen(proxy.through(database.url), {
      channel: 'deaf',
    });
    await expect(ready).rejects.toThrow(SignalsUnheardError);
    await expect(ready).rejects.toThrow(/PgBouncer.*listenUrl/);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: 'SIGNALS_UNHEARD' });
    expect(errors[0]?.message).toContain('NOTIFY deaf over 127.0.0.1');
    proxy.isDeaf = false;
    await waitUntil(() => gaps() === 1);
    await store.signals(Signals).ping.subscribe(() => undefined).ready;
    await emit('after');
    await waitUntil(() => heard.includes('after'));
    await store.close();
    proxy.close();
  });

  test('the heartbeat notices, although the connection answers', async () => {
    const proxy = await startDeafProxy(database.url);
    const { store, heard, errors, gaps, ready, emit } = listen(proxy.through(database.url), {
      channel: 'later',
      heartbeatMs: 200,
    });
    await ready;
    proxy.isDeaf = true;
    await waitUntil(() => errors.length > 0);
    expect(errors[0]).toBeInstanceOf(SignalsUnheardError);
    proxy.isDeaf = false;
    await waitUntil(() => gaps() > 0, { timeoutMs: 15_000 });
    await emit('after');
    await waitUntil(() => heard.includes('after'));
    await store.close();
    proxy.close();
  });

  test('an address of another database', async () => {
    const { store, ready } = listen(database.url, { listenUrl: another.url });
    await expect(ready).rejects.toThrow('the same database');
    await store.close();
  });
});

describe('listenUrl', () => {
  test('leads the connection that listens, and no other', async () => {
    const proxy = await startProxy(Number(new URL(database.url).port));
    const { store, heard, gaps, ready, emit } = listen(database.url, {
      channel: 'direct',
      listenUrl: proxy.through(database.url),
    });
    await ready;
    await emit('heard');
    await waitUntil(() => heard.includes('heard'));
    expect(proxy.connections).toBe(1);
    proxy.cut();
    await waitUntil(() => gaps() === 1);
    await store.close();
    await proxy.close();
  });

  test('while nothing can be sent, what others send is heard', async () => {
    const proxy = await startProxy(Number(new URL(database.url).port));
    const one = listen(proxy.through(database.url), {
      channel: 'one way',
      listenUrl: database.url,
      heartbeatMs: 50,
    });
    const two = listen(database.url, { channel: 'one way' });
    await Promise.all([one.ready, two.ready]);
    proxy.refuse();
    proxy.cut();
    // Longer than any attempt to send takes.
    for (let count = 0; count < 30; count++) {
      await two.emit(`${count}`);
      await waitUntil(() => one.heard.includes(`${count}`));
    }
    expect(one.gaps()).toBe(0);
    await one.store.close();
    await two.store.close();
    await proxy.close();
  });

  test('one that cannot be used is refused by its name', () => {
    const open = (): unknown => postgresStore(database.url, { listenUrl: 'mysql://x' });
    expect(open).toThrow(InvalidOptionError);
    expect(open).toThrow(/^listenUrl: /);
    expect(() => postgresStore(database.url, { listenUrl: null as never })).toThrow(/^listenUrl: /);
  });
});
