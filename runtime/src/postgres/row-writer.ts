import type { Awaitable, RowVersion, StoredRow, Table } from '../adapter/adapter.js';
import { ConnectionLostError, DatabaseError } from '../errors/store-errors.js';
import type { Rows } from './connection.js';
import { aboutTable, type Subject } from './postgres-errors.js';
import { readRow } from './row-reader.js';
import { versionStatement } from './row-statements.js';
import type { Statement } from './statement.js';
import type { ColumnValue, TableColumns } from './table-columns.js';
import type { TransactionConnection } from './transaction-connection.js';
import { fenceStatement } from './transaction-statements.js';

/** The row that a statement is to write. */
interface WriteTarget {
  readonly columns: TableColumns;
  readonly row: RowVersion;
}

/** Sends the writes of one transaction, and finds out why one has written nothing. */
export class RowWriter {
  readonly #connection: TransactionConnection;
  #last: Subject | undefined;

  constructor(connection: TransactionConnection) {
    this.#connection = connection;
  }

  /** What was written last: a constraint that is deferred fails at the COMMIT. */
  get last(): Subject | undefined {
    return this.#last;
  }

  /** Inserts rows: nothing but an error keeps an INSERT from returning them all. */
  insert<R>(
    statement: Statement,
    subject: Subject,
    count: number,
    read: (rows: Rows) => Awaitable<R>,
  ): Promise<R> {
    return this.#write(statement, subject, undefined, read, count) as Promise<R>;
  }

  /** Changes a row; `undefined` when it is of another version. */
  update(
    table: Table,
    columns: TableColumns,
    statement: Statement,
    row: RowVersion,
    values: readonly ColumnValue[],
  ): Promise<StoredRow | undefined> {
    const subject = { ...aboutTable(table), ids: [row.id], written: columnNames(values) };
    return this.#write(statement, subject, { columns, row }, (rows) =>
      readRow(table, columns, rows),
    );
  }

  /** Deletes a row; `false` when it is of another version. */
  async delete(
    table: Table,
    columns: TableColumns,
    statement: Statement,
    row: RowVersion,
  ): Promise<boolean> {
    const subject = { ...aboutTable(table), ids: [row.id] };
    return (await this.#write(statement, subject, { columns, row }, () => true)) === true;
  }

  #write<R>(
    statement: Statement,
    subject: Subject,
    target: WriteTarget | undefined,
    read: (rows: Rows) => Awaitable<R>,
    expected = 1,
  ): Promise<R | undefined> {
    this.#last = subject;
    return this.#connection.run(statement, subject, (rows): Awaitable<R | undefined> => {
      if (rows.count === expected) return read(rows);
      return this.#notWritten(rows.count, subject, target);
    });
  }

  /**
   * No row, or more than one: the fence let none through, the row is of another version, or something in the database stood
   * in the way.
   *
   * @returns `undefined` when the row is of another version, or when it is too late to ask
   */
  async #notWritten(
    count: number,
    subject: Subject,
    target: WriteTarget | undefined,
  ): Promise<undefined> {
    if (target !== undefined && count === 0 && this.#connection.hasEnded) return undefined;
    const { fence } = this.#connection;
    const statement =
      target === undefined
        ? fenceStatement(fence)
        : versionStatement(target.columns, target.row.id, fence);
    const [state] = (await this.#connection.run(statement, subject, (rows) => rows)) as unknown as [
      { readonly inside: string; readonly version?: string | null },
    ];
    if (state.inside !== 't') throw this.#connection.failed(new ConnectionLostError('rolled back'));
    if (target !== undefined && count === 0 && state.version !== target.row.version)
      return undefined;
    const { name, table = name, ids = [] } = subject;
    const written = `${count} ${count === 1 ? 'row was' : 'rows were'} written`;
    throw this.#connection.failed(
      new DatabaseError(
        name,
        `${name} ${ids.join(', ')} (${table}): ${written} instead of ${ids.length > 1 ? ids.length : 'one'}. Look for a trigger, ` +
          'a rule or a policy on the table, and for an id that is not unique.',
      ),
    );
  }
}

export function columnNames(values: readonly ColumnValue[]): string[] {
  return values.map(({ column }) => column.name);
}
