import type {
  Adapter,
  AdapterTransaction,
  BeginOptions,
  StoredRow,
  Table,
  TopicListener,
} from '../adapter/adapter.js';
import type { Query } from '../adapter/query.js';
import type { Connection, Rows } from './connection.js';
import type { ConnectionFactory } from './connection-factory.js';
import { findStatement } from './find-statement.js';
import type { PostgresContext } from './postgres-context.js';
import { statementError } from './postgres-errors.js';
import { PostgresTransaction } from './postgres-transaction.js';
import { readRows } from './row-reader.js';
import { MAX_TOPIC_BYTES } from './signal-payload.js';
import { SignalListener } from './signal-listener.js';
import { SignalPublisher } from './signal-publisher.js';
import { ConnectionPool } from './connection-pool.js';
import type { Statement } from './statement.js';
import { isSchemaChange, TableCatalog } from './table-catalog.js';

/** Keeps entities in PostgreSQL. */
export class PostgresAdapter implements Adapter {
  readonly name = 'postgres';
  readonly maxTopicBytes: number = MAX_TOPIC_BYTES;
  readonly #factory: ConnectionFactory;
  readonly #context: PostgresContext;
  #listener: SignalListener | undefined;
  #reportError: (error: Error) => void = () => undefined;

  constructor(factory: ConnectionFactory) {
    this.#factory = factory;
    const pool = new ConnectionPool(factory, factory.settings.maxConnections);
    this.#context = {
      pool,
      catalog: new TableCatalog((name) => factory.quote(name)),
      publisher: new SignalPublisher(factory, pool, (error) => this.#reportError(error)),
      settings: factory.settings,
    };
  }

  onError(report: (error: Error) => void): void {
    this.#reportError = report;
  }

  begin({ deadline }: BeginOptions): AdapterTransaction {
    return new PostgresTransaction(this.#context, deadline);
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

  publish(topic: string): Promise<void> {
    return this.#context.publisher.publish(topic);
  }

  listen(listener: TopicListener): Promise<void> {
    this.#listener = new SignalListener(this.#factory, listener, this.#reportError);
    return this.#listener.ready;
  }

  async close(): Promise<void> {
    await this.#context.publisher.close();
    await this.#listener?.close();
    await this.#context.pool.close();
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
