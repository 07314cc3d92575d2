import type { Adapter, AdapterTransaction, StoredRow, Table } from '../adapter/adapter.js';
import { ALL_OPERATORS, type AdapterCapabilities } from '../adapter/capabilities.js';
import { InProcessSignals } from '../adapter/in-process/in-process-signals.js';
import type { Query } from '../adapter/query.js';
import type { SignalTransport } from '../adapter/signal-transport.js';
import { MemoryDatabase } from './memory-database.js';
import { MemoryTransaction } from './memory-transaction.js';

/** Keeps entities in this process, with the locks and transactions of a database. */
export class MemoryAdapter implements Adapter {
  readonly name = 'memory';
  readonly capabilities: AdapterCapabilities = {
    locks: 'row',
    signals: 'after-commit',
    conditions: ALL_OPERATORS,
  };
  readonly signals: SignalTransport = new InProcessSignals();
  readonly #database = new MemoryDatabase();

  begin(): AdapterTransaction {
    return new MemoryTransaction(this.#database);
  }

  find(table: Table, query: Query): StoredRow[] {
    return this.#database.table(table.name).find(table, query, undefined);
  }

  async close(): Promise<void> {}
}
