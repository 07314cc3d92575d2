import type {
  AdapterTransaction,
  Awaitable,
  LockWait,
  StoredRow,
  Table,
} from '../adapter/adapter.js';
import type { Query } from '../adapter/query.js';
import { promiseTry } from '../adapter/awaitable.js';
import { ConnectionLostError, DatabaseError } from '../errors/store-errors.js';
import type { FieldValues } from '../model/field-values.js';
import type { Rows } from './connection.js';
import { findStatement } from './find-statement.js';
import type { PostgresContext } from './postgres-context.js';
import type { Subject } from './postgres-errors.js';
import { readRow, readRows } from './row-reader.js';
import {
  deleteStatement,
  insertStatement,
  lockStatement,
  updateStatement,
} from './row-statements.js';
import type { Statement } from './statement.js';
import type { ColumnValue, TableColumns } from './table-columns.js';
import { TransactionConnection } from './transaction-connection.js';
import {
  advisoryLockStatement,
  fenceStatement,
  lockTimeoutStatement,
  unlimitedLocksStatement,
} from './transaction-statements.js';
import { valueProblem } from './value-text.js';

/** A transaction: what it reads and writes, as statements on its connection. */
export class PostgresTransaction implements AdapterTransaction {
  readonly #context: PostgresContext;
  readonly #connection: TransactionConnection;
  /** The table used last: what another transaction finds out about it must not make this one ask again. */
  #known: { readonly table: Table; readonly columns: TableColumns } | undefined;
  /** What was written last: a constraint that is deferred fails at the COMMIT. */
  #written: Subject | undefined;

  /** @param deadline - when it has to be over, in milliseconds of `performance.now()` */
  constructor(context: PostgresContext, deadline: number | undefined) {
    this.#context = context;
    this.#connection = new TransactionConnection(context, deadline);
  }

  find(table: Table, query: Query): Promise<StoredRow[]> {
    return this.#withColumns(table, (columns) => {
      const statement = findStatement(columns, query);
      if (statement === undefined) return [];
      return this.#connection.run(statement, about(table), (rows) =>
        readRows(table, columns, rows),
      );
    });
  }

  lock(table: Table, ids: readonly string[], wait: LockWait): Promise<StoredRow[]> {
    return this.#withColumns(table, (columns) => {
      const storable = ids.filter((id) => valueProblem(id, columns.id.type) === undefined);
      if (storable.length === 0) return [];
      const statement = lockStatement(columns, storable, wait);
      const read = (rows: Rows): Awaitable<StoredRow[]> => readRows(table, columns, rows);
      return this.#runBounded(statement, { ...about(table), ids }, wait, read);
    });
  }

  lockName(name: string, wait: LockWait): Promise<void> {
    return this.#runBounded(advisoryLockStatement(name), { name }, wait, () => undefined);
  }

  insert(table: Table, { id, fields }: StoredRow): Promise<StoredRow> {
    return this.#withColumns(table, (columns) => {
      const given = Object.entries(fields).filter(([, value]) => value !== undefined);
      columns.assertStorableId(id);
      const values = columns.toWrite(Object.fromEntries(given));
      const statement = insertStatement(columns, id, values, this.#connection.fence);
      return this.#writeRow(table, columns, statement, id, values);
    });
  }

  update(table: Table, id: string, changes: FieldValues): Promise<StoredRow> {
    return this.#withColumns(table, (columns) => {
      const values = columns.toWrite(changes);
      const statement = updateStatement(columns, id, values, this.#connection.fence);
      return this.#writeRow(table, columns, statement, id, values);
    });
  }

  delete(table: Table, id: string): Promise<void> {
    return this.#withColumns(table, (columns) => {
      const statement = deleteStatement(columns, id, this.#connection.fence);
      return this.#write(statement, { ...about(table), ids: [id] }, () => undefined);
    });
  }

  commit(topics: readonly string[]): Promise<void> {
    return this.#connection.commit(topics, this.#written);
  }

  rollback(): Promise<void> {
    return this.#connection.rollback();
  }

  #knownColumns(table: Table): TableColumns | undefined {
    if (this.#known?.table === table) return this.#known.columns;
    const columns = this.#context.catalog.known(table);
    if (columns !== undefined) this.#known = { table, columns };
    return columns;
  }

  /** Uses the columns of a table: at once where they are known, since a COMMIT that follows in the same turn has to come after it. */
  #withColumns<R>(table: Table, use: (columns: TableColumns) => Awaitable<R>): Promise<R> {
    const columns = this.#knownColumns(table);
    return columns === undefined
      ? this.#loadColumns(table).then((loaded) => this.#check(() => use(loaded)))
      : promiseTry(() => this.#check(() => use(columns)));
  }

  async #loadColumns(table: Table): Promise<TableColumns> {
    const execute = (statement: Statement): Promise<Rows> =>
      this.#connection.run(statement, about(table), (rows) => rows);
    const columns = await this.#context.catalog.load(table, execute);
    this.#known = { table, columns };
    return columns;
  }

  /** What was loaded may be out of date when it does not fit the model: the next attempt looks again. */
  #check<R>(build: () => R): R {
    try {
      return build();
    } catch (error) {
      this.#connection.fail(error);
      throw error;
    }
  }

  #writeRow(
    table: Table,
    columns: TableColumns,
    statement: Statement,
    id: string,
    values: readonly ColumnValue[],
  ): Promise<StoredRow> {
    const written = values.map(({ column }) => column.name);
    return this.#write(statement, { ...about(table), ids: [id], written }, (rows) =>
      readRow(table, columns, rows),
    );
  }

  #write<R>(
    statement: Statement,
    subject: Subject,
    read: (rows: Rows) => Awaitable<R>,
  ): Promise<R> {
    this.#written = subject;
    return this.#connection.run(statement, subject, (rows) => {
      if (rows.count === 1) return read(rows);
      return this.#notWritten(rows.count, subject);
    });
  }

  /** No row, or more than one: the fence let none through, or something in the database stood in the way. */
  async #notWritten(count: number, subject: Subject): Promise<never> {
    const error = await this.#whyNotWritten(count, subject);
    this.#connection.fail(error);
    throw error;
  }

  async #whyNotWritten(count: number, { name, table = name, ids = [] }: Subject): Promise<Error> {
    if (this.#connection.isActive) {
      const inside = await this.#connection.run(
        fenceStatement(this.#connection.fence),
        { name, table },
        ({ count }) => count,
      );
      if (inside === 0) return new ConnectionLostError('rolled back');
    }
    return new DatabaseError(
      name,
      `${name} ${ids.join(', ')} (${table}): ${count} rows were written instead of one. Look for a trigger, a rule or a ` +
        'policy on the table, and for an id that is not unique.',
    );
  }

  #runBounded<R>(
    statement: Statement,
    subject: Subject,
    { mode, timeoutMs }: LockWait,
    read: (rows: Rows) => Awaitable<R>,
  ): Promise<R> {
    if (timeoutMs === undefined || mode !== 'block')
      return this.#connection.run(statement, subject, read);
    const limit = this.#connection.run(lockTimeoutStatement(timeoutMs), subject, ignore);
    const locked = this.#connection.run(statement, subject, read);
    const reset = this.#connection.run(unlimitedLocksStatement, subject, ignore);
    // The lock tells: it fails when the limit does, and takes what follows it with it.
    limit.catch(ignore);
    reset.catch(ignore);
    return locked;
  }
}

function ignore(): void {
  // Told elsewhere.
}

function about(table: Table): Subject {
  return { name: table.model.name, table: table.name };
}
