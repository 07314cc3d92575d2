import { ConnectionLostError } from '../errors/store-errors.js';
import type { FieldValues } from '../model/field-values.js';
import type { Awaitable, StoredRow, Table } from '../adapter/adapter.js';
import { continueWith, promiseTry } from '../adapter/awaitable.js';
import { validatePatch } from './entity-validation.js';
import type { LockedRow, LockRecord } from './lock-record.js';
import type { LockedViewFactory } from './locked-view.js';
import { applyChange } from './mutation.js';
import type { Transaction } from './transaction.js';
import type { TransactionRunner } from './transaction-runner.js';

/** One call of `mutate`. */
export interface MutationJob {
  readonly change: (entity: object) => unknown;
  resolve(result: object | null): void;
  reject(error: unknown): void;
}

/** What the mutations of one repository share. */
export interface MutationContext {
  readonly runner: TransactionRunner;
  readonly table: Table;
  readonly views: LockedViewFactory;
  snapshot(row: StoredRow): object;
}

/** A job whose change was computed and passed the schema. */
interface AcceptedJob {
  readonly job: MutationJob;
  readonly changes: FieldValues;
  /** The entity after this job's change, before those that follow. */
  readonly fields: FieldValues;
}

/** The changes of several jobs to one locked row: one write, one commit, a result or an error for each of them. */
export class MutationBatch {
  readonly #context: MutationContext;
  readonly #transaction: Transaction;
  readonly #row: StoredRow;
  readonly #jobs: readonly MutationJob[];
  readonly #accepted: AcceptedJob[] = [];
  #fields: FieldValues;

  constructor(
    context: MutationContext,
    transaction: Transaction,
    row: StoredRow,
    jobs: readonly MutationJob[],
  ) {
    this.#context = context;
    this.#transaction = transaction;
    this.#row = row;
    this.#jobs = jobs;
    this.#fields = row.fields;
  }

  /**
   * Applies the jobs in their order and commits. Never throws.
   *
   * @returns the jobs that have to run again, each alone: the database refused their common write
   */
  run(): Awaitable<readonly MutationJob[]> {
    return this.#applyFrom(0);
  }

  #applyFrom(first: number): Awaitable<readonly MutationJob[]> {
    for (const [index, job] of this.#jobs.entries()) {
      if (index < first) continue;
      const applied = this.#apply(job);
      if (applied instanceof Promise) return applied.then(() => this.#applyFrom(index + 1));
    }
    return this.#commit();
  }

  #apply(job: MutationJob): Awaitable<void> {
    const { runner, table, views } = this.#context;
    const { id } = this.#row;
    const transaction = this.#transaction;
    const topics = transaction.topicCount;
    const row: LockedRow = {
      id,
      transaction,
      fields: this.#fields,
      state: 'held',
      turn: undefined,
    };
    const record: LockRecord = {
      kind: 'locked',
      model: table.model.name,
      id,
      repository: this,
      row,
    };
    return continueWith(
      () => {
        const entity = views.create(record);
        const patch = runner.within(transaction, () =>
          applyChange(table.model.name, id, job.change, entity),
        );
        return validatePatch(table.model, id, row.fields, patch);
      },
      (changes) => {
        row.state = 'released';
        this.#fields = { ...row.fields, ...changes };
        this.#accepted.push({ job, changes, fields: this.#fields });
      },
      (error) => {
        row.state = 'released';
        transaction.truncateTopics(topics);
        job.reject(error);
      },
    );
  }

  #commit(): Awaitable<readonly MutationJob[]> {
    const changes: FieldValues = Object.assign({}, ...this.#accepted.map((entry) => entry.changes));
    const topics = this.#transaction.seal();
    const isEmpty = Object.keys(changes).length === 0;
    if (isEmpty && topics.length === 0) {
      return continueWith(
        () => this.#transaction.rollback(),
        () => this.#settle(this.#row),
        () => this.#settle(this.#row),
      );
    }
    return continueWith(
      () => this.#write(isEmpty ? undefined : changes, topics),
      (stored) => this.#settle(stored),
      (error) => this.#refused(error),
    );
  }

  /** The write and the commit leave together, so that the row is held for one round trip less. */
  #write(changes: FieldValues | undefined, topics: readonly string[]): Awaitable<StoredRow> {
    const { adapter } = this.#transaction;
    const written =
      changes === undefined
        ? this.#row
        : adapter.update(this.#context.table, this.#row.id, changes);
    if (!(written instanceof Promise)) {
      const committed = adapter.commit(topics);
      return committed instanceof Promise ? committed.then(() => written) : written;
    }
    const committed = promiseTry(() => adapter.commit(topics));
    return Promise.allSettled([written, committed]).then(([write, commit]) => {
      // Lost together with the COMMIT, the write may have been committed: then only the COMMIT knows the outcome.
      if (commit.status === 'rejected' && commit.reason instanceof ConnectionLostError)
        throw commit.reason;
      if (write.status === 'rejected') throw write.reason;
      if (commit.status === 'rejected') throw commit.reason;
      return write.value;
    });
  }

  async #refused(error: unknown): Promise<readonly MutationJob[]> {
    await this.#transaction.rollback();
    const jobs = this.#accepted.map(({ job }) => job);
    if (jobs.length > 1 && !(error instanceof ConnectionLostError)) return jobs;
    for (const job of jobs) job.reject(error);
    return [];
  }

  /** Each caller gets the entity as of its own change: what is stored, but for the fields that later changes wrote. */
  #settle(stored: StoredRow): readonly MutationJob[] {
    const later = new Set<string>();
    for (const { job, changes, fields } of this.#accepted.toReversed()) {
      const own: Record<string, unknown> = { ...stored.fields };
      for (const field of later) own[field] = fields[field];
      job.resolve(this.#context.snapshot({ id: stored.id, fields: own }));
      for (const field of Object.keys(changes)) later.add(field);
    }
    return [];
  }
}
