import type { RowDescriptionMessage } from 'pg-protocol/dist/messages.js';
import type { Statement } from '../statement.js';
import type { PreparedStatement } from './prepared-statements.js';
import type { ListRow, RawRow, RowColumn, Rows } from './rows.js';

/** Whom to tell what became of a statement. */
export interface Delivery {
  readonly resolve: (rows: Rows) => void;
  readonly reject: (error: unknown) => void;
}

/** A statement under way. */
export class PendingStatement {
  readonly statement: Statement;
  readonly delivery: Delivery;
  readonly prepared: PreparedStatement | undefined;
  /** Whether this very statement is to prepare it, which has not happened yet. */
  isPreparing = false;
  /** Whether the server answers here, with whatever came before. */
  isLast = false;
  columns: readonly RowColumn[] = [];
  rows: (RawRow | ListRow)[] = [];
  tag: string | undefined;
  error: unknown;

  constructor(statement: Statement, delivery: Delivery, prepared: PreparedStatement | undefined) {
    this.statement = statement;
    this.delivery = delivery;
    this.prepared = prepared;
  }

  /** What its rows hold. */
  describe({ fields }: RowDescriptionMessage): void {
    const columns = fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID }));
    if (this.prepared !== undefined) {
      this.prepared.columns = columns;
      return;
    }
    this.columns = columns;
    this.rows = [];
  }

  /** @throws {Error} for a row that has other columns than it was said to have */
  add(fields: ListRow): void {
    this.rows.push(this.statement.isForeign === true ? fields : this.#named(fields));
  }

  #named(fields: ListRow): RawRow {
    const columns = this.prepared?.columns ?? this.columns;
    if (fields.length !== columns.length)
      throw new Error(
        `the server sent a row of ${fields.length} columns instead of ${columns.length}`,
      );
    const row: Record<string, string | null> = {};
    let at = 0;
    for (const { name } of columns) row[name] = fields[at++] ?? null;
    return row;
  }
}
