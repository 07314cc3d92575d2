import type {
  Adapter,
  AdapterTransaction,
  BeginOptions,
  StoredRow,
  Table,
} from '../adapter/adapter.js';
import { ALL_OPERATORS, type AdapterCapabilities } from '../adapter/capabilities.js';
import type { TableProblem } from '../errors/model-errors.js';
import type { Query } from '../adapter/query.js';
import type { ReadResult } from '../adapter/read-result.js';
import type { Connection, Rows } from './connection.js';
import type { ConnectionFactory } from './connection-factory.js';
import { findStatement } from './find-statement.js';
import type { PostgresContext } from './postgres-context.js';
import { statementError } from './postgres-errors.js';
import { PostgresSignals } from './postgres-signals.js';
import { PostgresTransaction } from './postgres-transaction.js';
import { toReadResult } from './read-columns.js';
import {
  beginReadAloneStatement,
  endReadAloneStatement,
  readStatement,
} from './read-statements.js';
import { readRows } from './row-reader.js';
import { ConnectionPool } from './connection-pool.js';
import type { Statement } from './statement.js';
import { isSchemaChange, readTable, TableCatalog } from './table-catalog.js';
import { verifyTable } from './verify-table.js';

/** Keeps entities in PostgreSQL. */
export class PostgresAdapter implements Adapter {
  readonly name = 'postgres';
  readonly capabilities: AdapterCapabilities;
  readonly signals: PostgresSignals;
  readonly #context: PostgresContext;

  constructor(factory: ConnectionFactory) {
    const { settings } = factory;
    const pool = new ConnectionPool(factory, settings.maxConnections);
    this.signals = new PostgresSignals(factory, pool);
    this.capabilities = {
      locks: 'row',
      signals: settings.signalDelivery === 'in-transaction' ? 'with-commit' : 'after-commit',
      conditions: ALL_OPERATORS,
      savepoints: true,
    };
    this.#context = {
      pool,
      catalog: new TableCatalog((name) => factory.quote(name)),
      signals: this.signals,
      settings,
    };
  }

  begin(options: BeginOptions): AdapterTransaction {
    return new PostgresTransaction(this.#context, options);
  }

  async find(table: Table, query: Query): Promise<StoredRow[]> {
    const { pool, catalog } = this.#context;
    const isFresh = catalog.known(table) === undefined;
    const connection = await pool.acquire();
    try {
      return await this.#findOn(connection, table, query);
    } catch (error) {
      if (!isSchemaChange(error)) throw error;
      catalog.clear();
      if (isFresh || connection.isDead) throw error;
      return await this.#findOn(connection, table, query);
    } finally {
      pool.release(connection);
    }
  }

  async read(text: string, parameters: readonly unknown[]): Promise<ReadResult> {
    const { pool, settings } = this.#context;
    const statement = readStatement(text, parameters);
    const connection = await pool.acquire();
    const send = (each: Statement): Promise<Rows> =>
      connection.execute(each, settings.replyTimeoutMs);
    // All three leave together.
    const [begun, read, ended] = await Promise.allSettled([
      send(beginReadAloneStatement),
      send(statement),
      send(endReadAloneStatement),
    ]);
    // What is left open on it may be anything.
    if (begun.status === 'rejected' || ended.status === 'rejected') connection.destroy();
    pool.release(connection);
    if (read.status === 'rejected') throw statementError(read.reason, { name: 'read()' });
    return toReadResult(read.value);
  }

  async verify(tables: readonly Table[]): Promise<readonly TableProblem[]> {
    const { pool, settings } = this.#context;
    const connection = await pool.acquire();
    try {
      const problems: TableProblem[] = [];
      for (const table of tables) {
        const execute = (statement: Statement): Promise<Rows> =>
          run(connection, statement, table, settings.replyTimeoutMs);
        const { catalog, relation } = await readTable(table.name, execute);
        problems.push(...(await verifyTable(table, catalog, relation)));
      }
      return problems;
    } finally {
      pool.release(connection);
    }
  }

  close(): Promise<void> {
    return this.#context.pool.close();
  }

  async #findOn(connection: Connection, table: Table, query: Query): Promise<StoredRow[]> {
    const { catalog, settings } = this.#context;
    const execute = (statement: Statement): Promise<Rows> =>
      run(connection, statement, table, settings.replyTimeoutMs);
    const columns = catalog.known(table) ?? (await catalog.load(table, execute));
    const statement = findStatement(columns, query);
    return statement === undefined ? [] : readRows(table, columns, await execute(statement));
  }
}

async function run(
  connection: Connection,
  statement: Statement,
  table: Table,
  replyTimeoutMs: number,
): Promise<Rows> {
  try {
    return await connection.execute(statement, replyTimeoutMs);
  } catch (error) {
    throw statementError(error, { name: table.model.name, table: table.name });
  }
}
