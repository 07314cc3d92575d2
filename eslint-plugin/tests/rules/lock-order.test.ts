import { domainCode } from '../support/domain-code.js';
import { getRule, wholeProgramTester } from '../support/rule-tester.js';

const rule = getRule('lock-order');

type MessageId = 'loop' | 'concurrent' | 'sameModel' | 'opposite';

const valid = (name: string, body: string) => ({ name, code: domainCode(body) });
const invalid = (name: string, body: string, ...errors: readonly [MessageId, number][]) => ({
  name,
  code: domainCode(body),
  errors: errors.map(([messageId, line]) => ({ messageId, line: line + 7 })),
});

wholeProgramTester.run('lock-order', rule, {
  valid: [
    valid(
      'lockMany',
      `export const f = (ids: readonly string[]) => store.transaction(async () => {
        for (const account of await accounts.lockMany(ids.map((id) => Account.ref(id)))) {
          await accounts.update(account, { frozen: true });
        }
      });`,
    ),
    valid(
      'a transaction of its own for each round',
      `export async function f(ids: readonly string[]) {
        for (const id of ids) {
          await store.transaction(async () => {
            const account = await accounts.lock(Account.ref(id));
            if (account) await accounts.update(account, { frozen: true });
          });
        }
        for (const id of ids) await accounts.mutate(Account.ref(id), () => ({ frozen: true }));
        await Promise.all(ids.map((id) => accounts.mutate(Account.ref(id), () => ({ frozen: true }))));
      }`,
    ),
    valid(
      'the same row in each round',
      `export const f = (ref: Ref<Account>, amounts: readonly number[]) => store.transaction(async () => {
        for (const amount of amounts) {
          const account = await accounts.lock(ref);
          if (account) await accounts.update(account, { balance: account.balance + amount });
        }
      });`,
    ),
    valid(
      'the same row of two names',
      `export const f = (id: string) => store.transaction(async () => {
        await accounts.lock(Account.ref(id));
        const ref = Account.ref(id);
        await accounts.lock(ref);
        await lockAccount(Account.ref(ref));
      });`,
    ),
    valid(
      'sorted rows',
      `export const f = (ids: string[], refs: readonly Ref<Account>[]) => store.transaction(async () => {
        for (const id of [...new Set(ids)].sort()) await accounts.lock(Account.ref(id));
        for (const ref of refs.toSorted((a, b) => a.id.localeCompare(b.id))) await accounts.lock(ref);
        for (const seen of await accounts.find({}, { orderBy: 'id' })) await accounts.lock(Account.ref(seen));
      });`,
    ),
    valid(
      'two rows that are put in order first',
      `export const f = (from: string, to: string) => store.transaction(async () => {
        const [first, second] = from < to ? [from, to] : [to, from];
        await accounts.lock(Account.ref(first));
        await accounts.lock(Account.ref(second));
      });
      export const g = (from: string, to: string) => store.transaction(async () => {
        const [first = '', second = ''] = [from, to].sort();
        await accounts.lock(Account.ref(first));
        await accounts.lock(Account.ref(second));
      });
      export const h = (from: string, to: string) => store.transaction(async () => {
        let first = from;
        let second = to;
        if (second < first) [first, second] = [second, first];
        await accounts.lock(Account.ref(first));
        await accounts.lock(Account.ref(second));
      });
      export const i = (from: Ref<Account>, to: Ref<Account>) => store.transaction(async () => {
        if (from.id.localeCompare(to.id) < 0) {
          await accounts.lock(from);
          await accounts.lock(to);
        } else {
          await accounts.lock(to);
          await accounts.lock(from);
        }
      });`,
    ),
    valid(
      'a lock that does not wait',
      `export const f = (ids: readonly string[]) => store.transaction(async () => {
        for (const id of ids) {
          const account = await accounts.lock(Account.ref(id), { wait: 'skip' });
          if (account) await accounts.update(account, { frozen: true });
        }
        await rooms.lock(Room.ref('a'), { wait: 'fail' });
        await rooms.lock(Room.ref('b'), { wait: 'fail' });
      });`,
    ),
    valid(
      'up a tree: the first row says which one is next',
      `export const f = (ref: Ref<Account>) => store.transaction(async () => {
        const child = await accounts.lock(ref);
        if (!child?.parent) return;
        const parent = await accounts.lock(Account.ref(child.parent));
        if (parent) await accounts.update(parent, { balance: 0 });
      });`,
    ),
    valid(
      'two models, in one order everywhere',
      `export const f = (room: Ref<Room>, account: Ref<Account>) => store.transaction(async () => {
        await rooms.lock(room);
        await accounts.lock(account);
      });
      export const g = (room: Ref<Room>, account: Ref<Account>) => store.transaction(async () => {
        await rooms.lock(room);
        await lockAccount(account);
      });`,
    ),
    valid(
      'opposite orders behind one name',
      `export const f = (room: Ref<Room>, account: Ref<Account>) => store.transaction(async () => {
        await store.lockName('transfer');
        await rooms.lock(room);
        await accounts.lock(account);
      });
      export const g = (room: Ref<Room>, account: Ref<Account>) => store.transaction(async () => {
        await store.lockName('transfer');
        await accounts.lock(account);
        await rooms.lock(room);
      });`,
    ),
    valid(
      'opposite orders in two transactions of one function',
      `export async function f(room: Ref<Room>, account: Ref<Account>) {
        await store.transaction(async () => { await rooms.lock(room); });
        await store.transaction(async () => { await accounts.lock(account); });
        await store.transaction(async () => { await rooms.lock(room); });
      }`,
    ),
    valid(
      'a list of constants, here and in a constant of the module',
      `const NAMES = ['b', 'a'] as const;
      export const f = () => store.transaction(async () => {
        for (const name of NAMES) await store.lockName(name);
        for (const id of ['x', 'y']) await accounts.lock(Account.ref(id));
        await rooms.lock(Room.ref('lobby'));
        await rooms.lock(Room.ref('office'));
      });`,
    ),
    valid(
      'rows that are locked already, none at all, and whatever unknown code hands in',
      `declare function withLock(ref: Ref<Account>, work: (account: Locked<Account>) => Promise<void>): Promise<void>;
      export const f = (ref: Ref<Account>) => store.transaction(async () => {
        await accounts.lock(ref);
        const [again] = await accounts.lockMany([ref]);
        const none = await accounts.lockMany([]);
        return [again?.balance, none.length];
      });
      export const g = (ref: Ref<Account>) => withLock(ref, async () => { await accounts.lock(ref); });
      export const h = (ref: Ref<Account>) => withLock(ref, async (account) => {
        await accounts.lock(Account.ref(account));
        await accounts.lock(ref);
      });`,
    ),
    valid(
      'only one of two branches',
      `export const f = (a: Ref<Account>, b: Ref<Account>, isFirst: boolean) => store.transaction(async () => {
        if (isFirst) await accounts.lock(a);
        else await accounts.lock(b);
      });`,
    ),
    valid(
      'other code with a method lock',
      `declare const mutex: { lock(key: string): Promise<void> };
      export async function f(keys: readonly string[]) {
        for (const key of keys) await mutex.lock(key);
        await Promise.all([mutex.lock('a'), mutex.lock('b')]);
      }`,
    ),
  ],
  invalid: [
    invalid(
      'loops of every kind',
      `export const f = (ids: string[], refs: Map<string, Ref<Account>>) => store.transaction(async () => {
  for (const id of ids) await accounts.lock(Account.ref(id));
});
export const g = (ids: string[]) => store.transaction(async () => {
  for (let index = 0; index < ids.length; index += 1) {
    await lockAccount(Account.ref(ids[index] ?? ''));
  }
});
export const h = (first: string) => store.transaction(async () => {
  let next: string | undefined = first;
  while (next) {
    const account: Locked<Account> | null = await accounts.lock(Account.ref(next));
    next = account?.parent;
  }
});
export const i = (refs: Map<string, Ref<Account>>) => store.transaction(async () => {
  for (const [, ref] of refs) await accounts.mutate(ref, () => ({ frozen: true }));
});
export async function lockAll(refs: readonly Ref<Account>[]) {
  const locked: Locked<Account>[] = [];
  for (const ref of refs) locked.push(await lockAccount(ref));
  return locked.length;
}`,
      ['loop', 2],
      ['loop', 6],
      ['loop', 12],
      ['loop', 17],
      ['loop', 21],
    ),
    invalid(
      'each and map, with and without Promise.all',
      `export const f = (refs: readonly Ref<Account>[]) => store.transaction(async () => {
  await Promise.all(refs.map((ref) => accounts.lock(ref)));
});
export const g = (refs: readonly Ref<Account>[]) => store.transaction(async () => {
  const locked = refs.map(async (ref) => {
    const account = await accounts.lock(ref);
    if (account) await accounts.update(account, { frozen: true });
  });
  await Promise.all(locked);
});`,
      ['concurrent', 2],
      ['concurrent', 6],
    ),
    {
      name: 'Promise.all of two, with a repair',
      code: domainCode(`export const f = (a: Ref<Account>, b: Ref<Account>) => store.transaction(async () => {
  const [first, second] = await Promise.all([accounts.lock(a), accounts.lock(b)]);
  return [first?.balance, second?.balance];
});`),
      errors: [
        {
          messageId: 'concurrent',
          line: 9,
          suggestions: [
            {
              messageId: 'useLockMany',
              output:
                domainCode(`export const f = (a: Ref<Account>, b: Ref<Account>) => store.transaction(async () => {
  const [first, second] = await accounts.lockMany([a, b]);
  return [first?.balance, second?.balance];
});`),
            },
          ],
        },
      ],
    },
    invalid(
      'two rows of one model, one after the other',
      `export const f = (from: string, to: string) => store.transaction(async () => {
  const source = await accounts.lock(Account.ref(from));
  const target = await accounts.lock(Account.ref(to));
  return [source?.balance, target?.balance];
});
export async function pay(source: Locked<Account>, to: Ref<Account>) {
  const target = await lockAccount(to);
  await accounts.update(target, { balance: target.balance + source.balance });
}
export const g = (refs: readonly Ref<Account>[], one: Ref<Account>) => store.transaction(async () => {
  await accounts.lockMany(refs);
  await accounts.lock(one);
});`,
      ['sameModel', 3],
      ['sameModel', 7],
      ['sameModel', 12],
    ),
    invalid(
      'opposite orders of two models, through a helper',
      `export const f = (room: Ref<Room>, account: Ref<Account>) => store.transaction(async () => {
  await rooms.lock(room);
  await lockAccount(account);
});
export const g = (room: Ref<Room>, account: Locked<Account>) => store.transaction(async () => {
  await rooms.lock(room);
});`,
      ['opposite', 3],
      ['opposite', 6],
    ),
    invalid(
      'opposite orders of two rows with constant ids',
      `export const f = () => store.transaction(async () => {
  await rooms.lock(Room.ref('lobby'));
  await rooms.lock(Room.ref('office'));
});
export const g = () => store.transaction(async () => {
  await rooms.lock(Room.ref('office'));
  await rooms.lock(Room.ref('lobby'));
});`,
      ['opposite', 3],
      ['opposite', 7],
    ),
    invalid(
      'a circle of three, and names',
      `export const f = (room: Ref<Room>, account: Ref<Account>, member: Ref<Member>) => {
  const a = store.transaction(async () => {
    await rooms.lock(room);
    await accounts.lock(account);
  });
  const b = store.transaction(async () => {
    await accounts.lock(account);
    await members.lock(member);
  });
  const c = store.transaction(async () => {
    await members.lock(member);
    await rooms.lock(room);
  });
  return Promise.all([a, b, c]);
};
export async function g() {
  await store.transaction(async () => {
    await store.lockName('x');
    await store.lockName('y');
  });
  await store.transaction(async () => {
    await store.lockName('y');
    await store.lockName('x');
  });
}`,
      ['opposite', 4],
      ['opposite', 8],
      ['opposite', 12],
      ['opposite', 19],
      ['opposite', 23],
    ),
  ],
});
