import type { StoredRow, Table } from '../adapter/adapter.js';
import {
  idAsNumber,
  isMatch,
  selectRows,
  type IdValue,
} from '../adapter/in-process/select-rows.js';
import type { FieldCondition, Query } from '../adapter/query.js';
import type { ModelDescription } from '../model/model-description.js';
import type { LockOwner } from './lock.js';
import { MemoryRow } from './memory-row.js';

/** The rows of one table. */
export class MemoryTable {
  readonly #rows = new Map<string, MemoryRow>();
  #lastId = 0;
  readonly #forget = (id: string): void => void this.#rows.delete(id);

  /** The row of an id, stored or about to be. */
  row(id: string): MemoryRow | undefined {
    return this.#rows.get(id);
  }

  /** The row of an id that is to be inserted; its lock has to be taken at once, or waited for. */
  rowToInsert(id: string): MemoryRow {
    let row = this.#rows.get(id);
    if (row === undefined) this.#rows.set(id, (row = new MemoryRow(id, this.#forget)));
    return row;
  }

  /** The next id that is free, counting up: as an identity column does, also for transactions that are rolled back. */
  nextId(): string {
    do this.#lastId += 1;
    while (this.#rows.has(String(this.#lastId)));
    return String(this.#lastId);
  }

  /** Whether conditions are true of a row. */
  isMatch({ model }: Table, row: StoredRow, where: readonly FieldCondition[]): boolean {
    return isMatch(row, where, idValueOf(model));
  }

  /** The rows that a query asks for, as `reader` sees them. */
  find({ model }: Table, query: Query, reader: LockOwner | undefined): StoredRow[] {
    const idValue = idValueOf(model);
    const id = query.where.find(({ field, is }) => field === 'id' && is === 'eq')?.value;
    if (typeof id !== 'string') return selectRows(this.#visible(reader), query, idValue);
    const row = this.#rows.get(id)?.read(reader);
    return row === undefined ? [] : selectRows([row], query, idValue);
  }

  *#visible(reader: LockOwner | undefined): Generator<StoredRow> {
    for (const row of this.#rows.values()) {
      const visible = row.read(reader);
      if (visible !== undefined) yield visible;
    }
  }
}

function idValueOf({ generateId }: ModelDescription): IdValue | undefined {
  return generateId === 'database' ? idAsNumber : undefined;
}
