import type {
  AdapterTransaction,
  Awaitable,
  LockWait,
  Query,
  StoredRow,
  Table,
} from '../adapter/adapter.js';
import { DuplicateEntityError } from '../errors/entity-errors.js';
import { LockReleasedError } from '../errors/lock-errors.js';
import type { FieldValues } from '../model/field-values.js';
import type { LockTable } from './lock-table.js';
import type { MemorySignalBus } from './memory-signal-bus.js';
import type { MemoryTables, PendingRows } from './memory-table.js';
import { selectRows } from './row-order.js';

const BLOCK: LockWait = { mode: 'block', timeoutMs: undefined };

/** Keeps its writes to itself until it commits; everything happens at once unless a lock is held. */
export class MemoryTransaction implements AdapterTransaction {
  readonly #tables: MemoryTables;
  readonly #locks: LockTable;
  readonly #bus: MemorySignalBus;
  readonly #pending = new Map<string, PendingRows>();
  #hasEnded = false;

  constructor(tables: MemoryTables, locks: LockTable, bus: MemorySignalBus) {
    this.#tables = tables;
    this.#locks = locks;
    this.#bus = bus;
  }

  find(table: Table, query: Query): StoredRow[] {
    this.#assertOpen();
    const pending = this.#pending.get(table.name);
    const committed = this.#tables.get(table.name);
    const { id } = query.where;
    if (typeof id === 'string') {
      const row = this.#read(table.name, id);
      return row === undefined ? [] : selectRows([row], query);
    }
    if (pending === undefined) return selectRows(committed.values(), query);
    return selectRows(
      [...new Map([...committed, ...pending]).values()].filter((row) => row !== undefined),
      query,
    );
  }

  lock(table: Table, ids: readonly string[], wait: LockWait): Awaitable<StoredRow[]> {
    this.#assertOpen();
    const sorted =
      ids.length === 1
        ? ids
        : ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return this.#lockFrom(table, sorted, 0, wait, []);
  }

  lockName(name: string, wait: LockWait): Awaitable<void> {
    this.#assertOpen();
    const granted = this.#locks.acquire(this, `name\0${name}`, wait, { name, ids: [] });
    return granted instanceof Promise ? granted.then(() => undefined) : undefined;
  }

  insert(table: Table, row: StoredRow): Awaitable<StoredRow> {
    this.#assertOpen();
    // Another transaction may have inserted or deleted this id: its end decides.
    const granted = this.#locks.acquire(this, rowKey(table.name, row.id), BLOCK, {
      name: table.model.name,
      ids: [row.id],
    });
    const insert = (): StoredRow => {
      this.#assertOpen();
      if (this.#read(table.name, row.id) !== undefined) {
        throw new DuplicateEntityError(table.model.name, `${table.name}_pkey`);
      }
      return this.#put(table.name, row);
    };
    return granted instanceof Promise ? granted.then(insert) : insert();
  }

  update(table: Table, id: string, changes: FieldValues): StoredRow {
    const row = this.#writable(table, id);
    return this.#put(table.name, { id, fields: { ...row.fields, ...changes } });
  }

  delete(table: Table, id: string): void {
    this.#writable(table, id);
    this.#pendingOf(table.name).set(id, undefined);
  }

  commit(topics: readonly string[]): void {
    this.#assertOpen();
    this.#hasEnded = true;
    this.#tables.apply(this.#pending);
    this.#bus.publish(topics);
    this.#release();
  }

  rollback(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#release();
  }

  #lockFrom(
    table: Table,
    ids: readonly string[],
    first: number,
    wait: LockWait,
    rows: StoredRow[],
  ): Awaitable<StoredRow[]> {
    for (let index = first; index < ids.length; index++) {
      const id = ids[index];
      // A row that this transaction cannot see is none to wait for.
      if (id === undefined || this.#read(table.name, id) === undefined) continue;
      const granted = this.#locks.acquire(this, rowKey(table.name, id), wait, {
        name: table.model.name,
        ids,
      });
      if (granted instanceof Promise) {
        return granted.then(() => {
          this.#assertOpen();
          this.#addLocked(table.name, id, rows);
          return this.#lockFrom(table, ids, index + 1, wait, rows);
        });
      }
      if (granted) this.#addLocked(table.name, id, rows);
    }
    return rows;
  }

  #addLocked(table: string, id: string, rows: StoredRow[]): void {
    const row = this.#read(table, id);
    if (row !== undefined) rows.push(row);
    else this.#locks.release(this, rowKey(table, id));
  }

  #writable(table: Table, id: string): StoredRow {
    this.#assertOpen();
    const row = this.#read(table.name, id);
    if (row === undefined || !this.#locks.isHeldBy(this, rowKey(table.name, id))) {
      throw new LockReleasedError(table.model.name, id, 'is not held by this transaction');
    }
    return row;
  }

  #read(table: string, id: string): StoredRow | undefined {
    const pending = this.#pending.get(table);
    return pending?.has(id) === true ? pending.get(id) : this.#tables.get(table).get(id);
  }

  #put(table: string, row: StoredRow): StoredRow {
    this.#pendingOf(table).set(row.id, row);
    return row;
  }

  #pendingOf(table: string): PendingRows {
    let rows = this.#pending.get(table);
    if (rows === undefined) this.#pending.set(table, (rows = new Map()));
    return rows;
  }

  #release(): void {
    this.#locks.releaseAll(this, ended());
  }

  #assertOpen(): void {
    if (this.#hasEnded) throw ended();
  }
}

function rowKey(table: string, id: string): string {
  return `row\0${table}\0${id}`;
}

function ended(): LockReleasedError {
  return new LockReleasedError(
    undefined,
    undefined,
    'has ended, and this work was not awaited in it',
  );
}
