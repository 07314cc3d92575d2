import type { StoredRow } from '../adapter/adapter.js';

/** The committed rows of one table. */
export type MemoryTable = Map<string, StoredRow>;

/** What a transaction has written to one table and not committed; `undefined` for a deleted row. */
export type PendingRows = Map<string, StoredRow | undefined>;

/** The committed rows of all tables, by the tables' names. */
export class MemoryTables {
  readonly #tables = new Map<string, MemoryTable>();

  /** The rows of a table; a table exists once it is named. */
  get(name: string): MemoryTable {
    let table = this.#tables.get(name);
    if (table === undefined) this.#tables.set(name, (table = new Map()));
    return table;
  }

  /** Makes what a transaction wrote visible to all. */
  apply(pending: ReadonlyMap<string, PendingRows>): void {
    for (const [name, rows] of pending) {
      const table = this.get(name);
      for (const [id, row] of rows) {
        if (row === undefined) table.delete(id);
        else table.set(id, row);
      }
    }
  }
}
