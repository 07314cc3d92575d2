import assert from 'node:assert/strict';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { defineModel } from '../../model/define-model.js';
import { createGate, type ConformanceCase, type ConformanceWorld } from '../conformance-case.js';
import {
  accountSchema,
  ConformanceAccount,
  ConformanceRecord,
  type AccountFields,
} from '../conformance-models.js';

const ROLLED_BACK = { code: 'TRANSACTION_ROLLED_BACK' };

/** Everything that work can call, each of which would be a piece of half a transaction. */
const CALLS: Readonly<Record<string, (world: ConformanceWorld, id: string) => Promise<unknown>>> = {
  mutate: (world, id) =>
    world.accounts.mutate(ConformanceAccount.ref(id), () => ({ balance: 666 })),
  'a nested transaction': (world, id) =>
    world.store.transaction(async () => {
      const account = await world.lock(ConformanceAccount.ref(id));
      await world.accounts.update(account, { balance: 666 });
    }),
  save: (world, id) =>
    world.accounts.save(
      new ConformanceAccount({ owner: 'left behind', balance: 1 }, { id: `${id}-x` }),
    ),
  lock: (world, id) => world.accounts.lock(ConformanceAccount.ref(id)),
  lockMany: (world, id) => world.accounts.lockMany([ConformanceAccount.ref(id)]),
  get: (world, id) => world.accounts.get(ConformanceAccount.ref(id)),
  find: (world) => world.accounts.find({ owner: 'left behind' }),
  lockName: (world, id) => world.store.lockName(id),
  savepoint: (world) => world.store.savepoint(async () => undefined),
  emit: (world, id) => world.signals.closed.emit({ account: ConformanceAccount.ref(id) }),
};

/** How a transaction comes to be rolled back while a part of its work goes on. */
const ENDS: Readonly<
  Record<string, (world: ConformanceWorld, work: () => Promise<unknown>) => Promise<unknown>>
> = {
  'a sibling failed': (world, work) =>
    world.store.transaction(() => Promise.all([work(), Promise.reject(new Error('the sibling'))])),
  'it ran too long': (world, work) => world.store.transaction(work, { timeoutMs: 20 }),
  'it threw and awaited nothing': (world, work) =>
    world.store.transaction(async () => {
      void work();
      throw new Error('no');
    }),
};

const leftBehind = Object.entries(ENDS).flatMap(([end, transact]) =>
  Object.entries(CALLS).map(([title, call]): ConformanceCase => ({
    title: `${title} is refused as work left behind when ${end}`,
    async run(world) {
      const saved = await world.account();
      const isRolledBack = createGate();
      let outcome: Promise<unknown> = Promise.resolve();
      const goOn = (): Promise<unknown> => {
        outcome = isRolledBack.opened.then(() => call(world, saved.id));
        outcome.catch(() => undefined);
        return outcome.catch(() => undefined);
      };
      await assert.rejects(transact(world, goOn));
      isRolledBack.open();
      await assert.rejects(outcome, ROLLED_BACK);
      assert.equal(await world.balance(saved), 100);
      assert.equal(await world.accounts.findOne({ id: `${saved.id}-x` }), null);
    },
  })),
);

const derivedSchema: StandardSchemaV1<AccountFields, AccountFields> = {
  '~standard': {
    version: 1,
    vendor: 'justscale-conformance',
    validate(value) {
      const result = accountSchema['~standard'].validate(value);
      if (result instanceof Promise || result.issues !== undefined) return result;
      return { value: { ...result.value, nick: `${result.value.owner} ${result.value.balance}` } };
    },
  },
};
const DerivedModel: ReturnType<typeof defineModel<'conformance_derived', typeof derivedSchema>> =
  defineModel('conformance_derived', derivedSchema);
class Derived extends DerivedModel {}

export const atomicityCases: readonly ConformanceCase[] = [
  ...leftBehind,
  {
    title:
      'what an attempt that is run again has left behind is refused, and the new attempt is not',
    async run(world) {
      const [a, b] = [await world.account(), await world.account()];
      const late: Promise<unknown>[] = [];
      const isOver = createGate();
      const opposing = (first: typeof a, second: typeof a): Promise<void> =>
        world.store.transaction(
          async () => {
            const left = isOver.opened.then(() =>
              world.accounts.mutate(ConformanceAccount.ref(a), () => ({ balance: 666 })),
            );
            left.catch(() => undefined);
            late.push(left);
            await world.lock(first);
            await new Promise((resolve) => setTimeout(resolve, 20));
            await world.lock(second);
          },
          { retries: 5 },
        );
      await Promise.all([opposing(a, b), opposing(b, a)]);
      isOver.open();
      const outcomes = await Promise.allSettled(late);
      const refused = outcomes.filter(({ status }) => status === 'rejected');
      // Of the two that were committed, what goes on is a transaction of its own.
      assert.equal(outcomes.length - refused.length, 2);
      for (const { reason } of refused as PromiseRejectedResult[])
        assert.equal((reason as { code: string }).code, ROLLED_BACK.code);
    },
  },
  {
    title: 'a combined change that emits and fails sends no signal, wherever it stands',
    async run(world) {
      const saved = await world.account({ balance: 0 });
      const heard: string[] = [];
      const end = createGate();
      const subscription = world.signals.changed.subscribe(
        ({ how }) => {
          heard.push(how);
          if (how === 'end') end.open();
        },
        { account: saved },
      );
      await subscription.ready;
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, (_, index) =>
          world.accounts.mutate(ConformanceAccount.ref(saved), ({ balance }) => {
            void world.signals.changed.emit({ account: saved, how: String(index) });
            if (index % 2 === 1) throw new Error('mine');
            return { balance: balance + 1 };
          }),
        ),
      );
      assert.equal(results.filter(({ status }) => status === 'rejected').length, 4);
      await world.signals.changed.emit({ account: saved, how: 'end' });
      await end.opened;
      assert.deepEqual(heard, ['0', '2', '4', '6', 'end']);
      subscription.unsubscribe();
    },
  },
  {
    title: 'writes that nobody awaits, because their function threw, end no process',
    async run(world) {
      const saved = await world.account();
      const unheard: unknown[] = [];
      const note = (reason: unknown): void => void unheard.push(reason);
      process.on('unhandledRejection', note);
      try {
        const failing = world.withLock(saved, async (account) => {
          void world.accounts.update(account, { balance: 1 });
          void world.accounts.save(new ConformanceAccount({ owner: 'x', balance: 1 }));
          void world.accounts.mutate(ConformanceAccount.ref(saved), () => ({ balance: 2 }));
          void world.accounts.lock(ConformanceAccount.ref(saved));
          void world.accounts.find({ owner: 'x' });
          void world.store.transaction(() => world.accounts.find({ owner: 'x' }));
          throw new Error('no');
        });
        await assert.rejects(failing, /^Error: no$/);
        assert.equal(await world.balance(saved), 100);
        await new Promise((resolve) => setImmediate(resolve));
      } finally {
        process.off('unhandledRejection', note);
      }
      assert.deepEqual(unheard, []);
    },
  },
  {
    title: 'a value of a lock that is changed in place throws, or nothing is committed',
    async run(world) {
      const record = {
        bytes: Uint8Array.of(1, 2),
        at: new Date('2026-01-01T00:00:00Z'),
        big: 1n,
        amount: '1',
        isOpen: true,
        ratio: 1,
        remark: null,
        tags: ['a'],
        settings: { theme: 'dark', sizes: [1] },
      };
      const saved = await world.records.save(new ConformanceRecord(record, { id: world.id() }));
      const ref = ConformanceRecord.ref(saved);
      assert.throws(() => saved.at.setFullYear(1999), TypeError);
      await world.store.transaction(async () => {
        const locked = await world.records.lock(ref);
        assert.ok(locked !== null);
        assert.ok(locked.at instanceof Date);
        assert.equal(locked.at.toISOString(), '2026-01-01T00:00:00.000Z');
        for (const change of [
          () => locked.at.setFullYear(1999),
          () => locked.at.setTime(0),
          () => (locked.tags as string[]).push('b'),
          () => ((locked.settings.sizes as number[])[0] = 2),
        ]) {
          assert.throws(change, TypeError);
        }
        const moved = new Date(locked.at);
        moved.setUTCFullYear(2027);
        const updated = await world.records.update(locked, { at: moved });
        assert.equal(updated.at.getUTCFullYear(), 2027);
      });
      const inPlace = world.store.transaction(async () => {
        const locked = await world.records.lock(ref);
        assert.ok(locked !== null);
        locked.bytes[0] = 9;
      });
      await assert.rejects(inPlace, { code: 'READONLY_ENTITY', field: 'bytes' });
      const mutating = world.records.mutate(ref, ({ bytes }) => {
        bytes[0] = 9;
        return {};
      });
      await assert.rejects(mutating, { code: 'READONLY_ENTITY', field: 'bytes' });
      assert.deepEqual((await world.records.get(ref))?.bytes, Uint8Array.of(1, 2));
    },
  },
  {
    title: 'a field that the schema derives from others is stored by every write',
    async run(world) {
      const derived = world.store.repository(Derived, { table: 'conformance_account' });
      const draft = new Derived({ owner: 'ada', balance: 1 }, { id: world.id() });
      const saved = await derived.save(draft);
      assert.equal(saved.nick, 'ada 1');
      const ref = Derived.ref(saved);
      assert.equal((await derived.mutate(ref, () => ({ balance: 2 })))?.nick, 'ada 2');
      await world.store.transaction(async () => {
        const locked = await derived.lock(ref);
        assert.ok(locked !== null);
        await derived.update(locked, { owner: 'bob' });
        assert.equal(locked.nick, 'bob 2');
      });
      assert.equal((await derived.get(ref))?.nick, 'bob 2');
    },
  },
];
