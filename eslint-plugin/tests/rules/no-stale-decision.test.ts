import { domainCode } from '../support/domain-code.js';
import { getRule, typedTester } from '../support/rule-tester.js';

const rule = getRule('no-stale-decision');

type MessageId = 'checked' | 'selected' | 'counted' | 'numbered';

const valid = (name: string, body: string) => ({ name, code: domainCode(body) });
const invalid = (name: string, body: string, ...errors: readonly [MessageId, number][]) => ({
  name,
  code: domainCode(body),
  errors: errors.map(([messageId, line]) => ({ messageId, line: line + 7 })),
});

typedTester.run('no-stale-decision', rule, {
  valid: [
    valid(
      'decided under the lock',
      `export const f = (ref: Ref<Account>) => store.transaction(async () => {
        const account = await accounts.lock(ref);
        if (!account || account.frozen) return;
        await accounts.update(account, { balance: account.balance + 1 });
      });`,
    ),
    valid(
      'an existence check, in each way that people write one',
      `export async function f(ref: Ref<Account>, owner: string) {
        const seen = await accounts.get(ref);
        if (!seen) throw new Error('none');
        if (seen === null || seen == undefined) return;
        const byOwner = await accounts.find({ owner });
        if (byOwner.length === 0 || !byOwner.length) return;
        if (Boolean(seen) && byOwner.length > 0 && byOwner[0]) {
          await accounts.mutate(Account.ref(seen), (account) => ({ balance: account.balance + 1 }));
        }
        requirePresent(seen, 'none');
        await accounts.mutate(ref, () => ({ frozen: true }));
      }`,
    ),
    valid(
      'a look before, repeated under the lock',
      `export async function f(ref: Ref<Account>, amount: number) {
        const seen = await loadAccount(ref.id);
        if (seen.balance < amount) throw new Error('insufficient');
        await store.transaction(async () => {
          const locked = await lockAccount(Account.ref(seen));
          if (locked.balance < amount) throw new Error('insufficient');
          await accounts.update(locked, { balance: locked.balance - amount });
        });
      }`,
    ),
    valid(
      'repeated by a helper that receives the locked entity, or by a method of it',
      `export async function f(ref: Ref<Account>, amount: number) {
        const seen = await loadAccount(ref.id);
        assertCovers(seen, amount);
        await store.transaction(async () => {
          const locked = await lockAccount(Account.ref(seen));
          assertCovers(locked, amount);
          await accounts.update(locked, { balance: locked.balance - amount });
        });
        if (!seen.covers(amount)) return;
        await withdraw(Account.ref(seen), amount);
      }`,
    ),
    valid(
      'repeated by the helper that locks, and by what it returns',
      `export async function f(id: string) {
        const seen = await loadAccount(id);
        if (seen.frozen) return;
        await store.transaction(async () => {
          const locked = await lockOpenAccount(Account.ref(id));
          if (!locked) return;
          await accounts.update(locked, { balance: locked.balance + 1 });
        });
      }`,
    ),
    valid(
      'repeated as a choice of what is written',
      `export async function f(id: string) {
        const seen = await loadAccount(id);
        if (seen.balance < 1) return;
        await accounts.mutate(Account.ref(id), (account) =>
          account.balance < 1 ? {} : { balance: account.balance - 1 },
        );
        await accounts.mutate(Account.ref(id), (account) => {
          if (account.balance < 1) return {};
          return { balance: account.balance - 1 };
        });
      }`,
    ),
    valid(
      'repeated by a getter, a switch, an early return, an and',
      `export async function f(id: string, seen: Persistent<Account>) {
        if (!seen.isOpen) return;
        await store.transaction(async () => {
          const locked = await lockAccount(Account.ref(seen));
          if (!locked.isOpen) return;
          await accounts.update(locked, { version: 1 });
        });
        if (seen.frozen) return;
        await store.transaction(async () => {
          const locked = await lockAccount(Account.ref(seen));
          switch (locked.frozen) {
            case true:
              throw new Error('frozen');
            default:
              await accounts.update(locked, { version: 2 });
          }
        });
        if (seen.frozen) return;
        await store.transaction(async () => {
          const locked = await accounts.lock(Account.ref(seen));
          return locked && !locked.frozen && accounts.update(locked, { version: 3 });
        });
      }`,
    ),
    valid(
      'an optimistic check of the version',
      `export async function f(id: string) {
        const seen = await loadAccount(id);
        if (seen.frozen) return;
        await store.transaction(async () => {
          const locked = await lockAccount(Account.ref(id));
          if (locked.version !== seen.version) throw new Error('conflict');
          await accounts.update(locked, { balance: locked.balance + 1 });
        });
      }`,
    ),
    valid(
      'a read of another model',
      `export async function f(account: Ref<Account>, room: Ref<Room>) {
        const seen = await rooms.get(room);
        if (seen?.status === 'closed') throw new Error('closed');
        await store.transaction(async () => {
          const locked = await lockAccount(account);
          await accounts.update(locked, { balance: locked.balance - 1 });
        });
      }`,
    ),
    valid(
      'a read of another entity of the model',
      `export async function f(parent: string, child: string) {
        const seen = await loadAccount(parent);
        if (seen.frozen) throw new Error('frozen');
        await accounts.mutate(Account.ref(child), (account) => ({ balance: account.balance + 1 }));
      }`,
    ),
    valid(
      'a branch that only reads',
      `export async function f(id: string) {
        const seen = await loadAccount(id);
        if (seen.balance > 100) console.log('rich');
        const title = seen.frozen ? 'frozen' : 'open';
        await accounts.mutate(Account.ref(id), (account) => ({ balance: account.balance + 1 }));
        if (seen.frozen) return null;
        return title;
      }`,
    ),
    valid(
      'a write in the other branch only',
      `export async function f(id: string, room: Ref<Room>) {
        const seen = await loadAccount(id);
        if (seen.frozen) {
          await rooms.mutate(room, () => ({ status: 'closed' }));
        }
      }`,
    ),
    valid(
      'found by a natural key',
      `export async function f(owner: string) {
        const seen = await accounts.findOne({ owner });
        if (!seen) throw new Error('none');
        await accounts.mutate(Account.ref(seen), (account) => ({ owner: account.owner.trim() }));
      }`,
    ),
    valid(
      'found by a state that the write does not change',
      `export async function f() {
        for (const seen of await rooms.find({ status: 'open' })) {
          await rooms.mutate(Room.ref(seen), (room) => ({ members: room.members + 1 }));
        }
      }`,
    ),
    valid(
      'found by a state, and asked for it again',
      `export async function f() {
        for (const seen of await rooms.find({ status: 'open' })) {
          await store.transaction(async () => {
            const room = await rooms.lock(Room.ref(seen));
            if (room?.status === 'open') await rooms.update(room, { status: 'closed' });
          });
        }
      }`,
    ),
    valid(
      'counted while what they belong to is locked',
      `export const f = (ref: Ref<Room>, user: string) => store.transaction(async () => {
        const room = await rooms.lock(ref);
        if (!room) return;
        const present = await members.find({ room: ref.id });
        if (present.length >= room.capacity) throw new Error('full');
        const [last] = await members.find({ room: ref.id }, { orderBy: { number: 'desc' }, limit: 1 });
        await members.save(new Member({ room: ref.id, user, number: (last?.number ?? 0) + 1 }));
      });`,
    ),
    valid(
      'an insert that a unique constraint protects',
      `export async function f(room: string, user: string) {
        const known = await members.find({ room, user });
        if (known.length > 0) throw new Error('twice');
        await members.save(new Member({ room, user, number: 1 }));
      }`,
    ),
    valid(
      'a decision of a loop that has ended',
      `export async function f(ids: readonly string[]) {
        for (const id of ids) {
          const seen = await loadAccount(id);
          if (seen.frozen) continue;
          console.log(seen.owner);
        }
        for (const id of ids) await accounts.mutate(Account.ref(id), () => ({ frozen: true }));
      }`,
    ),
    valid(
      'repeated by an assertion of a package',
      `import assert from 'node:assert/strict';
      declare function invariant(condition: unknown, message: string): void;
      export async function f(id: string, amount: number) {
        const seen = await loadAccount(id);
        assert(seen.balance >= amount);
        await store.transaction(async () => {
          const locked = await lockAccount(Account.ref(id));
          assert(locked.balance >= amount);
          await accounts.update(locked, { balance: locked.balance - amount });
        });
      }
      export async function g(id: string, amount: number) {
        const seen = await loadAccount(id);
        if (seen.frozen) return;
        await store.transaction(async () => {
          const locked = await lockAccount(Account.ref(id));
          invariant(!locked.frozen, 'frozen');
          await accounts.update(locked, { balance: locked.balance - amount });
        });
      }`,
    ),
    valid(
      'the deciding transaction has claimed the entity by changing what it decided on',
      `export async function f(ref: Ref<Room>) {
        const isMine = await store.transaction(async () => {
          const room = await rooms.lock(ref);
          if (room?.status !== 'open') return false;
          await rooms.update(room, { status: 'closed' });
          return true;
        });
        if (!isMine) return;
        await fetch('https://cleaning.example');
        await rooms.mutate(ref, () => ({ members: 0 }));
      }`,
    ),
    valid(
      'objects of the user that only look like the runtime',
      `interface Row { open: boolean }
      declare const table: { get(id: string): Promise<Row>; lock(id: string): Promise<Row>; update(row: Row, patch: object): Promise<void> };
      export async function f(id: string) {
        if ((await table.get(id)).open) await table.update(await table.lock(id), {});
      }`,
    ),
  ],
  invalid: [
    invalid(
      'an early throw',
      `export async function f(id: string, amount: number) {
  const seen = await accounts.get(Account.ref(id));
  if (!seen || seen.balance < amount) throw new Error('insufficient');
  await store.transaction(async () => {
    const locked = await lockAccount(Account.ref(id));
    await accounts.update(locked, { balance: locked.balance - amount });
  });
}`,
      ['checked', 3],
    ),
    invalid(
      'around the transaction, in it, as and, as ternary, as switch, as while',
      `export async function f(ref: Ref<Account>) {
  const seen = await loadAccount(ref.id);
  const key = Account.ref(seen);
  if (seen.balance > 0) {
    await accounts.mutate(key, () => ({ balance: 0 }));
  }
  await store.transaction(async () => {
    const locked = await lockAccount(key);
    if (seen.frozen) await accounts.delete(locked);
  });
  await (seen.tags.length > 3 && accounts.mutate(key, () => ({ tags: [] })));
  await (seen.owner === 'ada' ? accounts.mutate(key, () => ({ owner: 'eve' })) : null);
  switch (seen.version) {
    case 1:
      await accounts.mutate(key, () => ({ version: 2 }));
  }
  while (seen.parent) {
    await accounts.mutate(key, () => ({ frozen: false }));
  }
}`,
      ['checked', 4],
      ['checked', 9],
      ['checked', 11],
      ['checked', 12],
      ['checked', 13],
      ['checked', 17],
    ),
    invalid(
      'through a local, a helper, and a method of the model',
      `export async function f(id: string, amount: number) {
  const seen = await loadAccount(id);
  const isRich = seen.balance > amount;
  const mayGo = isRich && isUsable(seen);
  if (!mayGo) return;
  await accounts.mutate(Account.ref(id), (account) => ({ balance: account.balance - amount }));
}
export async function g(id: string, amount: number) {
  const seen = await loadAccount(id);
  assertCovers(seen, amount);
  await accounts.mutate(Account.ref(id), (account) => ({ balance: account.balance - amount }));
}
export async function h(id: string, amount: number) {
  const seen = await loadAccount(id);
  if (seen.covers(amount)) await storeBalance(Account.ref(id), 0);
}`,
      ['checked', 5],
      ['checked', 10],
      ['checked', 15],
    ),
    invalid(
      'an assertion of a package, a wrapper of transactions, a set',
      `import assert from 'node:assert/strict';
const atomically = <T>(work: () => Promise<T>) => store.transaction(async () => { await work(); });
export async function f(id: string, amount: number) {
  const seen = await loadAccount(id);
  assert.ok(seen.balance >= amount, 'insufficient');
  await atomically(async () => {
    const locked = await lockAccount(Account.ref(id));
    await accounts.update(locked, { balance: locked.balance - amount });
  });
}
export async function g(id: string) {
  const seen = await loadAccount(id);
  const tags = new Set(seen.tags);
  if (tags.has('vip')) await accounts.mutate(Account.ref(id), () => ({ owner: 'bank' }));
}`,
      ['checked', 5],
      ['checked', 14],
    ),
    invalid(
      'checked on another field under the lock',
      `export async function f(id: string) {
  const seen = await loadAccount(id);
  if (seen.balance < 10) return;
  await store.transaction(async () => {
    const locked = await lockAccount(Account.ref(id));
    if (locked.frozen) return;
    await accounts.update(locked, { balance: locked.balance - 10 });
  });
}`,
      ['checked', 3],
    ),
    invalid(
      'checked again, but on another entity',
      `export async function f(id: string, other: string) {
  const seen = await loadAccount(id);
  if (seen.balance < 10) return;
  await store.transaction(async () => {
    const [locked, second] = await accounts.lockMany([Account.ref(id), Account.ref(other)]);
    if (!locked || !second || second.balance < 10) return;
    await accounts.update(locked, { balance: locked.balance - 10 });
  });
}`,
      ['checked', 3],
    ),
    invalid(
      'checked again after the write',
      `export async function f(id: string) {
  const seen = await loadAccount(id);
  if (seen.balance < 10) return;
  await store.transaction(async () => {
    const locked = await lockAccount(Account.ref(id));
    await accounts.update(locked, { balance: locked.balance - 10 });
    if (locked.balance < 0) console.warn('overdrawn');
  });
}`,
      ['checked', 3],
    ),
    invalid(
      'decided in an earlier transaction, whose lock is gone',
      `export async function f(ref: Ref<Account>) {
  const isOpen = await store.transaction(async () => {
    const locked = await lockAccount(ref);
    return !locked.frozen;
  });
  if (!isOpen) return;
  await accounts.mutate(ref, (account) => ({ balance: account.balance + 1 }));
}`,
      ['checked', 6],
    ),
    invalid(
      'a helper that returns null, a try, a callback',
      `async function findOpen(id: string) {
  const seen = await accounts.get(Account.ref(id));
  if (seen?.frozen) return null;
  return seen;
}
export async function f(id: string, retry: (work: () => Promise<void>) => Promise<void>) {
  const seen = await findOpen(id);
  if (!seen) return;
  try {
    await retry(async () => {
      await accounts.mutate(Account.ref(id), (account) => ({ balance: account.balance + 1 }));
    });
  } catch (error) {
    console.error(error);
  }
}`,
      ['checked', 8],
    ),
    invalid(
      'another entity is stored under the lock of the one that was checked before',
      `export async function join(ref: Ref<Room>, user: string) {
  const room = await rooms.get(ref);
  if (!room || room.members >= room.capacity) throw new Error('full');
  await store.transaction(async () => {
    const locked = await rooms.lock(ref);
    if (!locked) return;
    await members.save(new Member({ room: ref.id, user, number: 1 }));
    await rooms.update(locked, { members: locked.members + 1 });
  });
}`,
      ['checked', 3],
    ),
    invalid(
      'chosen from a query by a callback',
      `export async function f() {
  const all = await rooms.find();
  const open = all.find((room) => room.status === 'open');
  if (!open) return;
  await rooms.mutate(Room.ref(open), () => ({ status: 'closed' }));
  for (const room of all.filter((one) => one.members === 0)) {
    await store.transaction(async () => {
      const locked = await rooms.lock(Room.ref(room));
      if (locked) await rooms.delete(locked);
    });
  }
}`,
      ['checked', 4],
      ['checked', 6],
    ),
    invalid(
      'chosen by a query, and changed without asking again',
      `export async function claim() {
  const next = await rooms.findOne({ status: 'open' });
  if (!next) return null;
  return store.transaction(async () => {
    const room = await rooms.lock(Room.ref(next), { wait: 'skip' });
    return room && rooms.update(room, { status: 'closed' });
  });
}
export async function sweep() {
  for (const room of await rooms.find({ status: 'closed' })) {
    await store.transaction(async () => {
      const locked = await rooms.lock(Room.ref(room));
      if (locked) await rooms.delete(locked);
    });
  }
}`,
      ['selected', 2],
      ['selected', 10],
    ),
    invalid(
      'counted or numbered without a lock',
      `export async function join(room: string, user: string, capacity: number) {
  const present = await members.find({ room });
  if (present.length >= capacity) throw new Error('full');
  const [last] = await members.find({ room }, { orderBy: { number: 'desc' }, limit: 1 });
  const number = last ? last.number + 1 : 1;
  await members.save(new Member({ room, user, number }));
}`,
      ['counted', 3],
      ['numbered', 6],
    ),
  ],
});
