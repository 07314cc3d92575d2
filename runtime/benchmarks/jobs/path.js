// What the runtime itself takes for a write: an adapter that answers at once stands for the database.
import { defineModel } from '@justscale/runtime';
import { createStore } from '@justscale/runtime/adapter';
import { answerJobs } from '../child.js';
import { Account, addOne } from '../variants/justscale.js';

/** Accepts everything and costs nothing: what is left of validation is what the runtime adds to a schema. */
const anySchema = {
  '~standard': { version: 1, vendor: 'benchmark', validate: (value) => ({ value }) },
};

class Plain extends defineModel('account', anySchema) {}

const stored = { id: 'account-0', fields: Object.freeze({ owner: 'ada', balance: 0 }) };

const immediateAdapter = {
  name: 'immediate',
  maxTopicBytes: 8_000,
  begin: () => ({
    find: () => [stored],
    lock: () => [stored],
    lockName: () => undefined,
    insert: () => stored,
    update: () => stored,
    delete: () => undefined,
    commit: () => undefined,
    rollback: () => undefined,
  }),
  find: () => [stored],
  publish: async () => undefined,
  listen: async () => undefined,
  close: async () => undefined,
};

const store = createStore(immediateAdapter);
const accounts = store.repository(Account);
const plain = store.repository(Plain);
const ref = Account.ref(stored.id);

const CASES = {
  /** Identity, liveness, ownership, validation without a schema, and a snapshot; nothing is written. */
  checks: (count) =>
    store.transaction(async () => {
      const account = await plain.lock(Plain.ref(stored.id));
      await repeat(count, () => plain.update(account, {}));
    }),
  /** The same and the write. */
  update: (count) =>
    store.transaction(async () => {
      const account = await plain.lock(Plain.ref(stored.id));
      await repeat(count, () => plain.update(account, { balance: 1 }));
    }),
  /** A whole transaction with a lock and an update, and a schema. */
  path: (count) =>
    repeat(count, () =>
      store.transaction(async () => {
        const account = await accounts.lock(ref);
        await accounts.update(account, addOne(account));
      }),
    ),
  mutate: (count) => repeat(count, () => accounts.mutate(ref, addOne)),
};

/** Microseconds of processor time for one. */
answerJobs(async ({ name, count }) => {
  await CASES[name](count);
  const before = process.cpuUsage();
  await CASES[name](count);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
});

async function repeat(count, work) {
  for (let done = 0; done < count; done++) await work();
}
