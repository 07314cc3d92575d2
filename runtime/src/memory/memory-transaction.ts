import type {
  AdapterTransaction,
  Awaitable,
  LockWait,
  StoredRow,
  Table,
} from '../adapter/adapter.js';
import type { Query } from '../adapter/query.js';
import { DuplicateEntityError } from '../errors/entity-errors.js';
import { LockReleasedError, LockTimeoutError } from '../errors/lock-errors.js';
import { TransactionRolledBackError } from '../errors/store-errors.js';
import type { FieldValues } from '../model/field-values.js';
import { LockOwner, type Lock, type LockSubject } from './lock.js';
import type { MemoryDatabase } from './memory-database.js';
import type { MemoryRow } from './memory-row.js';
import { compareText } from '../adapter/in-process/value-order.js';

const BLOCK: LockWait = { mode: 'block', timeoutMs: undefined };

/** A row that a statement is going to lock, as it was when the statement began. */
interface LockTarget {
  readonly row: MemoryRow;
  readonly generation: number;
}

/**
 * One transaction, READ COMMITTED. Its statements run one after another, as on a connection: at once, unless one has to
 * wait for a lock. One that fails undoes the transaction and frees its locks, and those that follow are refused.
 */
export class MemoryTransaction implements AdapterTransaction {
  readonly #database: MemoryDatabase;
  readonly #owner = new LockOwner();
  readonly #written: MemoryRow[] = [];
  #waiting: Promise<unknown> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #hasEnded = false;

  constructor(database: MemoryDatabase) {
    this.#database = database;
  }

  find(table: Table, query: Query): Awaitable<StoredRow[]> {
    return this.#run(() => this.#database.table(table.name).find(query, this.#owner));
  }

  lock(table: Table, ids: readonly string[], wait: LockWait): Awaitable<StoredRow[]> {
    return this.#run(() => {
      const targets: LockTarget[] = [];
      for (const id of ids.length > 1 ? ids.toSorted(compareText) : ids) {
        const row = this.#database.table(table.name).row(id);
        // Who has not committed a row yet is not waited for: the row is not there.
        if (row?.read(this.#owner) !== undefined) targets.push({ row, generation: row.generation });
      }
      return this.#lockFrom(0, targets, wait, { name: table.model.name, ids }, []);
    });
  }

  lockName(name: string, wait: LockWait): Awaitable<void> {
    return this.#run(() => {
      const taken = this.#take(this.#database.names.get(name), wait, { name, ids: [] }, () => true);
      return taken instanceof Promise ? taken.then(() => undefined) : undefined;
    });
  }

  insert(table: Table, row: StoredRow): Awaitable<StoredRow> {
    return this.#run(() => this.#insert(table, row));
  }

  update(table: Table, id: string, changes: FieldValues): Awaitable<StoredRow> {
    return this.#run(() => {
      const { row, stored } = this.#writable(table, id);
      return this.#write(row, { ...stored.fields, ...changes }) ?? stored;
    });
  }

  delete(table: Table, id: string): Awaitable<void> {
    return this.#run(() => {
      this.#write(this.#writable(table, id).row, undefined);
    });
  }

  commit(topics: readonly string[]): Awaitable<void> {
    if (this.#waiting !== undefined) return this.#waiting.then(() => this.#commit(topics));
    this.#commit(topics);
  }

  rollback(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#undo(ended);
  }

  #commit(topics: readonly string[]): void {
    if (this.#hasEnded) throw ended();
    this.#assertHealthy();
    this.#hasEnded = true;
    for (const row of this.#written) row.commit();
    for (const topic of topics) this.#database.bus.publish(topic);
    this.#owner.releaseAll(ended);
  }

  #undo(reason: () => Error): void {
    for (const row of this.#written) row.undo();
    this.#written.length = 0;
    this.#owner.releaseAll(reason);
  }

  /** Runs a statement behind those that still wait. */
  #run<R>(statement: () => Awaitable<R>): Awaitable<R> {
    const result =
      this.#waiting === undefined
        ? this.#execute(statement)
        : this.#waiting.then(() => this.#execute(statement));
    if (result instanceof Promise) this.#waitFor(result);
    return result;
  }

  #execute<R>(statement: () => Awaitable<R>): Awaitable<R> {
    if (this.#hasEnded) throw ended();
    this.#assertHealthy();
    try {
      const result = statement();
      return result instanceof Promise ? result.catch((error) => this.#fail(error)) : result;
    } catch (error) {
      return this.#fail(error);
    }
  }

  #fail(error: unknown): never {
    this.#failure ??= { error };
    this.#undo(ended);
    throw error;
  }

  #waitFor(result: Promise<unknown>): void {
    const settled = result
      .catch(() => undefined)
      .then(() => {
        if (this.#waiting === settled) this.#waiting = undefined;
      });
    this.#waiting = settled;
  }

  #lockFrom(
    first: number,
    targets: readonly LockTarget[],
    wait: LockWait,
    subject: LockSubject,
    found: StoredRow[],
  ): Awaitable<StoredRow[]> {
    for (let index = first; index < targets.length; index++) {
      const target = targets[index];
      if (target === undefined) continue;
      const { row, generation } = target;
      const isThere = (): boolean => row.generation === generation;
      const taken = this.#take(row, wait, subject, isThere);
      if (taken instanceof Promise) {
        return taken.then((isTaken) => {
          if (isTaken) this.#addLocked(row, found);
          return this.#lockFrom(index + 1, targets, wait, subject, found);
        });
      }
      if (taken) this.#addLocked(row, found);
    }
    return found;
  }

  #addLocked(row: MemoryRow, found: StoredRow[]): void {
    const stored = row.read(this.#owner);
    if (stored !== undefined) found.push(stored);
  }

  /** Takes a lock or waits for it; `false` when it is skipped, or there is nothing to lock any more. */
  #take(
    lock: Lock,
    wait: LockWait,
    subject: LockSubject,
    isWanted: () => boolean,
  ): Awaitable<boolean> {
    if (!isWanted()) return false;
    if (lock.take(this.#owner)) return true;
    if (wait.mode === 'skip') return false;
    if (wait.mode === 'fail') throw new LockTimeoutError(subject.name, subject.ids);
    return lock.wait(this.#owner, wait, subject, isWanted);
  }

  #insert(table: Table, row: StoredRow): Awaitable<StoredRow> {
    const { name, model } = table;
    const target = this.#database.table(name).rowToInsert(row.id);
    const { writer } = target;
    if (writer !== undefined && writer !== this.#owner) {
      // Whether there is such a row depends on how that transaction ends.
      const subject = { name: model.name, ids: [row.id] };
      return writer.end
        .wait(this.#owner, BLOCK, subject, () => false)
        .then(() => this.#insert(table, row));
    }
    if (target.read(this.#owner) !== undefined)
      throw new DuplicateEntityError(model.name, `${name}_pkey`);
    target.take(this.#owner);
    return this.#write(target, row.fields) ?? row;
  }

  #writable(table: Table, id: string): { row: MemoryRow; stored: StoredRow } {
    const row = this.#database.table(table.name).row(id);
    const stored = row?.read(this.#owner);
    if (row === undefined || stored === undefined || row.holder !== this.#owner) {
      throw new LockReleasedError(table.model.name, id, 'is not held by this transaction');
    }
    return { row, stored };
  }

  #write(row: MemoryRow, fields: FieldValues | undefined): StoredRow | undefined {
    if (row.writer === undefined) this.#written.push(row);
    return row.write(this.#owner, fields);
  }

  #assertHealthy(): void {
    if (this.#failure !== undefined)
      throw new TransactionRolledBackError({ cause: this.#failure.error });
  }
}

function ended(): LockReleasedError {
  return new LockReleasedError(
    undefined,
    undefined,
    'has ended, and this work was not awaited in it',
  );
}
