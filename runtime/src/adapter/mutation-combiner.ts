import { AsyncResource } from 'node:async_hooks';
import { ConnectionLostError } from '../errors/store-errors.js';
import type { FieldValues } from '../model/field-values.js';
import type { StoredRow, Table } from './adapter.js';
import { validatePatch } from './entity-validation.js';
import type { LockRecord } from './lock-record.js';
import type { LockedViewFactory } from './locked-view.js';
import { applyChange } from './mutation.js';
import type { StoreContext } from './store-context.js';
import type { Transaction } from './transaction.js';

type Change = (entity: object) => unknown;

interface Job {
  readonly change: Change;
  resolve(result: object | null): void;
  reject(error: unknown): void;
}

/** A job whose change was computed and accepted. */
interface AcceptedJob {
  readonly job: Job;
  readonly changes: FieldValues;
  /** The entity after this job's change, before those that follow. */
  readonly fields: FieldValues;
}

/**
 * Runs the `mutate` calls of one repository outside transactions. Calls for the same entity that arrive while one is
 * under way are combined: one lock, the changes one after another in order of arrival, one write, one commit.
 */
export class MutationCombiner {
  readonly #context: StoreContext;
  readonly #table: Table;
  readonly #views: LockedViewFactory;
  readonly #snapshot: (row: StoredRow) => object;
  /** The calls that wait for the one that is under way, by id. */
  readonly #waiting = new Map<string, Job[]>();

  constructor(
    context: StoreContext,
    table: Table,
    views: LockedViewFactory,
    snapshot: (row: StoredRow) => object,
  ) {
    this.#context = context;
    this.#table = table;
    this.#views = views;
    this.#snapshot = snapshot;
  }

  /** See `Repository.mutate`. */
  mutate(id: string, change: Change): Promise<object | null> {
    return this.#context.work.run(
      () =>
        new Promise((resolve, reject) => {
          const waiting = this.#waiting.get(id);
          if (waiting === undefined) {
            void this.#lead(id, { change, resolve, reject });
          } else {
            // Its code runs later, on behalf of another call: it keeps the async context of its own caller.
            waiting.push({ change: AsyncResource.bind(change), resolve, reject });
          }
        }),
    );
  }

  async #lead(id: string, first: Job): Promise<void> {
    if (!this.#context.combineMutations) {
      await this.#runBatch(id, () => [first]);
      return;
    }
    this.#waiting.set(id, [first]);
    for (
      let waiting = this.#waiting.get(id);
      waiting !== undefined && waiting.length > 0;
      waiting = this.#waiting.get(id)
    ) {
      await this.#runBatch(id, () => this.#take(id));
    }
    this.#waiting.delete(id);
  }

  #take(id: string): Job[] {
    const jobs = this.#waiting.get(id) ?? [];
    this.#waiting.set(id, []);
    return jobs;
  }

  /** Runs one transaction for the jobs that have arrived by the time the lock is there. Never throws. */
  async #runBatch(id: string, take: () => Job[]): Promise<void> {
    const transaction = this.#context.runner.begin();
    let row: StoredRow | undefined;
    try {
      [row] = await transaction.adapter.lock(this.#table, [id], {
        mode: 'block',
        timeoutMs: undefined,
      });
    } catch (error) {
      await transaction.rollback();
      for (const job of take()) job.reject(error);
      return;
    }

    const jobs = take();
    if (row === undefined) {
      await transaction.rollback();
      for (const job of jobs) job.resolve(null);
      return;
    }
    await this.#applyAndCommit(transaction, row, jobs);
  }

  async #applyAndCommit(
    transaction: Transaction,
    row: StoredRow,
    jobs: readonly Job[],
  ): Promise<void> {
    const accepted: AcceptedJob[] = [];
    let fields = row.fields;
    for (const job of jobs) {
      const topics = transaction.topicCount;
      try {
        const changes = await this.#change(transaction, row.id, fields, job.change);
        fields = { ...fields, ...changes };
        accepted.push({ job, changes, fields });
      } catch (error) {
        transaction.truncateTopics(topics);
        job.reject(error);
      }
    }

    const changes: FieldValues = Object.assign({}, ...accepted.map((entry) => entry.changes));
    const topics = transaction.seal();
    if (Object.keys(changes).length === 0 && topics.length === 0) {
      await transaction.rollback();
      for (const { job, fields: own } of accepted)
        job.resolve(this.#snapshot({ id: row.id, fields: own }));
      return;
    }

    let stored = row;
    try {
      stored = await this.#write(transaction, row, changes, topics);
    } catch (error) {
      await transaction.rollback();
      await this.#repeatAlone(row.id, accepted, error);
      return;
    }
    settle(accepted, stored, this.#snapshot);
  }

  async #change(
    transaction: Transaction,
    id: string,
    fields: FieldValues,
    change: Change,
  ): Promise<FieldValues> {
    const record: LockRecord = {
      table: this.#table,
      id,
      transaction,
      repository: this,
      fields,
      state: 'held',
    };
    const view = this.#views.create(record);
    try {
      const patch = this.#context.runner.within(transaction, () =>
        applyChange(this.#table.model.name, id, change, view),
      );
      return await validatePatch(this.#table.model, id, fields, patch);
    } finally {
      record.state = 'released';
    }
  }

  /** The write and the commit leave together, so that the row is held for one round trip less. */
  async #write(
    transaction: Transaction,
    row: StoredRow,
    changes: FieldValues,
    topics: readonly string[],
  ): Promise<StoredRow> {
    const written =
      Object.keys(changes).length === 0
        ? row
        : transaction.adapter.update(this.#table, row.id, changes);
    const committed = transaction.adapter.commit(topics);
    const [write, commit] = await Promise.allSettled([written, committed]);
    if (write.status === 'rejected') throw write.reason;
    if (commit.status === 'rejected') throw commit.reason;
    return write.value;
  }

  /** The combined write was refused: one of the changes is at fault, so each runs again in a transaction of its own. */
  async #repeatAlone(id: string, accepted: readonly AcceptedJob[], error: unknown): Promise<void> {
    if (accepted.length === 1 || error instanceof ConnectionLostError) {
      for (const { job } of accepted) job.reject(error);
      return;
    }
    for (const { job } of accepted) await this.#runBatch(id, () => [job]);
  }
}

/** Each caller gets the entity as it was after its own change: what is stored, but for the fields that later changes wrote. */
function settle(
  accepted: readonly AcceptedJob[],
  stored: StoredRow,
  snapshot: (row: StoredRow) => object,
): void {
  const later: Record<string, true> = {};
  for (const { job, changes, fields } of accepted.toReversed()) {
    const own: Record<string, unknown> = { ...stored.fields };
    for (const field of Object.keys(later)) own[field] = fields[field];
    job.resolve(snapshot({ id: stored.id, fields: own }));
    for (const field of Object.keys(changes)) later[field] = true;
  }
}
