// Locked updates in memory: the memory store, or a mutex for each row beside a Map.
import type { Ref } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { Mutex } from 'async-mutex';
import { answerJobs } from '../child.js';
import { accountId } from '../database.js';
import { Account, addOne, schema } from '../variants/justscale.js';

const ROWS = 16;

type Update = (row: number) => Promise<unknown>;

/** What is measured, and how it ends: `expected` is the sum of all balances. */
interface Opened {
  readonly update: Update;
  close(expected: number): Promise<void>;
}

const VARIANTS = {
  async mutate(): Promise<Opened> {
    const { accounts, refs, close } = await openStore();
    return { update: (row) => accounts.mutate(at(refs, row), addOne), close };
  },
  async transaction(): Promise<Opened> {
    const { store, accounts, refs, close } = await openStore();
    const update: Update = (row) =>
      store.transaction(async () => {
        const account = await accounts.lock(at(refs, row));
        if (account !== null) await accounts.update(account, addOne(account));
      });
    return { update, close };
  },
  /** Nothing but the lock and the write. */
  async mutex(): Promise<Opened> {
    const { rows, mutexes, close } = openMap();
    const update: Update = (row) =>
      at(mutexes, row).runExclusive(() => {
        const stored = at(rows, row);
        rows[row] = { ...stored, ...addOne(stored) };
      });
    return { update, close };
  },
  /** The same with what the store promises beside it: the schema is checked, and what a reader has does not change. */
  async checkedMutex(): Promise<Opened> {
    const { rows, mutexes, close } = openMap();
    const update: Update = (row) =>
      at(mutexes, row).runExclusive(() => {
        const stored = at(rows, row);
        const next = Object.freeze(schema.parse({ ...stored, ...addOne(stored) }));
        rows[row] = next;
        return next;
      });
    return { update, close };
  },
};

interface MemoryJob {
  readonly variant: keyof typeof VARIANTS;
  readonly clients: number;
  readonly updates: number;
}

const jobs = {
  /** Updates for each second of processor time. */
  async measure({ variant, clients, updates }: MemoryJob): Promise<number> {
    const { update, close } = await VARIANTS[variant]();
    await run(update, clients, updates / 5);
    const before = process.cpuUsage();
    await run(update, clients, updates);
    const { user, system } = process.cpuUsage(before);
    await close(updates + updates / 5);
    return (updates * 1e6) / (user + system);
  },
};
export type MemoryJobs = typeof jobs;

answerJobs(jobs);

async function run(update: Update, clients: number, updates: number): Promise<void> {
  let left = updates;
  const client = async (): Promise<void> => {
    for (; left > 0;) {
      left -= 1;
      await update(left % ROWS);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}

async function openStore() {
  const store = memoryStore();
  const accounts = store.repository(Account);
  const refs: Ref<Account>[] = [];
  for (let row = 0; row < ROWS; row++) {
    const draft = new Account({ owner: 'ada', balance: 0 }, { id: accountId(row) });
    refs.push(Account.ref(await accounts.save(draft)));
  }
  const close = async (expected: number): Promise<void> => {
    assertSum(await accounts.find(), expected);
    await store.close();
  };
  return { store, accounts, refs, close };
}

function openMap() {
  const rows: Balance[] = [];
  const mutexes: Mutex[] = [];
  for (let row = 0; row < ROWS; row++) {
    rows.push(Object.freeze({ owner: 'ada', balance: 0 }));
    mutexes.push(new Mutex());
  }
  const close = async (expected: number): Promise<void> => {
    assertSum(rows, expected);
  };
  return { rows, mutexes, close };
}

interface Balance {
  readonly owner: string;
  readonly balance: number;
}

function at<Value>(values: readonly Value[], row: number): Value {
  const value = values[row];
  if (value === undefined) throw new Error(`there is no row ${row}`);
  return value;
}

function assertSum(accounts: readonly Pick<Balance, 'balance'>[], expected: number): void {
  const sum = accounts.reduce((total, { balance }) => total + balance, 0);
  if (sum !== expected)
    throw new Error(`the balances are ${sum}, but ${expected} updates were made`);
}
