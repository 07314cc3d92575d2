import type {
  Adapter,
  AdapterTransaction,
  BeginOptions,
  StoredRow,
  Table,
} from '../adapter/adapter.js';
import { ALL_OPERATORS, type AdapterCapabilities } from '../adapter/capabilities.js';
import { InProcessSignals } from '../adapter/in-process/in-process-signals.js';
import type { Query } from '../adapter/query.js';
import type { SignalTransport } from '../adapter/signal-transport.js';
import { InvalidOptionError } from '../errors/store-errors.js';
import { MemoryDatabase } from './memory-database.js';
import { MemoryTransaction } from './memory-transaction.js';

/** Keeps entities in this process, with the locks and transactions of a database. */
export class MemoryAdapter implements Adapter {
  readonly name = 'memory';
  readonly capabilities: AdapterCapabilities = {
    locks: 'row',
    signals: 'after-commit',
    conditions: ALL_OPERATORS,
    savepoints: true,
    generated: true,
  };
  readonly signals: SignalTransport = new InProcessSignals();
  readonly #database = new MemoryDatabase();

  /** @throws {@link InvalidOptionError} for what needs more than one version of a row */
  begin({ isolation = 'read committed' }: Partial<BeginOptions> = {}): AdapterTransaction {
    if (isolation !== 'read committed') {
      throw new InvalidOptionError(
        'isolation',
        `the memory store has 'read committed' only, not '${isolation}'`,
      );
    }
    return new MemoryTransaction(this.#database);
  }

  find(table: Table, query: Query): StoredRow[] {
    return this.#database.table(table.name).find(table, query, undefined);
  }

  async close(): Promise<void> {}
}
