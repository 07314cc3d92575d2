import type {
  Adapter,
  AdapterTransaction,
  StoredRow,
  Table,
  TopicListener,
} from '../adapter/adapter.js';
import type { Query } from '../adapter/query.js';
import { MemoryDatabase } from './memory-database.js';
import { MemoryTransaction } from './memory-transaction.js';

/** Keeps entities in this process, with the locks and transactions of a database. */
export class MemoryAdapter implements Adapter {
  readonly name = 'memory';
  /** The same as on Postgres, so that what works here works there. */
  readonly maxTopicBytes: number = 7_900;
  readonly #database = new MemoryDatabase();

  begin(): AdapterTransaction {
    return new MemoryTransaction(this.#database);
  }

  find(table: Table, query: Query): StoredRow[] {
    return this.#database.table(table.name).find(table, query, undefined);
  }

  publish(topic: string): Promise<void> {
    this.#database.bus.publish(topic);
    return Promise.resolve();
  }

  listen(listener: TopicListener): Promise<void> {
    this.#database.bus.listen(listener);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#database.bus.close();
    return Promise.resolve();
  }
}
