import type { StoredRow, Table } from '../adapter/adapter.js';
import type { LockedRow } from './lock-record.js';
import type { LockedViewFactory } from './locked-view.js';

/** A locked row, and the view of it that each repository has handed out. */
interface HeldLock {
  readonly row: LockedRow;
  readonly views: Map<object, object>;
}

/** The locks of one transaction: the only place where a `Locked` is made, renewed and ended. */
export class HeldLocks {
  readonly #transaction: object;
  /** By table and id. */
  readonly #held = new Map<Table, Map<string, HeldLock>>();
  /** All rows that were ever locked, the deleted ones too. */
  readonly #rows: LockedRow[] = [];

  /** @param transaction - whose they are, by identity */
  constructor(transaction: object) {
    this.#transaction = transaction;
  }

  /** The tables of which rows are locked. */
  get tables(): Iterable<Table> {
    return this.#held.keys();
  }

  /** The rows of a table that are locked. */
  rowsOf(table: Table): readonly LockedRow[] {
    return Array.from(this.#held.get(table)?.values() ?? [], ({ row }) => row);
  }

  /**
   * Notes that a row was locked, for the first time or again.
   *
   * @param asOf - the statement that read it
   */
  hold(table: Table, stored: StoredRow, asOf: number): LockedRow {
    const known = this.#held.get(table)?.get(stored.id);
    if (known !== undefined) {
      this.renew(known.row, stored, asOf);
      return known.row;
    }
    const row = this.#lockedRow(table, stored, asOf);
    const ofTable = this.#held.get(table) ?? new Map<string, HeldLock>();
    this.#held.set(table, ofTable);
    ofTable.set(stored.id, { row, views: new Map() });
    return row;
  }

  /** Lets a row, and every `Locked` of it, show what a statement read or wrote; what an earlier one read is too late. */
  renew(row: LockedRow, stored: StoredRow, asOf: number): void {
    if (asOf < row.asOf) return;
    row.stored = stored;
    row.asOf = asOf;
  }

  /** Ends the lock of a row that is no longer there. */
  drop(row: LockedRow): void {
    row.state = 'deleted';
    const ofTable = this.#held.get(row.table);
    if (ofTable?.get(row.stored.id)?.row === row) ofTable.delete(row.stored.id);
  }

  /** Ends the lock of an id that is no longer there, if it was held. */
  dropId(table: Table, id: string): void {
    const held = this.#held.get(table)?.get(id);
    if (held !== undefined) this.drop(held.row);
  }

  /** The `Locked` of a row: the same one whenever the same repository asks. */
  view(row: LockedRow, views: LockedViewFactory): object {
    const known = this.#held.get(row.table)?.get(row.stored.id);
    const shown = known?.row === row ? known.views : undefined;
    let view = shown?.get(views);
    if (view === undefined) {
      view = views.create(row, views);
      shown?.set(views, view);
    }
    return view;
  }

  /**
   * Makes a `Locked` for one call of a `change`, with values that may not be written yet; no write takes it. To be ended
   * with {@link HeldLocks.takeBack}.
   */
  lend(table: Table, stored: StoredRow, views: LockedViewFactory): [LockedRow, object] {
    const row = this.#lockedRow(table, stored, 0);
    return [row, views.create(row, row)];
  }

  /** Ends what was lent. */
  takeBack(row: LockedRow): void {
    row.state = 'released';
  }

  /** Ends all of them. */
  release(): void {
    for (const row of this.#rows) row.state = 'released';
  }

  #lockedRow(table: Table, stored: StoredRow, asOf: number): LockedRow {
    const row: LockedRow = {
      table,
      transaction: this.#transaction,
      stored,
      asOf,
      state: 'held',
      turn: undefined,
    };
    this.#rows.push(row);
    return row;
  }
}
