import {
  ConnectionLostError,
  defineModel,
  defineSignals,
  type Locked,
  type Store,
} from '@justscale/runtime';
import type { SignalTransport, TopicListener } from '@justscale/runtime/adapter';
import { memoryStore } from '@justscale/runtime/memory';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

class Item extends defineModel('item', z.object({ size: z.number() })) {}
class Signals extends defineSignals((signal) => ({ said: signal('/said/:what') })) {}

/** Hands what it is given to the listener, and does what the test says before. */
class TestTransport implements SignalTransport {
  readonly name = 'test';
  readonly limits = { topicBytes: 20, topicsAtOnce: 3, callsAtOnce: 2 };
  readonly calls: string[][] = [];
  isClosed = false;
  listener: TopicListener | undefined;
  before: () => Promise<void> = async () => undefined;

  async publish(topics: readonly string[]): Promise<void> {
    this.calls.push([...topics]);
    await this.before();
    for (const topic of topics) this.listener?.topic(topic);
  }

  async listen(listener: TopicListener): Promise<void> {
    this.listener = listener;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

let transport: TestTransport;
let store: Store;
let said: Signals['said'];

beforeEach(() => {
  transport = new TestTransport();
  store = memoryStore({ signals: transport });
  ({ said } = store.signals(Signals));
});
afterEach(() => store.close());

const emitAll = (names: readonly string[]): Promise<unknown> =>
  Promise.all(names.map((what) => said.emit({ what })));

test('a transport of its own carries the signals of a store, and is closed with it', async () => {
  const stream = said.stream();
  await stream.ready;
  await said.emit({ what: 'a' });
  expect((await stream.next()).value).toEqual({ what: 'a' });
  await store.close();
  expect(transport.isClosed).toBe(true);
});

test('after the commit, and never for a rollback', async () => {
  const items = store.repository(Item);
  const saved = await items.save(new Item({ size: 1 }));
  await store
    .transaction(async () => {
      await said.emit({ what: 'never' });
      throw new Error('no');
    })
    .catch(() => undefined);
  let during: number | undefined;
  await store.transaction(async () => {
    const locked = (await items.lock(Item.ref(saved))) as Locked<Item>;
    await said.emit({ what: 'b' });
    await items.update(locked, { size: 2 });
    during = transport.calls.length;
  });
  await items.mutate(Item.ref(saved), () => {
    void said.emit({ what: 'c' });
    return { size: 3 };
  });
  await expect.poll(() => transport.calls.flat()).toEqual(['/said/b', '/said/c']);
  expect(during).toBe(0);
});

test('what comes in one turn travels together, as many as the transport takes, in order', async () => {
  await emitAll(['1', '2', '3', '4', '5', '6', '7']);
  expect(transport.calls).toEqual([
    ['/said/1', '/said/2', '/said/3'],
    ['/said/4', '/said/5', '/said/6'],
    ['/said/7'],
  ]);
});

test('what was not sent is sent again, before what came later; what may have been is not', async () => {
  const outcomes = [new ConnectionLostError('rolled back'), new ConnectionLostError('unknown')];
  transport.before = async () => {
    const failure = outcomes.shift();
    if (failure !== undefined) throw failure;
  };
  const first = said.emit({ what: 'first' });
  await expect(first).rejects.toMatchObject({ code: 'CONNECTION_LOST', outcome: 'unknown' });
  expect(transport.calls).toEqual([['/said/first'], ['/said/first']]);
});

test('a signal of a commit that could not be sent is an error of the store', async () => {
  transport.before = () => Promise.reject(new Error('refused'));
  const reported = new Promise<Error>((resolve) => store.on('error', resolve));
  await store.transaction(() => said.emit({ what: 'x' }));
  expect((await reported).message).toBe('refused');
});

test('a topic that is longer than the transport takes is refused', async () => {
  await expect(said.emit({ what: 'x'.repeat(20) })).rejects.toMatchObject({ code: 'SIGNAL_PATH' });
  expect(transport.calls).toEqual([]);
});

test('what the transport reports are events of the store', async () => {
  const events: unknown[] = [];
  store.on('gap', () => events.push('gap'));
  store.on('error', (error) => events.push(error.message));
  await said.subscribe(() => undefined).ready;
  transport.listener?.gap();
  transport.listener?.error(new Error('it is gone'));
  expect(events).toEqual(['gap', 'it is gone']);
});

test('close sends what waits, without another attempt', async () => {
  transport.before = () => Promise.reject(new ConnectionLostError('rolled back'));
  const failures: string[] = [];
  store.on('error', ({ message }) => failures.push(message));
  await store.transaction(() => said.emit({ what: 'x' }));
  await store.close();
  expect(transport.calls).toHaveLength(1);
  expect(failures).toHaveLength(1);
});
