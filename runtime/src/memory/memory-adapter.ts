import type {
  Adapter,
  AdapterTransaction,
  Query,
  StoredRow,
  Table,
  TopicListener,
} from '../adapter/adapter.js';
import { LockTable } from './lock-table.js';
import { MemorySignalBus } from './memory-signal-bus.js';
import { MemoryTables } from './memory-table.js';
import { MemoryTransaction } from './memory-transaction.js';
import { selectRows } from './row-order.js';

/** Keeps entities in this process, with the locks and transactions of a database. */
export class MemoryAdapter implements Adapter {
  readonly name = 'memory';
  readonly maxTopicBytes: number = 7_900;
  readonly #tables = new MemoryTables();
  readonly #locks = new LockTable();
  readonly #bus = new MemorySignalBus();

  begin(): AdapterTransaction {
    return new MemoryTransaction(this.#tables, this.#locks, this.#bus);
  }

  find(table: Table, query: Query): StoredRow[] {
    const rows = this.#tables.get(table.name);
    const { id } = query.where;
    if (typeof id !== 'string') return selectRows(rows.values(), query);
    const row = rows.get(id);
    return row === undefined ? [] : selectRows([row], query);
  }

  publish(topics: readonly string[]): Promise<void> {
    this.#bus.publish(topics);
    return Promise.resolve();
  }

  listen(listener: TopicListener): Promise<void> {
    this.#bus.listen(listener);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#bus.close();
    return Promise.resolve();
  }
}
