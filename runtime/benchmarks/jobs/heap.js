// The heap over a million writes; needs --expose-gc.
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import { answerJobs } from '../child.js';
import { accountId } from '../database.js';
import { Account, addOne } from '../variants/justscale.js';

const WRITERS = {
  memory: (store, accounts) => (ref) =>
    store.transaction(async () => {
      const account = await accounts.lock(ref);
      await accounts.update(account, addOne(account));
    }),
  postgres: (store, accounts) => (ref) => accounts.mutate(ref, addOne),
};
const CALLERS = 200;

/** Megabytes in use after each step, without garbage. */
answerJobs(async ({ kind, url, writes, steps }) => {
  const store = kind === 'memory' ? memoryStore() : postgresStore(url);
  try {
    const accounts = store.repository(Account);
    const draft = new Account({ owner: 'ada', balance: 0 }, { id: accountId('heap') });
    const ref = Account.ref(await accounts.save(draft));
    const write = WRITERS[kind](store, accounts);
    const megabytes = [];
    for (let step = 0; step <= steps; step++) {
      if (step > 0) await run(write, ref, writes / steps);
      globalThis.gc();
      globalThis.gc();
      megabytes.push(process.memoryUsage().heapUsed / 2 ** 20);
    }
    const { balance } = await accounts.get(ref);
    if (balance !== writes) throw new Error(`${kind}: ${balance} of ${writes} writes are stored`);
    return megabytes;
  } finally {
    await store.close();
  }
});

async function run(write, ref, writes) {
  let left = writes;
  const caller = async () => {
    for (; left > 0;) {
      left -= 1;
      await write(ref);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}
