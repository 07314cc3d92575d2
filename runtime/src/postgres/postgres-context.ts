import type { PostgresSignals } from './postgres-signals.js';
import type { PostgresSettings } from './postgres-options.js';
import type { ConnectionPool } from './connection-pool.js';
import type { RowQueues } from './row-queues.js';
import type { TableCatalog } from './table-catalog.js';

/** What the transactions of an adapter share. */
export interface PostgresContext {
  readonly pool: ConnectionPool;
  /** Where transactions wait for a row that others of this process lock. */
  readonly queues: RowQueues;
  readonly catalog: TableCatalog;
  readonly signals: PostgresSignals;
  readonly settings: PostgresSettings;
}
