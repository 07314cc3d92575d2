import type { PostgresSettings } from './postgres-options.js';
import type { SignalPublisher } from './signal-publisher.js';
import type { SlotPool } from './slot-pool.js';
import type { TableCatalog } from './table-catalog.js';

/** What the transactions of an adapter share. */
export interface PostgresContext {
  readonly pool: SlotPool;
  readonly catalog: TableCatalog;
  readonly publisher: SignalPublisher;
  readonly settings: PostgresSettings;
}
