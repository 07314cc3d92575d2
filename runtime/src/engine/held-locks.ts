import type { StoredRow, Table } from '../adapter/adapter.js';
import { ReadonlyEntityError } from '../errors/lock-errors.js';
import { isSameStored } from '../model/stored-value.js';
import type { LockedRow } from './lock-record.js';
import type { LockedViewFactory } from './locked-view.js';

/** A locked row, and the view of it that each repository has handed out. */
interface HeldLock {
  readonly row: LockedRow;
  /** Nearly always one: a list of them costs less than a map. */
  readonly views: { readonly of: LockedViewFactory; readonly view: object }[];
}

/** What was locked at some point, and what it showed. */
export type LocksMark = ReadonlyMap<LockedRow, LockedRow>;

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

  /** The rows that are locked. */
  get held(): readonly LockedRow[] {
    return Array.from(this.#held.values(), (ofTable) => [...ofTable.values()])
      .flat()
      .map(({ row }) => row);
  }

  /** Whether a row is locked. */
  holds(table: Table, id: string): boolean {
    return this.#held.get(table)?.has(id) === true;
  }

  /** Whether no row is locked. */
  get isEmpty(): boolean {
    return this.#held.size === 0;
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
    this.#hold(row);
    return row;
  }

  /**
   * Lets a row, and every `Locked` of it, show what a statement read or wrote; what an earlier one read is too late.
   *
   * @param isOwn - whether it is what an update through its lock has written
   */
  renew(row: LockedRow, stored: StoredRow, asOf: number, isOwn = false): void {
    if (asOf < row.asOf) return;
    this.assertUnchanged(row);
    if (!isOwn && stored.version !== row.stored.version) row.surprises += 1;
    row.stored = stored;
    row.asOf = asOf;
    row.bytes = undefined;
  }

  /**
   * Looks for bytes of a `Locked` that were changed in place, which nothing can prevent and nothing would write.
   *
   * @param row - all of them without it
   * @throws {@link ReadonlyEntityError}
   */
  assertUnchanged(row?: LockedRow): void {
    for (const { bytes, stored, table } of row === undefined ? this.#rows : [row]) {
      if (bytes === undefined) continue;
      for (const [field, shown] of bytes) {
        if (!isSameStored(shown, stored.fields[field]))
          throw new ReadonlyEntityError(table.model.name, field);
      }
    }
  }

  /** Ends the lock of a row that is no longer there. */
  drop(row: LockedRow): void {
    row.state = 'deleted';
    const ofTable = this.#held.get(row.table);
    if (ofTable?.get(row.stored.id)?.row === row) ofTable.delete(row.stored.id);
  }

  /** Takes back that the row is gone. */
  revive(row: LockedRow): void {
    row.state = 'held';
    this.#hold(row);
  }

  /** Ends the lock of an id that is no longer there, if it was held. */
  dropId(table: Table, id: string): void {
    const held = this.#held.get(table)?.get(id);
    if (held !== undefined) this.drop(held.row);
  }

  /** The `Locked` of a row: the same one whenever the same repository asks. */
  view(row: LockedRow, views: LockedViewFactory): object {
    const known = this.#held.get(row.table)?.get(row.stored.id);
    const shown = known?.row === row ? known.views : [];
    const handedOut = shown.find(({ of }) => of === views);
    if (handedOut !== undefined) return handedOut.view;
    const view = views.create(row, views);
    shown.push({ of: views, view });
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

  /** Notes what is locked and what it shows, for {@link HeldLocks.restore}. */
  mark(): LocksMark {
    return new Map(this.#rows.map((row) => [row, { ...row }]));
  }

  /** Lets all be as it was: what has been locked since then is ended, everything else shows what it showed. */
  restore(mark: LocksMark, asOf: number): void {
    for (const row of this.#rows) {
      const before = mark.get(row);
      if (before === undefined) {
        this.drop(row);
        row.state = 'released';
      } else if (before.state === 'held') {
        Object.assign(row, { stored: before.stored, state: before.state, asOf, bytes: undefined });
        this.#hold(row);
      }
    }
  }

  /** Ends all of them. */
  release(): void {
    for (const row of this.#rows) row.state = 'released';
  }

  #hold(row: LockedRow): void {
    const { table, stored } = row;
    const ofTable = this.#held.get(table) ?? new Map<string, HeldLock>();
    this.#held.set(table, ofTable);
    if (ofTable.get(stored.id)?.row !== row) ofTable.set(stored.id, { row, views: [] });
  }

  #lockedRow(table: Table, stored: StoredRow, asOf: number): LockedRow {
    const row: LockedRow = {
      table,
      transaction: this.#transaction,
      stored,
      asOf,
      surprises: 0,
      bytes: undefined,
      state: 'held',
      turn: undefined,
    };
    this.#rows.push(row);
    return row;
  }
}
