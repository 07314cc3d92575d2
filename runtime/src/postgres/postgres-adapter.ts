import type {
  Adapter,
  AdapterTransaction,
  BeginOptions,
  Query,
  StoredRow,
  Table,
  TopicListener,
} from '../adapter/adapter.js';
import type { ConnectionSlot, Rows } from './connection-slot.js';
import type { Driver } from './driver.js';
import { findStatement } from './find-statement.js';
import type { PostgresContext } from './postgres-context.js';
import { statementError } from './postgres-errors.js';
import { PostgresTransaction } from './postgres-transaction.js';
import { readRows } from './row-reader.js';
import { MAX_TOPIC_BYTES } from './signal-payload.js';
import { SignalListener } from './signal-listener.js';
import { SignalPublisher } from './signal-publisher.js';
import { SlotPool } from './slot-pool.js';
import type { Statement } from './statement.js';
import { isSchemaChange, TableCatalog } from './table-catalog.js';

/** Keeps entities in PostgreSQL. */
export class PostgresAdapter implements Adapter {
  readonly name = 'postgres';
  readonly maxTopicBytes: number = MAX_TOPIC_BYTES;
  readonly #driver: Driver;
  readonly #context: PostgresContext;
  #listener: SignalListener | undefined;
  #reportError: (error: Error) => void = () => undefined;

  constructor(driver: Driver) {
    this.#driver = driver;
    const pool = new SlotPool(driver, driver.settings.maxConnections);
    this.#context = {
      pool,
      catalog: new TableCatalog((name) => driver.quote(name)),
      publisher: new SignalPublisher(driver, pool, (error) => this.#reportError(error)),
      settings: driver.settings,
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
    const slot = await pool.acquire();
    try {
      return await this.#findOn(slot, table, query);
    } catch (error) {
      if (!isSchemaChange(error)) throw error;
      catalog.clear();
      if (isFresh || slot.isDead) throw error;
      return await this.#findOn(slot, table, query);
    } finally {
      pool.release(slot);
    }
  }

  publish(topic: string): Promise<void> {
    return this.#context.publisher.publish(topic);
  }

  listen(listener: TopicListener): Promise<void> {
    this.#listener = new SignalListener(this.#driver, listener, this.#reportError);
    return this.#listener.ready;
  }

  async close(): Promise<void> {
    await this.#context.publisher.close();
    await this.#listener?.close();
    await this.#context.pool.close();
  }

  async #findOn(slot: ConnectionSlot, table: Table, query: Query): Promise<StoredRow[]> {
    const { catalog, settings } = this.#context;
    const execute = (statement: Statement): Promise<Rows> =>
      run(slot, statement, table, settings.replyTimeoutMs);
    const columns = catalog.known(table) ?? (await catalog.load(table, execute));
    const statement = findStatement(columns, query);
    return statement === undefined ? [] : readRows(table, columns, await execute(statement));
  }
}

async function run(
  slot: ConnectionSlot,
  statement: Statement,
  table: Table,
  replyTimeoutMs: number,
): Promise<Rows> {
  try {
    return await slot.execute(statement, replyTimeoutMs);
  } catch (error) {
    throw statementError(error, { name: table.model.name, table: table.name });
  }
}
