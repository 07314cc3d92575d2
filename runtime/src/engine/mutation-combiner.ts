import { AsyncResource } from 'node:async_hooks';
import type { Awaitable, LockStrength } from '../adapter/adapter.js';
import { continueWith } from '../adapter/awaitable.js';
import { LockTimeoutError } from '../errors/lock-errors.js';
import { MutationBatch, type Remaining } from './mutation-batch.js';
import { MutationGroup } from './mutation-group.js';
import { takeJob, type MutationContext, type MutationJob, type WaitingJobs } from './mutation.js';
import type { OpenWork } from './open-work.js';
import type { Transaction } from './transaction.js';

/** How many batches run in turn after a row came back otherwise than it was predicted. */
const IN_TURN_AFTER_A_SURPRISE = 100;

/** How many turns each row goes by itself after a table turned out to have triggers. */
const ALONE_WITH_EFFECTS = 100;

/** The most rows that share a transaction. */
const MAX_GROUP = 50;

// Kept: fake timers of tests replace it later.
const { nextTick } = process;

/** How a `mutate` locks its row. */
export interface MutationWait {
  readonly strength: LockStrength;
  /** The longest wait for the row, in milliseconds. */
  readonly timeoutMs: number | undefined;
  /** Whether it may share a transaction; what the store says without this. */
  readonly combine?: boolean;
  /** Ends the wait when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** Whose calls share a transaction: nobody's, those for one row, or also those for several rows that arrive in one turn. */
export type Combination = 'none' | 'rows' | 'groups';

/**
 * Runs the `mutate` calls of one repository outside transactions. Calls for the same entity that arrive while one is
 * under way are combined: one lock, the changes one after another in order of arrival, one commit. Calls for different ones that
 * arrive in one turn of the event loop may share a commit, too: see {@link MutationGroup}.
 */
export class MutationCombiner {
  readonly #context: MutationContext;
  readonly #work: OpenWork;
  readonly #combination: Combination;
  /** The calls that wait for the lock or for the batch before them, by id and strength. */
  readonly #waiting = new Map<string, WaitingJobs>();
  /** Those that arrived in this turn, by id and strength. */
  #arrived = new Map<string, WaitingJobs>();
  /** How many batches are still to run in turn: triggers or generated columns of this table surprised one. */
  #inTurn = 0;
  /** For how many turns rows still go by themselves. */
  #alone = 0;

  constructor(context: MutationContext, work: OpenWork, combination: Combination) {
    this.#context = context;
    this.#work = work;
    this.#combination = combination;
  }

  /** See `Repository.mutate`. */
  mutate(
    id: string,
    change: MutationJob['change'],
    { strength, timeoutMs, signal, combine }: MutationWait,
  ): Promise<object | null> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const piece = this.#work.enter((reason) => this.#giveUp(job, reason));
      const abort = (): void => this.#giveUp(job, signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      const end = (): void => {
        this.#work.leave(piece);
        signal?.removeEventListener('abort', abort);
      };
      const job: MutationJob = {
        change,
        deadline: timeoutMs === undefined ? undefined : performance.now() + timeoutMs,
        timer: undefined,
        signal,
        waiting: undefined,
        resolve: (result) => {
          end();
          resolve(result);
        },
        reject: (error) => {
          end();
          reject(error);
        },
      };
      this.#add(id, strength, job, combine === false ? 'none' : this.#combination);
    });
  }

  #add(id: string, strength: LockStrength, job: MutationJob, combination: Combination): void {
    if (combination === 'none') {
      void this.#runBatch({ id, strength, jobs: [job] });
      return;
    }
    const key = `${strength} ${id}`;
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) {
      this.#keepContext(job);
      waiting.jobs.push(job);
      this.#watch(waiting, job);
      return;
    }
    const first = { id, strength, jobs: [job] };
    this.#waiting.set(key, first);
    if (combination === 'rows') this.#runWaiting(key, first);
    else this.#arrive(key, first, job);
  }

  #arrive(key: string, waiting: WaitingJobs, job: MutationJob): void {
    this.#keepContext(job);
    this.#watch(waiting, job);
    this.#arrived.set(key, waiting);
    if (this.#arrived.size === 1) nextTick(() => this.#depart());
  }

  /** Runs what arrived in one turn: rows with one call each in groups, others by themselves. */
  #depart(): void {
    const groups = new Map<LockStrength, [string, WaitingJobs][]>();
    for (const [key, waiting] of this.#arrived) {
      const { jobs, strength } = waiting;
      const group = groups.get(strength) ?? [];
      groups.set(strength, group);
      if (jobs.length === 1) group.push([key, waiting]);
      else this.#runWaiting(key, waiting);
    }
    this.#arrived = new Map();
    for (const members of groups.values()) {
      for (let first = 0; first < members.length; first += MAX_GROUP)
        void this.#runGroup(members.slice(first, first + MAX_GROUP));
    }
  }

  async #runGroup(members: readonly (readonly [string, WaitingJobs])[]): Promise<void> {
    if (members.length > 1 && this.#alone > 0) this.#alone -= 1;
    else if (members.length > 1) {
      const rows = members.map(([, waiting]) => waiting);
      const mayShare = await new MutationGroup(this.#context, rows).run();
      if (!mayShare) this.#alone = ALONE_WITH_EFFECTS;
    }
    for (const [key, waiting] of members) this.#runWaiting(key, waiting);
  }

  /** It may run on behalf of another call: it keeps the async context of its own caller. */
  #keepContext(job: MutationJob): void {
    const caller = new AsyncResource('justscale.mutate');
    const { runner } = this.#context;
    const { change } = job;
    job.change = (entity) => {
      const transaction = runner.current;
      return caller.runInAsyncScope(() => runner.within(transaction, () => change(entity)));
    };
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
    // Aborted while it was computed: it waits once more, which it is not to do.
    if (job.signal?.aborted === true) {
      this.#giveUp(job, job.signal.reason);
      return;
    }
    if (job.deadline === undefined || job.timer !== undefined) return;
    job.timer = setTimeout(
      () => this.#giveUp(job, new LockTimeoutError(this.#context.table.model.name, [waiting.id])),
      Math.max(0, job.deadline - performance.now()),
    );
  }

  /** Ends a job that waits; the transaction too when nobody is left. One whose change was computed goes on. */
  #giveUp(job: MutationJob, reason: unknown): void {
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
  const jobs: MutationJob[] = [];
  for (let job = takeJob(waiting); job !== undefined; job = takeJob(waiting)) jobs.push(job);
  delete waiting.transaction;
  return jobs;
}
