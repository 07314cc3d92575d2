// Locks many rows in one transaction, in one statement or one after another.
import { postgresStore } from '@justscale/runtime/postgres';
import { answerJobs } from '../child.js';
import { accountId } from '../database.js';
import { Account } from '../variants/justscale.js';

const WAYS = {
  lockMany: (accounts, refs) => accounts.lockMany(refs),
  loop: async (accounts, refs) => {
    for (const ref of refs) await accounts.lock(ref);
  },
};

answerJobs(async ({ url, way, count }) => {
  const store = postgresStore(url, { maxConnections: 1 });
  try {
    const accounts = store.repository(Account);
    const refs = Array.from({ length: count }, (_, row) => Account.ref(accountId(row)));
    // The first transaction learns the table and prepares the statement.
    const run = () =>
      store.transaction(async () => {
        await WAYS[way](accounts, refs);
      });
    await run();
    const start = performance.now();
    await run();
    return performance.now() - start;
  } finally {
    await store.close();
  }
});
