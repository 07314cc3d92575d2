import { LockNames } from './lock-names.js';
import { MemoryTable } from './memory-table.js';

/** What the transactions of one store share. */
export class MemoryDatabase {
  readonly names: LockNames = new LockNames();
  readonly #tables = new Map<string, MemoryTable>();

  /** A table by its name; it exists once it is named. */
  table(name: string): MemoryTable {
    let table = this.#tables.get(name);
    if (table === undefined) this.#tables.set(name, (table = new MemoryTable()));
    return table;
  }
}
