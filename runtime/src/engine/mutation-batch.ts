import type { Awaitable, RowChange, StoredRow } from '../adapter/adapter.js';
import { continueWith } from '../adapter/awaitable.js';
import { LockStaleError } from '../errors/lock-errors.js';
import { ConnectionLostError } from '../errors/store-errors.js';
import { isSameStored } from '../model/stored-value.js';
import { computeJob, isWrite, settleJob, type Accepted, type JobResult } from './job-result.js';
import type { LockedRow } from './lock-record.js';
import { MAX_ATTEMPTS, type MutationContext, type MutationJob } from './mutation.js';
import type { Transaction } from './transaction.js';

/** Jobs that have to run again, each group in a transaction of its own, in this order. */
export interface Remaining {
  readonly groups: readonly (readonly MutationJob[])[];
  /** Whether a row came back otherwise than it was predicted. */
  readonly wasMispredicted: boolean;
}

const NOTHING: Remaining = { groups: [], wasMispredicted: false };

/**
 * The changes of several jobs to one locked row: one commit, and a statement, a result or an error for each of them, so that
 * nobody can tell them from jobs that ran one by one. Nobody is told anything before the commit.
 */
export class MutationBatch {
  readonly #context: MutationContext;
  readonly #transaction: Transaction;
  readonly #row: LockedRow;
  readonly #jobs: readonly MutationJob[];
  readonly #results: JobResult[] = [];
  #hasWritten = false;

  constructor(
    context: MutationContext,
    transaction: Transaction,
    row: LockedRow,
    jobs: readonly MutationJob[],
  ) {
    this.#context = context;
    this.#transaction = transaction;
    this.#row = row;
    this.#jobs = jobs;
  }

  /**
   * Computes the jobs one from the other as if each write would come back as it was sent, then sends them together.
   * Never throws.
   */
  runPredicted(): Awaitable<Remaining> {
    return this.#predictFrom(0, this.#row.stored);
  }

  /** Computes each job from the row that the write before it has left. Never throws. */
  runInTurn(): Awaitable<Remaining> {
    this.#checkAtOnce(this.#jobs.length);
    return this.#runFrom(0);
  }

  #predictFrom(first: number, row: StoredRow): Awaitable<Remaining> {
    for (let index = first; index < this.#jobs.length; index++) {
      const result = this.#compute(this.#jobs[index] as MutationJob, row);
      if (result instanceof Promise)
        return result.then((settled) => this.#predictFrom(index + 1, this.#note(settled, row)));
      row = this.#note(result, row);
    }
    const writers = this.#writers();
    this.#checkAtOnce(writers.length);
    const isLast = writers[0] === undefined || writers[0] === this.#jobs.length - 1;
    // What comes after a write is computed from its prediction, which has to hold before anything is committed.
    return isLast ? this.#commit(writers[0]) : this.#sendTogether(writers);
  }

  /** What one of several writes leaves behind is checked before the next one can mend it. */
  #checkAtOnce(writes: number): void {
    if (writes > 1) this.#transaction.checkAtOnce(this.#row.table);
  }

  #note(result: JobResult, row: StoredRow): StoredRow {
    this.#results.push(result);
    return 'row' in result ? result.row : row;
  }

  #runFrom(first: number, attempt = 1): Awaitable<Remaining> {
    const job = this.#jobs[first];
    if (job === undefined) return this.#commit();
    return continueWith(
      () => this.#compute(job, this.#row.stored),
      (result): Awaitable<Remaining> => {
        if (!isWrite(result)) {
          this.#results.push(result);
          return this.#runFrom(first + 1);
        }
        return continueWith(
          () => this.#transaction.updateNow(this.#row, result.changes),
          (isWritten) => {
            if (!isWritten) return this.#recompute(first, attempt);
            this.#hasWritten = true;
            result.row = this.#row.stored;
            this.#results.push(result);
            return this.#runFrom(first + 1);
          },
          (error) => this.#refused(error, first),
        );
      },
    );
  }

  /** The row is no longer as the job saw it: it is read again, under the same lock. */
  #recompute(index: number, attempt: number): Awaitable<Remaining> {
    const { table, stored } = this.#row;
    if (attempt >= MAX_ATTEMPTS)
      return this.#refused(new LockStaleError(table.model.name, stored.id), index);
    return continueWith(
      () => this.#transaction.relock(this.#row),
      (isThere) =>
        isThere
          ? this.#runFrom(index, attempt + 1)
          : this.#refused(new LockStaleError(table.model.name, stored.id), index),
      (error) => this.#refused(error, index),
    );
  }

  #compute(job: MutationJob, row: StoredRow): Awaitable<JobResult> {
    return computeJob(this.#context, this.#transaction, job, row);
  }

  /** The jobs that write something, by their index. */
  #writers(): readonly number[] {
    return this.#results.flatMap((result, index) => (isWrite(result) ? [index] : []));
  }

  /** Commits, with at most one write, which leaves together with the COMMIT: the row is held for one round trip less. */
  #commit(writer?: number): Awaitable<Remaining> {
    const transaction = this.#transaction;
    const { table, stored } = this.#row;
    const isEmpty = writer === undefined && transaction.effects.isEmpty && !this.#hasWritten;
    if (isEmpty) {
      return continueWith(
        () => transaction.rollback(),
        () => this.#settle(),
      );
    }
    const last: RowChange[] =
      writer === undefined ? [] : [{ table, row: stored, changes: this.#accepted(writer).changes }];
    return continueWith(
      () => transaction.commit(last),
      ([written]) =>
        continueWith(
          () =>
            transaction.effects.hasWork ? this.#context.runner.afterCommit(transaction) : undefined,
          () => this.#committed(writer, written),
        ),
      (error) => this.#uncommitted(error),
    );
  }

  #committed(writer: number | undefined, written: StoredRow | undefined): Remaining {
    if (writer === undefined) return this.#settle();
    if (written === undefined) return { groups: [this.#jobs], wasMispredicted: true };
    this.#accepted(writer).row = written;
    return this.#settle();
  }

  /** Sends several writes at once, and the COMMIT when they came back as predicted. */
  async #sendTogether(writers: readonly number[]): Promise<Remaining> {
    const transaction = this.#transaction;
    const written = await Promise.allSettled(
      transaction.updateInTurn(
        this.#row,
        writers.map((index) => this.#accepted(index).changes),
      ),
    );
    for (const [at, outcome] of written.entries()) {
      const index = writers[at] as number;
      if (outcome.status === 'rejected') return this.#refused(outcome.reason, index);
      const predicted = this.#accepted(index);
      if (outcome.value === undefined || !isSameRow(predicted.row, outcome.value)) {
        await transaction.rollback();
        return { groups: [this.#jobs], wasMispredicted: true };
      }
      predicted.row = outcome.value;
    }
    this.#hasWritten = true;
    return this.#commit();
  }

  #accepted(index: number): Accepted {
    return this.#results[index] as Accepted;
  }

  /** The database refused the write of one job: it goes alone, and those before and after it go without it. */
  #refused(error: unknown, index: number): Awaitable<Remaining> {
    const jobs = this.#jobs;
    return continueWith(
      () => this.#transaction.rollback(error),
      () => {
        if (jobs.length === 1 || error instanceof ConnectionLostError) return this.#reject(error);
        const groups = [jobs.slice(0, index), jobs.slice(index, index + 1), jobs.slice(index + 1)];
        return { groups: groups.filter(({ length }) => length > 0), wasMispredicted: false };
      },
    );
  }

  /** The COMMIT was refused, or it is unknown what became of it: then nobody may try again. */
  #uncommitted(error: unknown): Remaining {
    if (this.#jobs.length === 1 || error instanceof ConnectionLostError) return this.#reject(error);
    return { groups: this.#jobs.map((job) => [job]), wasMispredicted: false };
  }

  /** Tells all that nothing was written; who failed by itself hears of that. */
  #reject(error: unknown): Remaining {
    for (const [index, job] of this.#jobs.entries()) {
      const result = this.#results[index];
      job.reject(result !== undefined && 'error' in result ? result.error : error);
    }
    return NOTHING;
  }

  /** Tells all what they came to. */
  #settle(): Remaining {
    for (const [index, job] of this.#jobs.entries()) {
      settleJob(this.#context, job, this.#results[index] as JobResult);
    }
    return NOTHING;
  }
}

function isSameRow(predicted: StoredRow, written: StoredRow): boolean {
  return isSameStored(predicted.fields, written.fields);
}
