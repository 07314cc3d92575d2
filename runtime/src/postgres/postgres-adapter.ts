import type {
  Adapter,
  AdapterTransaction,
  BeginOptions,
  StoredRow,
  Table,
} from '../adapter/adapter.js';
import { ALL_OPERATORS, type AdapterCapabilities } from '../adapter/capabilities.js';
import type { TableProblem } from '../errors/model-errors.js';
import type { PoolStats } from '../adapter/pool-stats.js';
import type { Query } from '../adapter/query.js';
import type { ReadResult } from '../adapter/read-result.js';
import type { ConnectionFactory } from './connection-factory.js';
import type { PostgresContext } from './postgres-context.js';
import { PoolReader } from './pool-reader.js';
import { PostgresSignals } from './postgres-signals.js';
import { PostgresTransaction } from './postgres-transaction.js';
import { ConnectionPool } from './connection-pool.js';
import { RowQueues } from './row-queues.js';
import { TableCatalog } from './table-catalog.js';

/** Keeps entities in PostgreSQL. */
export class PostgresAdapter implements Adapter {
  readonly name = 'postgres';
  readonly capabilities: AdapterCapabilities;
  readonly signals: PostgresSignals;
  readonly #context: PostgresContext;
  readonly #reader: PoolReader;

  /** @param listenFactory - of the connection that listens for signals */
  constructor(factory: ConnectionFactory, listenFactory: ConnectionFactory = factory) {
    const { settings } = factory;
    const pool = new ConnectionPool(factory, settings.maxConnections);
    this.signals = new PostgresSignals(factory, listenFactory, pool);
    this.capabilities = {
      locks: 'row',
      signals: settings.signalDelivery === 'in-transaction' ? 'with-commit' : 'after-commit',
      conditions: ALL_OPERATORS,
      savepoints: true,
      generated: true,
      groupCommit: settings.signalDelivery === 'after-commit',
    };
    this.#context = {
      pool,
      queues: new RowQueues(),
      catalog: new TableCatalog((name) => factory.quote(name)),
      signals: this.signals,
      settings,
    };
    this.#reader = new PoolReader(this.#context);
  }

  begin(options: BeginOptions): AdapterTransaction {
    return new PostgresTransaction(this.#context, options);
  }

  find(table: Table, query: Query, signal?: AbortSignal): Promise<StoredRow[]> {
    return this.#reader.find(table, query, signal);
  }

  read(text: string, parameters: readonly unknown[], signal?: AbortSignal): Promise<ReadResult> {
    return this.#reader.read(text, parameters, signal);
  }

  async verify(tables: readonly Table[]): Promise<readonly TableProblem[]> {
    const problems: TableProblem[] = [];
    for (const table of tables) problems.push(...(await this.#reader.verify(table)));
    return problems;
  }

  stats(): PoolStats {
    return this.#context.pool.stats;
  }

  close(): Promise<void> {
    return this.#context.pool.close();
  }
}
