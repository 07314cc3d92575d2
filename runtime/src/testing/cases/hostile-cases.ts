import assert from 'node:assert/strict';
import type { ConformanceCase } from '../conformance-case.js';
import {
  ConformanceAccount,
  ConformanceRecord,
  ConformanceSignals,
} from '../conformance-models.js';

function throws(): never {
  throw new Error('hostile');
}

/** Objects that cannot be read. */
function unreadable(): object[] {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return [
    Object.defineProperty({}, 'owner', { enumerable: true, get: throws }),
    new Proxy({}, { get: throws, has: throws, ownKeys: throws, getPrototypeOf: throws }),
    proxy,
  ];
}

export const hostileCases: readonly ConformanceCase[] = [
  {
    title: 'what cannot be read is refused with a named error, and nothing is written',
    async run(world) {
      const { accounts, store } = world;
      const account = await world.account();
      const ref = ConformanceAccount.ref(account);
      for (const object of unreadable()) {
        const invalid = { code: 'VALIDATION' };
        await assert.rejects(
          accounts.mutate(ref, () => object),
          invalid,
        );
        const updating = world.withLock(account, (locked) =>
          accounts.update(locked, object as never),
        );
        await assert.rejects(updating, invalid);
        await assert.rejects(accounts.find(object), invalid);
        await assert.rejects(accounts.find({}, { orderBy: object as never }), {
          code: /INVALID_OPTION|VALIDATION/,
        });
        await assert.rejects(accounts.find({}, { after: object as never }), {
          code: 'INVALID_REF',
        });
        await assert.rejects(accounts.get(object as never), { code: 'INVALID_REF' });
        await assert.rejects(
          store.transaction(async () => {
            await accounts.update(object as never, {});
          }),
          { code: 'LOCK_NOT_HELD' },
        );
        assert.throws(() => ConformanceAccount.ref(object as never), { code: 'INVALID_REF' });
        const { changed } = store.signals(ConformanceSignals);
        await assert.rejects(changed.emit(object as never), { code: 'SIGNAL_PATH' });
        assert.throws(() => changed.subscribe(() => undefined, object), {
          code: 'SIGNAL_PATH',
        });
      }
      assert.deepEqual(await accounts.get(ref), account);
    },
  },
  {
    title: 'a value that contains itself, at more than one place, is refused at once',
    async run({ records }) {
      const cycle: { self?: unknown; list: unknown[] } = { list: [] };
      cycle.self = cycle;
      cycle.list.push(cycle, cycle);
      const record = new ConformanceRecord({
        bytes: Uint8Array.of(1),
        at: new Date(0),
        big: 1n,
        amount: '1',
        isOpen: true,
        ratio: 1,
        remark: null,
        tags: [],
        settings: { theme: cycle as never, sizes: [] },
      });
      await assert.rejects(records.save(record), { code: 'VALIDATION', paths: ['settings'] });
    },
  },
  {
    title: 'options of the wrong kind are refused by name, whatever they are',
    async run(world) {
      const { accounts, store } = world;
      const account = await world.account();
      const cycle: { self?: unknown } = {};
      cycle.self = cycle;
      const odd = [cycle, 1n, Symbol('odd'), Object.create(null), () => undefined, [], ''];
      for (const value of odd as never[]) {
        const refused = { code: 'INVALID_OPTION' };
        const lock = (options: object): Promise<unknown> =>
          store.transaction(async () => {
            await accounts.lock(ConformanceAccount.ref(account), options);
          });
        await assert.rejects(lock({ wait: value }), refused);
        await assert.rejects(lock({ timeoutMs: value }), refused);
        await assert.rejects(accounts.find({}, { limit: value }), refused);
        await assert.rejects(
          store.transaction(() => undefined, { retries: value }),
          refused,
        );
        await assert.rejects(
          store.transaction(() => store.lockName(value)),
          refused,
        );
        assert.throws(() => store.repository(ConformanceAccount, { table: value }), refused);
        assert.throws(() => store.on(value, () => undefined), refused);
        const { changed } = store.signals(ConformanceSignals);
        assert.throws(() => changed.stream({ limit: value }), refused);
        assert.throws(() => changed.stream({ signal: value }), refused);
        assert.throws(() => store.signals(value), { code: 'SIGNAL_PATH' });
      }
    },
  },
  {
    title: 'text that a signal cannot carry is refused by emit and by subscribe',
    async run(world) {
      const account = await world.account();
      const { changed } = world.signals;
      for (const how of ['', '\0', 'a\ud800']) {
        await assert.rejects(changed.emit({ account, how }), { code: 'SIGNAL_PATH' });
        assert.throws(() => changed.subscribe(() => undefined, { how }), { code: 'SIGNAL_PATH' });
      }
    },
  },
  {
    title: 'SQL in text is text',
    async run(world) {
      const texts = [
        "'; drop table conformance_account; --",
        '"; delete from conformance_account; --',
        "' or '1'='1",
        '\\',
        '$1',
        '{a,"b"}',
        '%00',
      ];
      for (const owner of texts) {
        const saved = await world.account({ owner, nick: owner });
        const found = await world.accounts.find({ owner, nick: owner });
        assert.ok(found.some(({ id }) => id === saved.id));
        assert.ok(found.every((each) => each.owner === owner && each.nick === owner));
        await world.store.transaction(() => world.store.lockName(owner));
      }
    },
  },
];
