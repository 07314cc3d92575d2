import type { Awaitable, StoredRow } from '../adapter/adapter.js';
import { continueWith } from '../adapter/awaitable.js';
import type { FieldValues } from '../model/field-values.js';
import { validatePatch } from './entity-validation.js';
import { applyChange, type MutationContext, type MutationJob } from './mutation.js';
import type { LockedRow } from './lock-record.js';
import type { Transaction } from './transaction.js';

/** A job that failed by itself: its change threw, or was not valid. */
export interface Failed {
  readonly error: unknown;
}

/** A job that did not: what it writes, and the row as it is then. */
export interface Accepted {
  row: StoredRow;
  readonly changes: FieldValues;
}

/** What a job came to, as long as nothing is committed. */
export type JobResult = Failed | Accepted;

/** Computes a job from a locked row; its signals are taken back when it fails. */
export function computeJob(
  { runner, table, views }: MutationContext,
  transaction: Transaction,
  job: MutationJob,
  row: StoredRow,
): Awaitable<JobResult> {
  const effects = transaction.effects.mark();
  let lent: LockedRow | undefined;
  return continueWith(
    () => {
      const [lentRow, entity] = transaction.locks.lend(table, row, views);
      lent = lentRow;
      const patch = transaction.open(() =>
        runner.within(transaction, () => applyChange(table.model.name, row.id, job.change, entity)),
      );
      transaction.locks.assertUnchanged(lentRow);
      return validatePatch(table.model, row.id, row.fields, patch);
    },
    (changes): JobResult => {
      if (lent !== undefined) transaction.locks.takeBack(lent);
      return { row: { ...row, fields: { ...row.fields, ...changes } }, changes };
    },
    (error): JobResult => {
      if (lent !== undefined) transaction.locks.takeBack(lent);
      transaction.effects.takeBack(effects);
      return { error };
    },
  );
}

/** Tells a job what it came to. Never throws. */
export function settleJob(context: MutationContext, job: MutationJob, result: JobResult): void {
  if ('error' in result) {
    job.reject(result.error);
    return;
  }
  let snapshot: object;
  try {
    snapshot = context.snapshot(result.row);
  } catch (error) {
    // What the model's class adds to each of its objects has thrown. The row is written.
    job.reject(error);
    return;
  }
  job.resolve(snapshot);
}

/** Whether a job writes something. */
export function isWrite(result: JobResult | undefined): result is Accepted {
  return result !== undefined && 'row' in result && Object.keys(result.changes).length > 0;
}
