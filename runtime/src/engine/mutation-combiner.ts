import { AsyncResource } from 'node:async_hooks';
import type { Awaitable, LockWait, StoredRow } from '../adapter/adapter.js';
import { continueWith } from '../adapter/awaitable.js';
import { MutationBatch, type MutationContext, type MutationJob } from './mutation-batch.js';
import type { OpenWork } from './open-work.js';

const BLOCK: LockWait = { mode: 'block', timeoutMs: undefined };

/**
 * Runs the `mutate` calls of one repository outside transactions. Calls for the same entity that arrive while one is
 * under way are combined: one lock, the changes one after another in order of arrival, one write, one commit.
 */
export class MutationCombiner {
  readonly #context: MutationContext;
  readonly #work: OpenWork;
  readonly #combine: boolean;
  /** The calls that wait for the lock or for the batch before them, by id. */
  readonly #waiting = new Map<string, MutationJob[]>();

  /**
   * @param combine - whether calls for the same entity share a transaction
   */
  constructor(context: MutationContext, work: OpenWork, combine: boolean) {
    this.#context = context;
    this.#work = work;
    this.#combine = combine;
  }

  /** See `Repository.mutate`. */
  mutate(id: string, change: MutationJob['change']): Promise<object | null> {
    return new Promise((resolve, reject) => {
      this.#work.enter();
      const job: MutationJob = {
        change,
        resolve: (result) => {
          this.#work.leave();
          resolve(result);
        },
        reject: (error) => {
          this.#work.leave();
          reject(error as Error);
        },
      };
      this.#add(id, job);
    });
  }

  #add(id: string, job: MutationJob): void {
    if (!this.#combine) {
      void this.#runAlone(id, [job]);
      return;
    }
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) {
      this.#waiting.set(id, [job]);
      this.#runWaiting(id);
    } else {
      // It runs later, on behalf of another call: it keeps the async context of its own caller.
      const caller = new AsyncResource('justscale.mutate');
      waiting.push({
        ...job,
        change: (entity) => caller.runInAsyncScope(job.change, null, entity),
      });
    }
  }

  #runWaiting(id: string): void {
    while ((this.#waiting.get(id)?.length ?? 0) > 0) {
      const done = this.#runBatch(id, () => this.#take(id));
      if (done instanceof Promise) {
        void done.then(() => this.#runWaiting(id));
        return;
      }
    }
    this.#waiting.delete(id);
  }

  #take(id: string): readonly MutationJob[] {
    const jobs = this.#waiting.get(id) ?? [];
    this.#waiting.set(id, []);
    return jobs;
  }

  /** Runs one transaction for the jobs that have arrived by the time the lock is there. Never throws. */
  #runBatch(id: string, take: () => readonly MutationJob[]): Awaitable<void> {
    const { runner, table } = this.#context;
    const transaction = runner.begin();
    const repeated = continueWith(
      () => transaction.adapter.lock(table, [id], BLOCK),
      ([row]: readonly StoredRow[]): Awaitable<readonly MutationJob[]> => {
        const jobs = take();
        if (row !== undefined)
          return new MutationBatch(this.#context, transaction, row, jobs).run();
        return transaction.rollback().then(() => settleAll(jobs, (job) => job.resolve(null)));
      },
      (error) => transaction.rollback().then(() => settleAll(take(), (job) => job.reject(error))),
    );
    return repeated instanceof Promise
      ? repeated.then((jobs) => this.#runAlone(id, jobs))
      : undefined;
  }

  async #runAlone(id: string, jobs: readonly MutationJob[]): Promise<void> {
    for (const job of jobs) await this.#runBatch(id, () => [job]);
  }
}

function settleAll(
  jobs: readonly MutationJob[],
  settle: (job: MutationJob) => void,
): readonly MutationJob[] {
  for (const job of jobs) settle(job);
  return [];
}
