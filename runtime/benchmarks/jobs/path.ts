// What the runtime itself takes for a write: an adapter that answers at once stands for the database.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { defineModel } from '@justscale/runtime';
import {
  ALL_OPERATORS,
  createStore,
  InProcessSignals,
  type Adapter,
} from '@justscale/runtime/adapter';
import { answerJobs } from '../child.js';
import { Account, addOne } from '../variants/justscale.js';

/** Accepts everything and costs nothing: what is left of validation is what the runtime adds to a schema. */
const anySchema = {
  '~standard': { version: 1, vendor: 'benchmark', validate: (value: unknown) => ({ value }) },
} as StandardSchemaV1<{ balance: number; owner: string }>;

class Plain extends defineModel('account', anySchema) {}

const stored = { id: 'account-0', fields: Object.freeze({ owner: 'ada', balance: 0 }) };

const immediateAdapter: Adapter = {
  name: 'immediate',
  capabilities: {
    locks: 'row',
    signals: 'after-commit',
    conditions: ALL_OPERATORS,
    savepoints: false,
  },
  signals: new InProcessSignals(),
  begin: () => ({
    find: () => [stored],
    lock: () => [stored],
    lockWhere: () => [stored],
    lockName: () => undefined,
    insert: () => stored,
    update: () => stored,
    delete: () => true,
    commit: (_, last) => last.map(() => stored),
    rollback: () => undefined,
  }),
  find: () => [stored],
  close: async () => undefined,
};

const store = createStore(immediateAdapter);
const accounts = store.repository(Account);
const plain = store.repository(Plain);
const ref = Account.ref(stored.id);

const CASES = {
  /** Identity, liveness, ownership, validation without a schema, and a snapshot; nothing is written. */
  checks: (count: number): Promise<void> =>
    store.transaction(async () => {
      const account = await plain.lock(Plain.ref(stored.id));
      if (account !== null) await repeat(count, () => plain.update(account, {}));
    }),
  /** The same and the write. */
  update: (count: number): Promise<void> =>
    store.transaction(async () => {
      const account = await plain.lock(Plain.ref(stored.id));
      if (account !== null) await repeat(count, () => plain.update(account, { balance: 1 }));
    }),
  /** A whole transaction with a lock and an update, and a schema. */
  path: (count: number): Promise<void> =>
    repeat(count, () =>
      store.transaction(async () => {
        const account = await accounts.lock(ref);
        if (account !== null) await accounts.update(account, addOne(account));
      }),
    ),
  /** The same while somebody listens to all that the runtime tells of it. */
  listened: async (count: number): Promise<void> => {
    const names = ['statement', 'lock', 'transaction', 'pool', 'slow-lock'];
    for (const name of names) subscribe(`justscale:${name}`, ignore);
    await CASES.path(count);
    for (const name of names) unsubscribe(`justscale:${name}`, ignore);
  },
  mutate: (count: number): Promise<void> => repeat(count, () => accounts.mutate(ref, addOne)),
};

const jobs = {
  /** Microseconds of processor time for one. */
  async measure({ name, count }: { name: keyof typeof CASES; count: number }): Promise<number> {
    await CASES[name](count);
    const before = process.cpuUsage();
    await CASES[name](count);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / count;
  },
};
export type PathJobs = typeof jobs;

answerJobs(jobs);

function ignore(): void {
  // What is measured is being told.
}

async function repeat(count: number, work: () => unknown): Promise<void> {
  for (let done = 0; done < count; done++) await work();
}
