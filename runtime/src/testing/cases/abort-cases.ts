import assert from 'node:assert/strict';
import { createGate, type ConformanceCase, type ConformanceWorld } from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';
import type { Persistent } from '../../model/states.js';

/** Runs `use` while another transaction holds the account. */
async function whileHeld(
  world: ConformanceWorld,
  account: Persistent<ConformanceAccount>,
  use: () => Promise<void>,
): Promise<void> {
  const held = createGate();
  const release = createGate();
  const holder = world.withLock(account, async () => {
    held.open();
    await release.opened;
  });
  await held.opened;
  try {
    await use();
  } finally {
    release.open();
    await holder;
  }
}

/** Aborts, when what was called has had the time to wait. */
function abortSoon(): { readonly signal: AbortSignal; readonly reason: Error } {
  const abort = new AbortController();
  const reason = new Error('the client has gone');
  setTimeout(() => abort.abort(reason), 30);
  return { signal: abort.signal, reason };
}

const isReason =
  (reason: Error) =>
  (error: unknown): boolean =>
    error === reason;

export const abortCases: readonly ConformanceCase[] = [
  {
    title: 'a wait for a lock ends with the reason of its signal, and the transaction rolls back',
    needs: { locks: 'row' },
    async run(world) {
      const held = await world.account();
      const ref = ConformanceAccount.ref(held);
      const id = world.id();
      await whileHeld(world, held, async () => {
        let reason: Error | undefined;
        const waiting = world.store.transaction(async () => {
          await world.accounts.save(new ConformanceAccount({ owner: 'x', balance: 1 }, { id }));
          const abort = abortSoon();
          reason = abort.reason;
          const { signal } = abort;
          await assert.rejects(world.accounts.lock(ref, { signal }), isReason(abort.reason));
          await assert.rejects(world.accounts.lock(ref), { code: 'TRANSACTION_ROLLED_BACK' });
        });
        await assert.rejects(waiting, (error: Error) => error.cause === reason);
      });
      assert.equal(await world.accounts.get(ConformanceAccount.ref(id)), null);
      await world.withLock(held, async () => undefined);
    },
  },
  {
    title: 'so do lockMany, lockWhere, a name, and a mutate',
    needs: { locks: 'row' },
    async run(world) {
      const held = await world.account({ owner: world.name() });
      const ref = ConformanceAccount.ref(held);
      const name = world.name();
      const waits: readonly ((signal: AbortSignal) => Promise<unknown>)[] = [
        (signal) => world.accounts.lockMany([ref], { signal }),
        (signal) => world.accounts.lockWhere({ owner: held.owner }, { signal }),
        (signal) => world.accounts.mutate(ref, () => ({ balance: 1 }), { signal }),
        (signal) => world.store.lockName(name, { signal }),
      ];
      const holding = createGate();
      const release = createGate();
      const holder = world.withLock(held, async () => {
        await world.store.lockName(name);
        holding.open();
        await release.opened;
      });
      await holding.opened;
      for (const wait of waits) {
        const { signal, reason } = abortSoon();
        const waiting = world.store.transaction(async () => void (await wait(signal)));
        await assert.rejects(waiting, isReason(reason));
      }
      const { signal, reason } = abortSoon();
      const alone = world.accounts.mutate(ref, () => ({ balance: 1 }), { signal });
      const patient = world.accounts.mutate(ref, () => ({ balance: 2 }));
      await assert.rejects(alone, isReason(reason));
      release.open();
      await holder;
      assert.equal((await patient)?.balance, 2);
    },
  },
  {
    title: 'inside a savepoint only that is undone',
    needs: { savepoints: true, locks: 'row' },
    async run(world) {
      const held = await world.account();
      const id = world.id();
      await whileHeld(world, held, () =>
        world.store.transaction(async () => {
          const { signal, reason } = abortSoon();
          const part = world.store.savepoint(() =>
            world.accounts.lock(ConformanceAccount.ref(held), { signal }),
          );
          await assert.rejects(part, isReason(reason));
          await world.accounts.save(new ConformanceAccount({ owner: 'x', balance: 1 }, { id }));
        }),
      );
      assert.equal(await world.balance(ConformanceAccount.ref(id)), 1);
    },
  },
  {
    title: 'a transaction ends with the reason of its signal, and its work is refused from then on',
    async run(world) {
      const saved = await world.account();
      const abort = new AbortController();
      const reason = new Error('enough');
      const never = createGate();
      let late: Promise<unknown> = Promise.resolve();
      const running = world.store.transaction(
        async () => {
          const account = await world.lock(saved);
          await world.accounts.update(account, { balance: 1 });
          abort.abort(reason);
          await never.opened;
          late = world.accounts.update(account, { balance: 2 });
          await late;
        },
        { signal: abort.signal, retries: 3 },
      );
      await assert.rejects(running, isReason(reason));
      never.open();
      await new Promise((resolve) => setImmediate(resolve));
      await assert.rejects(late, { code: 'LOCK_RELEASED' });
      assert.equal(await world.balance(saved), 100);
    },
  },
  {
    title: 'the signal of a nested transaction ends the outer one',
    async run(world) {
      const abort = new AbortController();
      const reason = new Error('enough');
      const never = createGate();
      const id = world.id();
      const running = world.store.transaction(async () => {
        await world.accounts.save(new ConformanceAccount({ owner: 'x', balance: 1 }, { id }));
        setImmediate(() => abort.abort(reason));
        await world.store.transaction(() => never.opened, { signal: abort.signal });
      });
      await assert.rejects(running, isReason(reason));
      assert.equal(await world.accounts.get(ConformanceAccount.ref(id)), null);
    },
  },
  {
    title: 'what is aborted already is not begun',
    async run(world) {
      const ref = ConformanceAccount.ref(await world.account());
      const reason = new Error('before');
      const signal = AbortSignal.abort(reason);
      const calls: readonly (() => Promise<unknown>)[] = [
        () => world.accounts.get(ref, { signal }),
        () => world.accounts.findOne({ owner: 'ada' }, { signal }),
        () => world.accounts.find({}, { signal }),
        () => world.accounts.mutate(ref, () => ({ balance: 1 }), { signal }),
        () =>
          world.store.transaction(() => assert.fail('it was begun'), {
            signal,
          }),
      ];
      for (const call of calls) await assert.rejects(call(), isReason(reason));
      // A read or a lock that was not begun leaves its transaction as it was.
      await world.store.transaction(async () => {
        await assert.rejects(world.accounts.get(ref, { signal }), isReason(reason));
        await assert.rejects(world.accounts.lock(ref, { signal }), isReason(reason));
        const account = await world.lock(ref);
        await world.accounts.update(account, { balance: 7 });
      });
      assert.equal(await world.balance(ref), 7);
    },
  },
  {
    title: 'a subscription ends with its signal',
    async run(world) {
      const account = await world.account();
      const abort = new AbortController();
      const heard: unknown[] = [];
      const { closed } = world.signals;
      const subscription = closed.subscribe(
        () => heard.push('aborted'),
        {},
        { signal: abort.signal },
      );
      const other = createGate();
      const staying = closed.subscribe(() => other.open());
      await Promise.all([subscription.ready, staying.ready]);
      abort.abort();
      await closed.emit({ account });
      await other.opened;
      assert.equal(heard.length, 0);
      const late = closed.subscribe(() => heard.push('late'), {}, { signal: abort.signal });
      await late.ready;
      await closed.emit({ account });
      staying.unsubscribe();
      assert.equal(heard.length, 0);
    },
  },
  {
    title: 'what is no signal is refused',
    async run(world) {
      const signal = {} as AbortSignal;
      const refused = { code: 'INVALID_OPTION', option: 'signal' };
      const ref = ConformanceAccount.ref(world.id());
      await assert.rejects(world.accounts.get(ref, { signal }), refused);
      await assert.rejects(world.accounts.find({}, { signal }), refused);
      await assert.rejects(
        world.store.transaction(() => undefined, { signal }),
        refused,
      );
      await world.store.transaction(() =>
        assert.rejects(world.accounts.lock(ref, { signal }), refused),
      );
      assert.throws(() => world.signals.closed.subscribe(() => undefined, {}, { signal }), refused);
    },
  },
];
