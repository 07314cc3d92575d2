import { ValidationError } from '../errors/model-errors.js';
import type { LockStrength, StoredRow, Table } from '../adapter/adapter.js';
import type { LockedViewFactory } from './locked-view.js';
import type { TransactionRunner } from './transaction-runner.js';
import type { Transaction } from './transaction.js';

/** What the mutations of one repository share. */
export interface MutationContext {
  readonly runner: TransactionRunner;
  readonly table: Table;
  readonly views: LockedViewFactory;
  snapshot(row: StoredRow): object;
}

/** Calls for one row that wait for its lock. */
export interface WaitingJobs {
  readonly id: string;
  readonly strength: LockStrength;
  jobs: MutationJob[];
  /** Waits for the lock on their behalf. */
  transaction?: Transaction;
  /** Whether each is computed from what the one before has left. */
  readonly inTurn?: boolean;
}

/** One call of `mutate`. */
export interface MutationJob {
  change: (entity: object) => unknown;
  /** When it gives up waiting for the row, in milliseconds of `performance.now()`. */
  readonly deadline: number | undefined;
  timer: NodeJS.Timeout | undefined;
  /** Ends its wait when it is aborted. */
  readonly signal: AbortSignal | undefined;
  /** Among whom it waits, as long as it does. */
  waiting: WaitingJobs | undefined;
  resolve(result: object | null): void;
  reject(error: unknown): void;
}

/** Takes the job that came first: it no longer waits, and nobody gives it up. */
export function takeJob(waiting: WaitingJobs): MutationJob | undefined {
  const job = waiting.jobs.shift();
  if (job === undefined) return undefined;
  clearTimeout(job.timer);
  job.timer = undefined;
  job.waiting = undefined;
  return job;
}

/** How often a patch is computed again because the row has changed under its own lock, by a trigger for instance. */
export const MAX_ATTEMPTS = 5;

/**
 * Computes the patch of a `mutate`.
 *
 * @throws {@link ValidationError} when `change` returned a promise: the lock would be held while it waits
 * @throws what `change` throws
 */
export function applyChange<E>(
  model: string,
  id: string,
  change: (entity: E) => unknown,
  entity: E,
): unknown {
  const patch = change(entity);
  if (isThenable(patch)) {
    // The promise is dropped here; its failure would otherwise be an unhandled rejection.
    Promise.resolve(patch).catch(() => undefined);
    throw new ValidationError(model, id, [
      {
        path: '',
        message:
          'the change of mutate() must not be async; read what it needs before, or use transaction()',
      },
    ]);
  }
  return patch;
}

function isThenable(patch: unknown): boolean {
  try {
    return (
      typeof patch === 'object' &&
      patch !== null &&
      typeof (patch as { then?: unknown }).then === 'function'
    );
  } catch {
    // It is no promise: that it cannot be read is told when its fields are.
    return false;
  }
}
