// Locked updates in memory: the memory store, or a mutex for each row beside a Map.
import { memoryStore } from '@justscale/runtime/memory';
import { Mutex } from 'async-mutex';
import { answerJobs } from '../child.js';
import { accountId } from '../database.js';
import { Account, addOne, schema } from '../variants/justscale.js';

const ROWS = 16;

const VARIANTS = {
  async mutate() {
    const { accounts, refs, close } = await openStore();
    return { update: (row) => accounts.mutate(refs[row], addOne), close };
  },
  async transaction() {
    const { store, accounts, refs, close } = await openStore();
    const update = (row) =>
      store.transaction(async () => {
        const account = await accounts.lock(refs[row]);
        await accounts.update(account, addOne(account));
      });
    return { update, close };
  },
  /** Nothing but the lock and the write. */
  async mutex() {
    const { rows, mutexes, close } = openMap();
    const update = (row) =>
      mutexes[row].runExclusive(() => {
        const stored = rows.get(row);
        rows.set(row, { ...stored, ...addOne(stored) });
      });
    return { update, close };
  },
  /** The same with what the store promises beside it: the schema is checked, and what a reader has does not change. */
  async checkedMutex() {
    const { rows, mutexes, close } = openMap();
    const update = (row) =>
      mutexes[row].runExclusive(() => {
        const stored = rows.get(row);
        const next = Object.freeze(schema.parse({ ...stored, ...addOne(stored) }));
        rows.set(row, next);
        return next;
      });
    return { update, close };
  },
};

answerJobs(async ({ variant, clients, updates }) => {
  const { update, close } = await VARIANTS[variant]();
  await run(update, clients, updates / 5);
  const before = process.cpuUsage();
  await run(update, clients, updates);
  const { user, system } = process.cpuUsage(before);
  await close(updates + updates / 5);
  return (updates * 1e6) / (user + system);
});

async function run(update, clients, updates) {
  let left = updates;
  const client = async () => {
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
  const refs = [];
  for (let row = 0; row < ROWS; row++) {
    const draft = new Account({ owner: 'ada', balance: 0 }, { id: accountId(row) });
    refs.push(Account.ref(await accounts.save(draft)));
  }
  const close = async (expected) => {
    assertSum(await accounts.find(), expected);
    await store.close();
  };
  return { store, accounts, refs, close };
}

function openMap() {
  const rows = new Map();
  const mutexes = [];
  for (let row = 0; row < ROWS; row++) {
    rows.set(row, Object.freeze({ owner: 'ada', balance: 0 }));
    mutexes.push(new Mutex());
  }
  return { rows, mutexes, close: async (expected) => assertSum([...rows.values()], expected) };
}

function assertSum(accounts, expected) {
  const sum = accounts.reduce((total, { balance }) => total + balance, 0);
  if (sum !== expected)
    throw new Error(`the balances are ${sum}, but ${expected} updates were made`);
}
