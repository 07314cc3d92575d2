import assert from 'node:assert/strict';
import { DeadlockError } from '../../errors/lock-errors.js';
import { createGate, type ConformanceCase } from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';

export const closingCases: readonly ConformanceCase[] = [
  {
    title: 'close waits for the running transactions, which go on to their end',
    async run(world) {
      const saved = await world.account();
      const locked = createGate();
      const release = createGate();
      const running = world.withLock(saved, async (account) => {
        locked.open();
        await release.opened;
        await world.accounts.update(account, { balance: 1 });
        return (await world.accounts.get(ConformanceAccount.ref(saved)))?.balance;
      });
      await locked.opened;
      let isClosed = false;
      const closing = world.store.close().then(() => (isClosed = true));
      assert.equal(isClosed, false);
      release.open();
      assert.equal(await running, 1);
      await closing;
    },
  },
  {
    title: 'close is idempotent, and everything afterwards is a StoreClosedError',
    async run(world) {
      const ref = ConformanceAccount.ref(await world.account());
      await Promise.all([world.store.close(), world.store.close()]);
      await world.store.close();
      const code = 'STORE_CLOSED';
      await assert.rejects(world.accounts.get(ref), { code });
      await assert.rejects(world.accounts.find(), { code });
      await assert.rejects(world.accounts.lock(ref), { code });
      await assert.rejects(
        world.accounts.save(new ConformanceAccount({ owner: 'x', balance: 1 })),
        { code },
      );
      await assert.rejects(
        world.accounts.mutate(ref, () => ({})),
        { code },
      );
      await assert.rejects(
        world.store.transaction(async () => undefined),
        { code },
      );
      await assert.rejects(world.store.lockName('x'), { code });
      await assert.rejects(world.signals.closed.emit({ account: ref }), { code });
      assert.throws(() => world.signals.closed.subscribe(() => undefined), { code });
      assert.throws(() => world.store.repository(ConformanceAccount), { code });
    },
  },
  {
    title: 'close ends streams, and cannot be called inside a transaction',
    async run(world) {
      const stream = world.signals.closed.stream();
      const waiting = stream.next();
      await stream.ready;
      await world.store.transaction(() =>
        assert.rejects(world.store.close(), { code: 'INVALID_OPTION' }),
      );
      await world.store.close();
      assert.equal((await waiting).done, true);
    },
  },
  {
    title: 'close with a time limit rolls back what has not ended by then, and its caller is told',
    async run(world) {
      const saved = await world.account();
      const other = await world.account();
      const locked = createGate();
      const never = createGate();
      let late: Promise<unknown> = Promise.resolve();
      const running = world.withLock(saved, async (account) => {
        await world.accounts.update(account, { balance: 1 });
        locked.open();
        await never.opened;
        late = world.accounts.save(new ConformanceAccount({ owner: 'late', balance: 1 }));
        await late;
      });
      running.catch(() => undefined);
      await locked.opened;
      const code = 'STORE_CLOSED';
      const refused = [
        assert.rejects(running, { code }),
        assert.rejects(
          world.accounts.mutate(ConformanceAccount.ref(saved), () => ({ balance: 2 })),
          { code },
        ),
        assert.rejects(
          world.withLock(other, () => world.lock(saved)),
          { code },
        ),
      ];
      await world.store.close({ timeoutMs: 50 });
      await Promise.all(refused);
      never.open();
      await assert.rejects(running, { code });
      await new Promise((resolve) => setImmediate(resolve));
      await assert.rejects(late);
    },
  },
  {
    title: 'close with a time limit ends a wait for another attempt',
    async run(world) {
      const failed = createGate();
      const running = world.store.transaction(
        async () => {
          failed.open();
          throw new DeadlockError('account');
        },
        { retries: 1_000 },
      );
      const refused = assert.rejects(running, { code: 'STORE_CLOSED' });
      await failed.opened;
      await world.store.close({ timeoutMs: 0 });
      await refused;
    },
  },
  {
    title: 'a time limit can be set while close waits already, and what ends in time is committed',
    async run(world) {
      const saved = await world.account();
      const locked = createGate();
      const release = createGate();
      const running = world.withLock(saved, async (account) => {
        locked.open();
        await release.opened;
        return (await world.accounts.update(account, { balance: 1 })).balance;
      });
      await locked.opened;
      const closing = [world.store.close(), world.store.close({ timeoutMs: 60_000 })];
      release.open();
      assert.equal(await running, 1);
      await Promise.all(closing);
      await assert.rejects(world.store.close({ timeoutMs: -1 }), { code: 'INVALID_OPTION' });
    },
  },
];
