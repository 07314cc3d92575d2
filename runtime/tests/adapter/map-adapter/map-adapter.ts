import {
  InProcessSignals,
  type Adapter,
  type AdapterCapabilities,
  type AdapterTransaction,
  type Query,
  type StoredRow,
  type Table,
} from '@justscale/runtime/adapter';
import { MapTransaction } from './map-transaction.js';
import { selectFrom } from './select-from.js';
import type { Tables } from './tables.js';
import { WriteLock } from './write-lock.js';

/**
 * The smallest adapter that there can be, as an example: rows in a Map, one lock for the whole store, as SQLite has it,
 * and only equality.
 */
export class MapAdapter implements Adapter {
  readonly name = 'map';
  readonly capabilities: AdapterCapabilities = {
    locks: 'store',
    signals: 'after-commit',
    conditions: ['eq'],
  };
  readonly signals = new InProcessSignals();
  readonly #tables: Tables = new Map();
  readonly #lock = new WriteLock();

  begin(): AdapterTransaction {
    return new MapTransaction(this.#tables, this.#lock);
  }

  find(table: Table, query: Query): StoredRow[] {
    return selectFrom(this.#tables, table, query);
  }

  async close(): Promise<void> {}
}
