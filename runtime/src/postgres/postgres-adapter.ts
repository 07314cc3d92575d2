import type {
  Adapter,
  AdapterTransaction,
  BeginOptions,
  Query,
  StoredRow,
  Table,
  TopicListener,
} from '../adapter/adapter.js';
import type { ConnectionSlot, Rows, Statement } from './connection-slot.js';
import type { Driver } from './driver.js';
import { findStatement } from './find-statement.js';
import { statementError } from './postgres-errors.js';
import type { PostgresSettings } from './postgres-options.js';
import { PostgresTransaction } from './postgres-transaction.js';
import { readRows } from './row-reader.js';
import { MAX_TOPIC_BYTES } from './signal-payload.js';
import { SignalListener } from './signal-listener.js';
import { SignalPublisher } from './signal-publisher.js';
import { SlotPool } from './slot-pool.js';
import { hasStorableId, isSchemaChange } from './table-checks.js';
import { TableCatalog, type TableColumns } from './table-columns.js';

/** What the parts of the adapter share. */
export interface PostgresContext {
  readonly pool: SlotPool;
  readonly catalog: TableCatalog;
  readonly publisher: SignalPublisher;
  readonly settings: PostgresSettings;
  /** Cancels what a server process does now. Never throws. */
  cancel(pid: number): Promise<void>;
}

/** Keeps entities in PostgreSQL. */
export class PostgresAdapter implements Adapter {
  readonly name = 'postgres';
  readonly maxTopicBytes: number = MAX_TOPIC_BYTES;
  readonly #driver: Driver;
  readonly #context: PostgresContext;
  #listener: SignalListener | undefined;
  #reportError: (error: Error) => void = (error) => process.emitWarning(error);

  constructor(driver: Driver, settings: PostgresSettings) {
    this.#driver = driver;
    const pool = new SlotPool(driver, settings);
    this.#context = {
      pool,
      settings,
      catalog: new TableCatalog(),
      publisher: new SignalPublisher(pool, settings.channel, (error) => this.#reportError(error)),
      cancel: (pid) => this.#cancel(pid),
    };
  }

  begin({ deadline }: BeginOptions): AdapterTransaction {
    return new PostgresTransaction(this.#context, deadline);
  }

  async find(table: Table, query: Query): Promise<StoredRow[]> {
    const { pool, catalog } = this.#context;
    const slot = await pool.acquire();
    try {
      const columns =
        catalog.known(table) ??
        (await catalog.load(table, (statement) => execute(slot, statement, table)));
      if (!hasStorableId(columns, query.where['id'])) return [];
      return await this.#read(slot, table, columns, query);
    } catch (error) {
      if (isSchemaChange(error) || isSchemaChange((error as Error).cause ?? {})) catalog.clear();
      throw error;
    } finally {
      pool.release(slot);
    }
  }

  publish(topics: readonly string[]): Promise<void> {
    return this.#context.publisher.publish(topics);
  }

  listen(listener: TopicListener): Promise<void> {
    this.#reportError = (error) => listener.error(error);
    this.#listener = new SignalListener(this.#driver, this.#context.settings, listener);
    return this.#listener.ready;
  }

  async close(): Promise<void> {
    await this.#context.publisher.close();
    await this.#listener?.close();
    await this.#context.pool.close();
  }

  async #read(
    slot: ConnectionSlot,
    table: Table,
    columns: TableColumns,
    query: Query,
  ): Promise<StoredRow[]> {
    return readRows(
      table,
      columns,
      await execute(slot, findStatement(table, columns, query), table),
    );
  }

  async #cancel(pid: number): Promise<void> {
    const client = this.#driver.open(() => undefined);
    try {
      await client`select pg_cancel_backend(${pid}::int)`;
    } catch {
      // The server is gone, and with it what was to be cancelled.
    } finally {
      await client.end({ timeout: 0 }).catch(() => undefined);
    }
  }
}

async function execute(
  slot: ConnectionSlot,
  statement: Statement,
  { model, name }: Table,
): Promise<Rows> {
  try {
    return await slot.execute(statement);
  } catch (error) {
    throw statementError(error, { name: model.name, table: name });
  }
}
