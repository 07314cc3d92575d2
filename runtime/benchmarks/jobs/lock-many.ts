// Locks many rows in one transaction, in one statement or one after another.
import type { Ref, Repository } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { answerJobs } from '../child.js';
import { accountId } from '../database.js';
import { Account } from '../variants/justscale.js';

type Accounts = Repository<Account>;

const WAYS = {
  async lockMany(accounts: Accounts, refs: readonly Ref<Account>[]): Promise<void> {
    await accounts.lockMany(refs);
  },
  async loop(accounts: Accounts, refs: readonly Ref<Account>[]): Promise<void> {
    for (const ref of refs) await accounts.lock(ref);
  },
};

interface LockManyJob {
  readonly url: string;
  readonly way: keyof typeof WAYS;
  readonly count: number;
}

const jobs = {
  /** Milliseconds of a transaction. */
  async lock({ url, way, count }: LockManyJob): Promise<number> {
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
  },
};
export type LockManyJobs = typeof jobs;

answerJobs(jobs);
