// Many locks at a time: arrays, maps, sets, tuples, records, iterators.
import type { Locked, Persistent, Ref, Repository, Store } from '@justscale/runtime';
import { Account } from './domain.js';

type Work = (
  store: Store,
  accounts: Repository<Account>,
  refs: readonly Ref<Account>[],
) => Promise<unknown>;

/** 31: a loop. */
export const loop: Work = (store, accounts, refs) =>
  store.transaction(async () => {
    for (const account of await accounts.lockMany(refs))
      await accounts.update(account, { balance: 0 });
  });

/** 32: in parallel. */
export const parallel: Work = (store, accounts, refs) =>
  store.transaction(async () => {
    const held = await accounts.lockMany(refs);
    await Promise.all(
      held.map((account) => accounts.update(account, { balance: account.balance + 1 })),
    );
  });

/** 33: Promise.all over what was locked, with its destructuring. */
export async function pair(
  store: Store,
  accounts: Repository<Account>,
  a: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    const [first, names] = await Promise.all([accounts.lock(a), Promise.resolve(['ada'])]);
    if (first) await accounts.update(first, { owner: names[0] ?? '' });
  });
}

/** 34: a map by id. */
export const byId: Work = (store, accounts, refs) =>
  store.transaction(async () => {
    const held = new Map((await accounts.lockMany(refs)).map((account) => [account.id, account]));
    for (const { id } of refs) {
      const account = held.get(id);
      if (account) await accounts.update(account, { balance: 0 });
    }
    for (const [, account] of held) await accounts.update(account, { balance: 1 });
    for (const account of held.values()) await accounts.update(account, { balance: 2 });
  });

/** 35: a map that is filled in a loop. */
export const filled: Work = (store, accounts, refs) =>
  store.transaction(async () => {
    const held = new Map<string, Locked<Account>>();
    for (const account of await accounts.lockMany(refs)) held.set(account.id, account);
    const work: Promise<unknown>[] = [];
    held.forEach((account) => work.push(accounts.update(account, { balance: 0 })));
    held.forEach((account) => {
      if (account.isOpen) work.push(accounts.update(account, { balance: 1 }));
    });
    await Promise.all(work);
  });

/** 36: grouped into a record. */
export const grouped: Work = (store, accounts, refs) =>
  store.transaction(async () => {
    const byOwner: Record<string, Locked<Account>[]> = {};
    for (const account of await accounts.lockMany(refs))
      (byOwner[account.owner] ??= []).push(account);
    for (const group of Object.values(byOwner)) {
      for (const account of group) await accounts.update(account, { balance: group.length });
    }
    for (const [owner, group] of Object.entries(byOwner)) {
      const [first] = group;
      if (first) await accounts.update(first, { owner });
    }
  });

/** 37: reduce into a record, a map, a list and a promise. */
export const reduced: Work = (store, accounts, refs) =>
  store.transaction(async () => {
    const held = await accounts.lockMany(refs);
    const record = held.reduce<Record<string, Locked<Account>>>(
      (all, account) => ({ ...all, [account.id]: account }),
      {},
    );
    const map = held.reduce(
      (all, account) => all.set(account.id, account),
      new Map<string, Locked<Account>>(),
    );
    const rich = held.reduce<Locked<Account>[]>(
      (all, account) => (account.balance > 10 ? [...all, account] : all),
      [],
    );
    const richest = held.reduce((best, account) =>
      account.balance > best.balance ? account : best,
    );
    for (const account of [...Object.values(record), ...map.values(), ...rich, richest]) {
      await accounts.update(account, { balance: 0 });
    }
    await held.reduce<Promise<unknown>>(
      (last, account) => last.then(() => accounts.update(account, {})),
      Promise.resolve(),
    );
  });

/** 38: methods of arrays. */
export const arrayMethods: Work = (store, accounts, refs) =>
  store.transaction(async () => {
    const held = await accounts.lockMany(refs);
    const open = held.filter((account) => account.isOpen);
    const richest = open.toSorted((a, b) => b.balance - a.balance).at(0);
    const found = held.find(({ owner }) => owner === 'ada');
    const last = held.slice(-1).concat(open).flat().pop();
    const chosen = richest ?? found ?? last ?? held.findLast((account) => account.tags.length > 0);
    if (chosen) await accounts.update(chosen, { status: 'closed' });
    for (const [index, account] of held.entries())
      await accounts.update(account, { balance: index });
    for (let index = 0; index < held.length; index++) {
      const account = held[index];
      if (account) await accounts.update(account, { balance: index });
    }
    held.forEach((account, index) => void [account.id, index]);
    const copies = [...held, ...open, ...Array.from(held)];
    for (const account of copies) await accounts.update(account, { balance: copies.length });
  });

/** 39: flatMap, pairs and tuples. */
export const pairs: Work = (store, accounts, refs) =>
  store.transaction(async () => {
    const held = await accounts.lockMany(refs);
    const withAmount = held.flatMap((account) =>
      account.isOpen ? [[account, account.balance * 2] as const] : [],
    );
    for (const [account, balance] of withAmount) await accounts.update(account, { balance });
    const objects = held.map((account, index) => ({ account, index }));
    for (const { account, index } of objects) await accounts.update(account, { balance: index });
    const [first, ...others] = held;
    if (first) await accounts.update(first, { balance: others.length });
    for (const other of others) await accounts.delete(other);
  });

/** 40: a set, and a weak map with notes about locks. */
export const setOf: Work = (store, accounts, refs) =>
  store.transaction(async () => {
    const touched = new Set<Locked<Account>>();
    const notes = new WeakMap<Locked<Account>, string>();
    for (const account of await accounts.lockMany(refs)) {
      touched.add(account);
      notes.set(account, account.owner);
    }
    for (const account of touched)
      await accounts.update(account, { owner: notes.get(account) ?? '' });
  });

/** 41: guards on lists. */
const isPresent = <T>(value: T | null | undefined): value is T =>
  value !== null && value !== undefined;

export const guarded: Work = (store, accounts, refs) =>
  store.transaction(async () => {
    const maybe: (Locked<Account> | null)[] = [];
    for (const ref of refs.toSorted((a, b) => a.id.localeCompare(b.id)))
      maybe.push(await accounts.lock(ref));
    for (const account of maybe.filter(isPresent)) await accounts.update(account, { balance: 1 });
    for (const account of maybe.filter((entry) => entry !== null))
      await accounts.update(account, { balance: 2 });
    const rich = maybe.filter(
      (entry): entry is Locked<Account> => entry !== null && entry.balance > 0,
    );
    for (const account of rich) await accounts.delete(account);
  });

/** 42: an iterator of locks inside of the transaction. */
function* inPairs<T>(items: readonly T[]): Generator<readonly [T, T | undefined]> {
  for (let index = 0; index < items.length; index += 2) {
    const item = items[index];
    if (item !== undefined) yield [item, items[index + 1]];
  }
}

export const iterated: Work = (store, accounts, refs) =>
  store.transaction(async () => {
    const held = await accounts.lockMany(refs);
    for (const [left, right] of inPairs(held)) {
      await accounts.update(left, { balance: right?.balance ?? 0 });
      if (right) await accounts.update(right, { balance: left.balance });
    }
  });

/** 43: an async generator that writes and yields what it wrote. */
async function* written(
  accounts: Repository<Account>,
  held: readonly Locked<Account>[],
): AsyncGenerator<Persistent<Account>> {
  for (const account of held) yield await accounts.update(account, { balance: 0 });
}

export const asyncIterated: Work = (store, accounts, refs) =>
  store.transaction(async () => {
    const held = await accounts.lockMany(refs);
    let sum = 0;
    for await (const account of written(accounts, held)) sum += account.balance;
    return sum;
  });

/** 44: chunks, and a queue of work that is drained in the transaction. */
const chunk = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

export const chunked: Work = (store, accounts, refs) =>
  store.transaction(async () => {
    for (const part of chunk(await accounts.lockMany(refs), 10)) {
      await Promise.all(part.map((account) => accounts.update(account, { balance: 0 })));
    }
    const pending = [...(await accounts.lockMany(refs))];
    for (let next = pending.shift(); next; next = pending.shift())
      await accounts.update(next, { balance: 1 });
    let account: Locked<Account> | undefined;
    while ((account = pending.pop())) await accounts.delete(account);
  });

/** 45: Object.fromEntries and groupBy. */
export const fromEntries: Work = (store, accounts, refs) =>
  store.transaction(async () => {
    const held = await accounts.lockMany(refs);
    const record = Object.fromEntries(held.map((account) => [account.id, account]));
    for (const { id } of refs) {
      const account = record[id];
      if (account) await accounts.update(account, { balance: 3 });
    }
  });

/** 46: allSettled and race over what was locked. */
export const settled: Work = (store, accounts, refs) =>
  store.transaction(async () => {
    const results = await Promise.allSettled([accounts.lockMany(refs)]);
    for (const result of results) {
      if (result.status !== 'fulfilled') continue;
      for (const account of result.value) await accounts.update(account, { balance: 4 });
    }
  });

/** 47: zip of locks with amounts. */
const zip = <A, B>(a: readonly A[], b: readonly B[]): [A, B][] =>
  a.flatMap((left, index) => {
    const right = b[index];
    return right === undefined ? [] : [[left, right]];
  });

export async function set(
  store: Store,
  accounts: Repository<Account>,
  amounts: ReadonlyMap<Ref<Account>, number>,
): Promise<void> {
  await store.transaction(async () => {
    const held = await accounts.lockMany([...amounts.keys()]);
    for (const [account, balance] of zip(held, [...amounts.values()]))
      await accounts.update(account, { balance });
  });
}

/** 48: a loop that carries the lock from turn to turn. */
export const carried: Work = (store, accounts, refs) =>
  store.transaction(async () => {
    let previous: Locked<Account> | null = null;
    for (const account of await accounts.lockMany(refs)) {
      if (previous) await accounts.update(previous, { balance: account.balance });
      previous = account;
    }
    if (previous) await accounts.update(previous, { status: 'closed' });
  });

/** 49: a variable that is assigned on every path before it is read. */
export async function assigned(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
  other: Ref<Account>,
  flag: boolean,
): Promise<void> {
  await store.transaction(async () => {
    let account: Locked<Account> | null;
    if (flag) account = await accounts.lock(ref);
    else account = await accounts.lock(other);
    if (account) await accounts.update(account, { balance: 0 });
    let held: Locked<Account>;
    const found = await accounts.lock(ref);
    const second = await accounts.lock(other);
    if (!found || !second) return;
    if (found.balance > second.balance) held = found;
    else held = second;
    const write = () => accounts.update(held, { balance: 1 });
    await write();
  });
}
