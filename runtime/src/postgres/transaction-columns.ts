import type { Awaitable, Table } from '../adapter/adapter.js';
import { promiseTry } from '../adapter/awaitable.js';
import type { Rows } from './connection.js';
import type { Statement } from './statement.js';
import type { TableCatalog } from './table-catalog.js';
import type { TableColumns } from './table-columns.js';
import type { TransactionConnection } from './transaction-connection.js';
import { aboutTable } from './postgres-errors.js';

/** The columns of the tables that one transaction uses. */
export class TransactionColumns {
  readonly #catalog: TableCatalog;
  readonly #connection: TransactionConnection;
  /** The table used last: what another transaction finds out about it must not make this one ask again. */
  #last: { readonly table: Table; readonly columns: TableColumns } | undefined;

  constructor(catalog: TableCatalog, connection: TransactionConnection) {
    this.#catalog = catalog;
    this.#connection = connection;
  }

  /** The columns of a table, where they have been loaded. */
  known(table: Table): TableColumns | undefined {
    if (this.#last?.table === table) return this.#last.columns;
    const columns = this.#catalog.known(table);
    if (columns !== undefined) this.#last = { table, columns };
    return columns;
  }

  /** Uses the columns of a table: at once where they are known, since a COMMIT that follows in the same turn has to come after it. */
  use<R>(table: Table, use: (columns: TableColumns) => Awaitable<R>): Promise<R> {
    const columns = this.known(table);
    return columns === undefined
      ? this.#load(table).then((loaded) => this.#check(() => use(loaded)))
      : promiseTry(() => this.#check(() => use(columns)));
  }

  async #load(table: Table): Promise<TableColumns> {
    const execute = (statement: Statement): Promise<Rows> =>
      this.#connection.run(statement, aboutTable(table), (rows) => rows);
    const columns = await this.#catalog.load(table, execute);
    this.#last = { table, columns };
    return columns;
  }

  /** What was loaded may be out of date when it does not fit the model: the next attempt looks again. */
  #check<R>(build: () => R): R {
    try {
      return build();
    } catch (error) {
      throw this.#connection.failed(error);
    }
  }
}
