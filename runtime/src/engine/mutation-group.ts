import type { RowChange } from '../adapter/adapter.js';
import { ConnectionLostError, PoolTimeoutError } from '../errors/store-errors.js';
import { computeJob, isWrite, settleJob, type JobResult } from './job-result.js';
import type { LockedRow } from './lock-record.js';
import { takeJob, type MutationContext, type MutationJob, type WaitingJobs } from './mutation.js';
import { checkTransactionOptions } from './transaction-options.js';
import type { Transaction } from './transaction.js';

/**
 * How long its writes may wait, in milliseconds: for a unique key, or for a parent that others hold. Each goes alone then, so
 * that nobody waits for a row while it holds those of others.
 */
const PATIENCE_MS = 100;

const SETTINGS = checkTransactionOptions({ settings: { lock_timeout: `${PATIENCE_MS}ms` } });

/** A job whose row is locked. */
interface Share {
  readonly member: WaitingJobs;
  readonly job: MutationJob;
  readonly row: LockedRow;
  readonly result: JobResult;
}

/**
 * One change to each of several rows, for different callers, in one transaction (group commit): the rows are locked together, without
 * waiting for those that others hold, and written with the COMMIT, each by a statement of its own. Whatever goes wrong, each
 * caller is told of its own change only: what was not committed stays with its {@link WaitingJobs}, to run by itself.
 */
export class MutationGroup {
  readonly #context: MutationContext;
  readonly #members: ReadonlyMap<string, WaitingJobs>;

  /** @param members - of different rows, all with the same strength */
  constructor(context: MutationContext, members: readonly WaitingJobs[]) {
    this.#context = context;
    this.#members = new Map(members.map((member) => [member.id, member]));
  }

  /**
   * Never throws.
   *
   * @returns whether rows of this table may share a transaction at all
   */
  async run(): Promise<boolean> {
    const transaction = this.#context.runner.begin(SETTINGS);
    let shares: readonly Share[] = [];
    try {
      const rows = await this.#lock(transaction);
      if (transaction.mayHaveEffects(this.#context.table)) {
        await transaction.rollback();
        return false;
      }
      shares = await this.#compute(transaction, rows);
      await this.#commit(transaction, shares);
    } catch (error) {
      if (!transaction.state.hasEnded) await transaction.rollback(error);
      for (const share of shares) putBack(share, error);
      if (error instanceof PoolTimeoutError) this.#refuse(error);
    }
    return true;
  }

  /** Tells all who wait: they have waited for a connection for as long as they may. */
  #refuse(error: unknown): void {
    for (const member of this.#members.values()) {
      for (let job = takeJob(member); job !== undefined; job = takeJob(member)) job.reject(error);
    }
  }

  async #lock(transaction: Transaction): Promise<readonly LockedRow[]> {
    const [first] = this.#members.values();
    if (first === undefined) return [];
    const { strength } = first;
    return transaction.lock(this.#context.table, [...this.#members.keys()], {
      mode: 'skip',
      timeoutMs: undefined,
      strength,
    });
  }

  async #compute(transaction: Transaction, rows: readonly LockedRow[]): Promise<readonly Share[]> {
    const shares: Share[] = [];
    for (const row of rows) {
      const member = this.#members.get(row.stored.id);
      const job = member === undefined ? undefined : takeJob(member);
      if (member === undefined || job === undefined) continue;
      const result = await computeJob(this.#context, transaction, job, row.stored);
      shares.push({ member, job, row, result });
    }
    return shares;
  }

  async #commit(transaction: Transaction, shares: readonly Share[]): Promise<void> {
    const writers: Share[] = [];
    const last: RowChange[] = [];
    for (const share of shares) {
      const { row, result } = share;
      if (!isWrite(result)) continue;
      writers.push(share);
      last.push({ table: row.table, row: row.stored, changes: result.changes });
    }
    if (writers.length === 0 && transaction.effects.isEmpty) {
      await transaction.rollback();
      for (const share of shares) this.#settle(share);
      return;
    }
    if (last.length > 1) transaction.checkAtOnce(this.#context.table);
    const written = await transaction.commit(last);
    if (transaction.effects.hasWork) await this.#context.runner.afterCommit(transaction);
    const rows = new Map(writers.map((share, at) => [share, written[at]]));
    for (const share of shares) {
      const row = rows.get(share);
      if (isWrite(share.result) && row === undefined) share.member.jobs.unshift(share.job);
      else {
        if (isWrite(share.result) && row !== undefined) share.result.row = row;
        this.#settle(share);
      }
    }
  }

  #settle({ job, result }: Share): void {
    settleJob(this.#context, job, result);
  }
}

/** It was not committed, as far as anybody knows: it runs again, unless it may have been. */
function putBack({ member, job, result }: Share, error: unknown): void {
  if (error instanceof ConnectionLostError && error.outcome === 'unknown')
    job.reject('error' in result ? result.error : error);
  else member.jobs.unshift(job);
}
