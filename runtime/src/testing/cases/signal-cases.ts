import assert from 'node:assert/strict';
import type { Store } from '../../store/store.js';
import { createGate, type ConformanceCase } from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';

/** The next event of a store. */
function nextError(store: Store): Promise<Error & { code?: string; cause?: unknown }> {
  return new Promise((resolve) => store.on('error', resolve));
}

export const signalCases: readonly ConformanceCase[] = [
  {
    title: 'what is emitted arrives as a Ref and as text, whatever characters it has',
    async run(world) {
      const saved = await world.account();
      const how = 'a/b:ä %2F \u{1f600}\n"';
      const arrived = new Promise<object>((resolve) => {
        const { ready } = world.signals.changed.subscribe(resolve, { account: saved });
        void ready.then(() => world.signals.changed.emit({ account: saved, how }));
      });
      assert.deepEqual(await arrived, { account: ConformanceAccount.ref(saved), how });
    },
  },
  {
    title: 'a Ref, a Persistent and a Locked are the same identity',
    async run(world) {
      const saved = await world.account();
      const stream = world.signals.changed.stream({ only: { account: saved } });
      await stream.ready;
      await world.signals.changed.emit({ account: ConformanceAccount.ref(saved), how: 'ref' });
      await world.signals.changed.emit({ account: saved, how: 'persistent' });
      await world.withLock(saved, async (locked) =>
        world.signals.changed.emit({ account: locked, how: 'locked' }),
      );
      for (const how of ['ref', 'persistent', 'locked']) {
        const { value } = await stream.next();
        assert.deepEqual(value, { account: ConformanceAccount.ref(saved), how });
      }
      await stream.return();
    },
  },
  {
    title:
      'inside a transaction they are delivered after COMMIT, in order, also when they are equal',
    async run(world) {
      const saved = await world.account();
      const stream = world.signals.changed.stream({ only: { account: saved } });
      await stream.ready;
      await world.withLock(saved, async (locked) => {
        for (const how of ['a', 'a', 'b', 'a'])
          await world.signals.changed.emit({ account: saved, how });
        await world.accounts.update(locked, { balance: 1 });
      });
      for (const how of ['a', 'a', 'b', 'a']) {
        const { value } = await stream.next();
        assert.equal(value?.how, how);
        assert.equal(await world.balance(saved), 1);
      }
      await stream.return();
    },
  },
  {
    title: 'never after ROLLBACK, nor for a change of mutate that failed',
    async run(world) {
      const saved = await world.account();
      const stream = world.signals.changed.stream({ only: { account: saved } });
      await stream.ready;
      const failing = world.store.transaction(async () => {
        await world.signals.changed.emit({ account: saved, how: 'rolled back' });
        throw new Error('no');
      });
      await assert.rejects(failing);
      const spoiled = world.accounts.mutate(ConformanceAccount.ref(saved), () => {
        void world.signals.changed.emit({ account: saved, how: 'failed' });
        throw new Error('no');
      });
      await assert.rejects(spoiled);
      await world.signals.changed.emit({ account: saved, how: 'next' });
      assert.equal((await stream.next()).value?.how, 'next');
      await stream.return();
    },
  },
  {
    title: 'a filter hears its own identity only',
    async run(world) {
      const [a, b] = [await world.account(), await world.account()];
      const heard: string[] = [];
      const last = createGate();
      const note =
        (who: string) =>
        ({ how }: { how: string }) => {
          heard.push(`${who} ${how}`);
          if (how === 'end') last.open();
        };
      const subscriptions = [
        world.signals.changed.subscribe(note('a'), { account: a }),
        world.signals.changed.subscribe(note('b x'), { account: b, how: 'x' }),
        world.signals.changed.subscribe(note('b'), { account: b }),
      ];
      await Promise.all(subscriptions.map(({ ready }) => ready));
      await world.signals.changed.emit({ account: a, how: 'x' });
      await world.signals.changed.emit({ account: b, how: 'x' });
      await world.signals.changed.emit({ account: b, how: 'end' });
      await last.opened;
      assert.deepEqual(heard.toSorted(), ['a x', 'b end', 'b x', 'b x x']);
    },
  },
  {
    title: 'unsubscribe and dispose end it',
    async run(world) {
      const saved = await world.account();
      const heard: string[] = [];
      const first = world.signals.changed.subscribe(() => heard.push('first'), { account: saved });
      const second = world.signals.changed.subscribe(() => heard.push('second'), {
        account: saved,
      });
      const stream = world.signals.changed.stream({ only: { account: saved } });
      await Promise.all([first.ready, second.ready, stream.ready]);
      first.unsubscribe();
      first.unsubscribe();
      second[Symbol.dispose]();
      await world.signals.changed.emit({ account: saved, how: 'x' });
      await stream.next();
      await stream.return();
      assert.deepEqual(heard, []);
    },
  },
  {
    title: 'a subscriber that throws or rejects is reported, and the others are called',
    async run(world) {
      const saved = await world.account();
      for (const fail of [
        () => {
          throw new Error('thrown');
        },
        () => Promise.reject(new Error('rejected')),
      ]) {
        const reported = nextError(world.store);
        const failing = world.signals.closed.subscribe(fail, { account: saved });
        const stream = world.signals.closed.stream({ only: { account: saved } });
        await Promise.all([failing.ready, stream.ready]);
        await world.signals.closed.emit({ account: saved });
        assert.equal((await reported).code, 'SIGNAL_LISTENER');
        assert.equal((await stream.next()).done, false);
        failing.unsubscribe();
        await stream.return();
      }
    },
  },
  {
    title: 'subscribers are code of no transaction',
    async run(world) {
      const saved = await world.account();
      const result = new Promise<unknown>((resolve) => {
        void world.store.transaction(async () => {
          const listener = (): void => resolve(world.account().then(() => 'saved'));
          await world.signals.closed.subscribe(listener, { account: saved }).ready;
          await world.signals.closed.emit({ account: saved });
        });
      });
      assert.equal(await result, 'saved');
    },
  },
  {
    title: 'a stream ends with its signal, and says when its consumer falls too far behind',
    async run(world) {
      const saved = await world.account();
      const abort = new AbortController();
      const aborted = world.signals.changed.stream({ signal: abort.signal });
      const waiting = aborted.next();
      abort.abort();
      assert.equal((await waiting).done, true);
      assert.equal((await aborted.next()).done, true);

      const slow = world.signals.changed.stream({ only: { account: saved }, limit: 2 });
      const watching = world.signals.changed.stream({ only: { account: saved } });
      await Promise.all([slow.ready, watching.ready]);
      for (const how of ['1', '2', '3']) await world.signals.changed.emit({ account: saved, how });
      for (let count = 0; count < 3; count++) await watching.next();
      await assert.rejects(slow.next(), { code: 'SIGNAL_OVERFLOW', limit: 2 });
      await watching.return();
    },
  },
  {
    title:
      'a missing, foreign, empty or unknown parameter is refused, and a topic that is too long',
    async run(world) {
      const account = ConformanceAccount.ref(world.id());
      const wrong: object[] = [
        { account },
        { account, how: '' },
        { account, how: 5 },
        { account: account.id, how: 'x' },
        { account: { ...account }, how: 'x' },
        { account, how: 'x', extra: 'y' },
        { account, how: 'a\0' },
        { account, how: '\ud800' },
        { account, how: 'x'.repeat(9_000) },
        { account, how: 'ä'.repeat(1_500) },
      ];
      for (const parameters of wrong) {
        await assert.rejects(world.signals.changed.emit(parameters as never), {
          code: 'SIGNAL_PATH',
        });
      }
    },
  },
];
