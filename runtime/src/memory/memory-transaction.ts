import type {
  AdapterTransaction,
  Awaitable,
  LockWait,
  NewRow,
  RereadRows,
  RowChange,
  RowVersion,
  StoredRow,
  Table,
} from '../adapter/adapter.js';
import type { Query } from '../adapter/query.js';
import { continueWith } from '../adapter/awaitable.js';
import { DuplicateEntityError } from '../errors/entity-errors.js';
import { LockReleasedError } from '../errors/lock-errors.js';
import type { FieldValues } from '../model/field-values.js';
import { changesInDatabaseForm, completed, inDatabaseForm } from './database-forms.js';
import { LockOwner } from './lock.js';
import { LockTaking, type LockTarget } from './lock-taking.js';
import type { MemoryDatabase } from './memory-database.js';
import type { MemoryRow, MemoryRowMark } from './memory-row.js';
import { compareText } from '../adapter/in-process/value-order.js';

const BLOCK: LockWait = { mode: 'block', timeoutMs: undefined, strength: 'update' };

/** What a transaction had written and locked at a savepoint. */
interface MemorySavepoint {
  readonly written: ReadonlyMap<MemoryRow, MemoryRowMark>;
  readonly held: number;
}

/**
 * One transaction, READ COMMITTED. Its statements run one after another, as on a connection: at once, unless one has to
 * wait for a lock. One that fails undoes the transaction and frees its locks.
 */
export class MemoryTransaction implements AdapterTransaction {
  readonly #database: MemoryDatabase;
  readonly #owner = new LockOwner();
  readonly #locks = new LockTaking(this.#owner);
  #written: MemoryRow[] = [];
  readonly #savepoints: MemorySavepoint[] = [];
  #waiting: Promise<unknown> | undefined;
  #hasEnded = false;

  constructor(database: MemoryDatabase) {
    this.#database = database;
  }

  find(table: Table, query: Query): Awaitable<StoredRow[]> {
    return this.#run(() => this.#database.table(table.name).find(table, query, this.#owner));
  }

  lock(table: Table, ids: readonly string[], wait: LockWait): Awaitable<StoredRow[]> {
    return this.#run(() => {
      const targets: LockTarget[] = [];
      for (const id of ids.length > 1 ? ids.toSorted(compareText) : ids) {
        const row = this.#database.table(table.name).row(id);
        // Who has not committed a row yet is not waited for: the row is not there.
        if (row?.read(this.#owner) !== undefined) targets.push({ row, generation: row.generation });
      }
      return this.#locks.rows(targets, wait, { name: table.model.name, ids });
    });
  }

  lockWhere(table: Table, query: Query, wait: LockWait): Awaitable<StoredRow[]> {
    return this.#run(() => {
      const all = this.#database.table(table.name);
      const { where, limit = Infinity } = query;
      const candidates = all.find(table, { ...query, limit: undefined }, this.#owner);
      const targets = candidates.flatMap(({ id }) => {
        const row = all.row(id);
        return row === undefined ? [] : [{ row, generation: row.generation }];
      });
      const subject = { name: table.model.name, ids: [] };
      const isWanted = (row: StoredRow): boolean => all.isMatch(table, row, where);
      return this.#locks.rows(targets, wait, subject, { isWanted, limit, found: [] });
    });
  }

  lockName(name: string, wait: LockWait): Awaitable<void> {
    return this.#run(() => {
      const taken = this.#locks.take(
        this.#database.names.get(name),
        wait,
        { name, ids: [] },
        () => true,
      );
      return taken instanceof Promise ? taken.then(() => undefined) : undefined;
    });
  }

  insert(table: Table, { id, isIdOpen, fields }: NewRow): Awaitable<StoredRow> {
    const { model, name } = table;
    return this.#run(() =>
      continueWith(
        () => completed(model, fields),
        (complete) => {
          const countsUp = model.generateId === 'database' && isIdOpen === true;
          const newId = countsUp ? this.#database.table(name).nextId() : id;
          return this.#insert(table, { id: newId, fields: complete });
        },
      ),
    );
  }

  update(table: Table, row: RowVersion, changes: FieldValues): Awaitable<StoredRow | undefined> {
    return this.#run(() =>
      continueWith(
        () => inDatabaseForm(table.model, changes, Object.keys(changes)),
        (forms) => this.#update(table, row, forms),
      ),
    );
  }

  delete(table: Table, row: RowVersion): Awaitable<boolean> {
    return this.#run(() => {
      const { target, stored } = this.#writable(table, row.id);
      if (stored.version !== row.version) return false;
      this.#write(target, undefined);
      return true;
    });
  }

  /** Two models of one table: their locks are of the same rows. */
  mayChange(written: Table, held: Table): boolean {
    return written !== held && written.name === held.name;
  }

  reread(table: Table, rows: readonly RowVersion[]): Awaitable<RereadRows> {
    return this.#run(() => {
      const changed: StoredRow[] = [];
      const gone: string[] = [];
      for (const { id, version } of rows) {
        const stored = this.#database.table(table.name).row(id)?.read(this.#owner);
        if (stored === undefined) gone.push(id);
        else if (stored.version !== version) changed.push(stored);
      }
      return { changed, gone };
    });
  }

  savepoint(): Awaitable<void> {
    return this.#run(() => {
      const written = new Map(this.#written.map((row) => [row, row.mark()]));
      this.#savepoints.push({ written, held: this.#owner.held.length });
    });
  }

  releaseSavepoint(): Awaitable<void> {
    return this.#run(() => {
      this.#savepoints.pop();
    });
  }

  rollbackToSavepoint(): Awaitable<void> {
    return this.#run(() => this.#undo(ended, this.#savepoints.pop()));
  }

  commit(
    _topics: readonly string[],
    last: readonly RowChange[],
  ): Awaitable<readonly (StoredRow | undefined)[]> {
    return continueWith(
      () => this.#waiting,
      () =>
        continueWith(
          () => changesInDatabaseForm(last),
          (changes) => this.#commit(changes),
        ),
    );
  }

  rollback(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#undo(ended);
  }

  #commit(last: readonly RowChange[]): readonly (StoredRow | undefined)[] {
    if (this.#hasEnded) throw ended();
    const written = last.map(({ table, row, changes }) => this.#update(table, row, changes));
    this.#hasEnded = true;
    for (const row of this.#written) row.commit();
    this.#owner.releaseAll(ended);
    return written;
  }

  /** Undoes what came after the last savepoint; everything without one. */
  #undo(reason: () => Error, savepoint?: MemorySavepoint): void {
    for (const row of this.#written) row.reset(savepoint?.written.get(row));
    this.#written = [...(savepoint?.written.keys() ?? [])];
    this.#owner.releaseAfter(savepoint?.held ?? 0, reason);
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
    try {
      const result = statement();
      return result instanceof Promise
        ? result.catch((error: unknown) => this.#fail(error))
        : result;
    } catch (error) {
      return this.#fail(error);
    }
  }

  #fail(error: unknown): never {
    this.#undo(ended, this.#savepoints.at(-1));
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

  #update(table: Table, row: RowVersion, changes: FieldValues): StoredRow | undefined {
    const { target, stored } = this.#writable(table, row.id);
    if (stored.version !== row.version) return undefined;
    return this.#write(target, { ...stored.fields, ...changes });
  }

  #writable(table: Table, id: string): { target: MemoryRow; stored: StoredRow } {
    const target = this.#database.table(table.name).row(id);
    const stored = target?.read(this.#owner);
    if (target === undefined || stored === undefined || target.holder !== this.#owner) {
      throw new LockReleasedError(table.model.name, id, 'is not held by this transaction');
    }
    return { target, stored };
  }

  #write(row: MemoryRow, fields: FieldValues | undefined): StoredRow | undefined {
    if (row.writer === undefined) this.#written.push(row);
    return row.write(this.#owner, fields);
  }
}

function ended(): LockReleasedError {
  return new LockReleasedError(
    undefined,
    undefined,
    'has ended, and this work was not awaited in it',
  );
}
