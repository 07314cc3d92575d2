// How many locked updates per second the memory store makes on one core: node runtime/benchmarks/locked-updates.js [updates]
import { defineModel } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { z } from 'zod';

class Account extends defineModel(
  'account',
  z.object({ owner: z.string(), balance: z.number() }),
) {}

const UPDATES = Number(process.argv[2] ?? 300_000);
const ROUNDS = 5;

const store = memoryStore();
const accounts = store.repository(Account);
const refs = [];
for (let index = 0; index < 16; index++) {
  refs.push(Account.ref(await accounts.save(new Account({ owner: 'ada', balance: 0 }))));
}
let next = 0;
const nextRef = () => refs[next++ % refs.length];
const deposit = ({ balance }) => ({ balance: balance + 1 });

async function inParallel(clients, updates, update) {
  let left = updates;
  const client = async () => {
    while (left-- > 0) await update();
  };
  await Promise.all(Array.from({ length: clients }, client));
}

const withTransaction = (ref) =>
  store.transaction(async () => {
    const account = await accounts.lock(ref);
    await accounts.update(account, deposit(account));
  });

const CASES = {
  'mutate, one client': (updates) =>
    inParallel(1, updates, () => accounts.mutate(nextRef(), deposit)),
  'mutate, 100 clients': (updates) =>
    inParallel(100, updates, () => accounts.mutate(nextRef(), deposit)),
  'transaction, lock, update, one client': (updates) =>
    inParallel(1, updates / 4, () => withTransaction(nextRef())),
  'transaction, lock, update, 10 clients on one row': (updates) =>
    inParallel(10, updates / 4, () => withTransaction(refs[0])),
};

for (const [name, run] of Object.entries(CASES)) {
  const rates = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    const [start, written] = [await total(), performance.now()];
    await run(UPDATES);
    const { user, system } = process.cpuUsage(before);
    const updates = (await total()) - start;
    rates.push({
      cpu: (updates * 1e6) / (user + system),
      wall: (updates * 1e3) / (performance.now() - written),
    });
  }
  const best = (of) => Math.round(Math.max(...rates.map(of))).toLocaleString('en');
  console.log(
    `${name}: ${best(({ cpu }) => cpu)} per second of CPU, ${best(({ wall }) => wall)} per second`,
  );
}
await store.close();

async function total() {
  return (await accounts.find()).reduce((sum, { balance }) => sum + balance, 0);
}
