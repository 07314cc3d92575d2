// The heap over a million writes; needs --expose-gc.
import type { Ref, Repository, Store } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import { answerJobs } from '../child.js';
import { accountId } from '../database.js';
import { Account, addOne } from '../variants/justscale.js';

type Write = (ref: Ref<Account>) => Promise<unknown>;
type Accounts = Repository<Account>;

const WRITERS = {
  memory:
    (store: Store, accounts: Accounts): Write =>
    (ref) =>
      store.transaction(async () => {
        const account = await accounts.lock(ref);
        if (account !== null) await accounts.update(account, addOne(account));
      }),
  postgres:
    (_: Store, accounts: Accounts): Write =>
    (ref) =>
      accounts.mutate(ref, addOne),
};
const CALLERS = 200;

interface HeapJob {
  readonly kind: keyof typeof WRITERS;
  readonly url: string;
  readonly writes: number;
  readonly steps: number;
}

const jobs = {
  /** Megabytes in use after each step, without garbage. */
  async grow({ kind, url, writes, steps }: HeapJob): Promise<readonly number[]> {
    const store = kind === 'memory' ? memoryStore() : postgresStore(url);
    try {
      const accounts = store.repository(Account);
      const draft = new Account({ owner: 'ada', balance: 0 }, { id: accountId('heap') });
      const ref = Account.ref(await accounts.save(draft));
      const write = WRITERS[kind](store, accounts);
      const megabytes: number[] = [];
      for (let step = 0; step <= steps; step++) {
        if (step > 0) await run(write, ref, writes / steps);
        globalThis.gc?.();
        globalThis.gc?.();
        megabytes.push(process.memoryUsage().heapUsed / 2 ** 20);
      }
      const { balance } = (await accounts.get(ref)) ?? { balance: 0 };
      if (balance !== writes) throw new Error(`${kind}: ${balance} of ${writes} writes are stored`);
      return megabytes;
    } finally {
      await store.close();
    }
  },
};
export type HeapJobs = typeof jobs;

answerJobs(jobs);

async function run(write: Write, ref: Ref<Account>, writes: number): Promise<void> {
  let left = writes;
  const caller = async (): Promise<void> => {
    for (; left > 0;) {
      left -= 1;
      await write(ref);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}
