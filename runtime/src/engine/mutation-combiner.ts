import { AsyncResource } from 'node:async_hooks';
import type { Awaitable, LockStrength } from '../adapter/adapter.js';
import { continueWith } from '../adapter/awaitable.js';
import { LockTimeoutError } from '../errors/lock-errors.js';
import { MutationBatch, type MutationContext, type Remaining } from './mutation-batch.js';
import type { MutationJob, WaitingJobs } from './mutation.js';
import type { OpenWork } from './open-work.js';
import type { Transaction } from './transaction.js';

/** How many batches run in turn after a row came back otherwise than it was predicted. */
const IN_TURN_AFTER_A_SURPRISE = 100;

/** How a `mutate` locks its row. */
export interface MutationWait {
  readonly strength: LockStrength;
  /** The longest wait for the row, in milliseconds. */
  readonly timeoutMs: number | undefined;
}

/**
 * Runs the `mutate` calls of one repository outside transactions. Calls for the same entity that arrive while one is
 * under way are combined: one lock, the changes one after another in order of arrival, one commit.
 */
export class MutationCombiner {
  readonly #context: MutationContext;
  readonly #work: OpenWork;
  readonly #combine: boolean;
  /** The calls that wait for the lock or for the batch before them, by id and strength. */
  readonly #waiting = new Map<string, WaitingJobs>();
  /** How many batches are still to run in turn: triggers or generated columns of this table surprised one. */
  #inTurn = 0;

  /**
   * @param combine - whether calls for the same entity share a transaction
   */
  constructor(context: MutationContext, work: OpenWork, combine: boolean) {
    this.#context = context;
    this.#work = work;
    this.#combine = combine;
  }

  /** See `Repository.mutate`. */
  mutate(
    id: string,
    change: MutationJob['change'],
    { strength, timeoutMs }: MutationWait,
  ): Promise<object | null> {
    return new Promise((resolve, reject) => {
      const piece = this.#work.enter((reason) => this.#giveUp(job, reason));
      const job: MutationJob = {
        change,
        deadline: timeoutMs === undefined ? undefined : performance.now() + timeoutMs,
        timer: undefined,
        waiting: undefined,
        resolve: (result) => {
          this.#work.leave(piece);
          resolve(result);
        },
        reject: (error) => {
          this.#work.leave(piece);
          reject(error);
        },
      };
      this.#add(id, strength, job);
    });
  }

  #add(id: string, strength: LockStrength, job: MutationJob): void {
    if (!this.#combine) {
      void this.#runBatch({ id, strength, jobs: [job] });
      return;
    }
    const key = `${strength} ${id}`;
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) {
      const first = { id, strength, jobs: [job] };
      this.#waiting.set(key, first);
      this.#runWaiting(key, first);
    } else {
      // It runs later, on behalf of another call: it keeps the async context of its own caller.
      const caller = new AsyncResource('justscale.mutate');
      const { runner } = this.#context;
      const { change } = job;
      job.change = (entity) => {
        const transaction = runner.current;
        return caller.runInAsyncScope(() => runner.within(transaction, () => change(entity)));
      };
      waiting.jobs.push(job);
      this.#watch(waiting, job);
    }
  }

  #runWaiting(key: string, waiting: WaitingJobs): void {
    while (waiting.jobs.length > 0) {
      const done = this.#runBatch(waiting);
      if (done instanceof Promise) {
        void done.then(() => this.#runWaiting(key, waiting));
        return;
      }
    }
    this.#waiting.delete(key);
  }

  /** Runs one transaction for the jobs that have arrived by the time the lock is there, and others for what is left. Never throws. */
  #runBatch(waiting: WaitingJobs): Awaitable<void> {
    const { runner, table } = this.#context;
    const transaction = runner.begin();
    const { id, strength } = waiting;
    waiting.transaction = transaction;
    for (const job of waiting.jobs) this.#watch(waiting, job);
    return continueWith(
      () => transaction.lock(table, [id], { mode: 'block', timeoutMs: undefined, strength }),
      ([row]): Awaitable<void> => {
        const jobs = takeAll(waiting);
        if (row === undefined || jobs.length === 0)
          return continueWith(
            () => transaction.rollback(),
            () => jobs.forEach((job) => job.resolve(null)),
          );
        const batch = new MutationBatch(this.#context, transaction, row, jobs);
        return continueWith(
          () =>
            waiting.inTurn === true || this.#isInTurn(transaction, jobs)
              ? batch.runInTurn()
              : batch.runPredicted(),
          (remaining) => this.#runRemaining(waiting, remaining),
        );
      },
      (error): Awaitable<void> => {
        // Given up because nobody was left; who has come since then waits for the next lock.
        if (transaction.state.isRolledBack) return;
        return continueWith(
          () => transaction.rollback(error),
          () => takeAll(waiting).forEach((job) => job.reject(error)),
        );
      },
    );
  }

  #isInTurn(transaction: Transaction, jobs: readonly MutationJob[]): boolean {
    if (jobs.length === 1) return false;
    if (!transaction.canUpdateInTurn) return true;
    if (this.#inTurn === 0) return false;
    this.#inTurn -= 1;
    return true;
  }

  #runRemaining(
    { id, strength }: WaitingJobs,
    { groups, wasMispredicted }: Remaining,
  ): Awaitable<void> {
    if (groups.length === 0) return;
    if (wasMispredicted) this.#inTurn = IN_TURN_AFTER_A_SURPRISE;
    return this.#runGroups(
      groups.map((jobs) => ({ id, strength, jobs: [...jobs], inTurn: wasMispredicted })),
    );
  }

  async #runGroups(groups: readonly WaitingJobs[]): Promise<void> {
    for (const group of groups) await this.#runBatch(group);
  }

  /** Lets a job give up when it waits for too long. */
  #watch(waiting: WaitingJobs, job: MutationJob): void {
    job.waiting = waiting;
    if (job.deadline === undefined || job.timer !== undefined) return;
    job.timer = setTimeout(
      () => this.#giveUp(job, new LockTimeoutError(this.#context.table.model.name, [waiting.id])),
      Math.max(0, job.deadline - performance.now()),
    );
  }

  /** Ends a job that waits; the transaction too when nobody is left. One whose change was computed goes on. */
  #giveUp(job: MutationJob, reason: Error): void {
    const { waiting } = job;
    if (waiting === undefined) return;
    clearTimeout(job.timer);
    job.waiting = undefined;
    waiting.jobs = waiting.jobs.filter((other) => other !== job);
    job.reject(reason);
    if (waiting.jobs.length === 0) void waiting.transaction?.rollback();
  }
}

function takeAll(waiting: WaitingJobs): readonly MutationJob[] {
  const { jobs } = waiting;
  waiting.jobs = [];
  delete waiting.transaction;
  for (const job of jobs) {
    clearTimeout(job.timer);
    job.timer = undefined;
    job.waiting = undefined;
  }
  return jobs;
}
