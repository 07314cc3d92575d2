import type { Awaitable, StoredRow, Table } from '../adapter/adapter.js';
import type { Query } from '../adapter/query.js';
import { untilAborted } from './abort-signal.js';
import { parseWhere } from './conditions.js';
import { buildQuery, BY_ID, type UncheckedFindOptions } from './query-options.js';
import type { StoreContext } from './store-context.js';

/** Reads the rows of one table: in the running transaction, or outside of one. */
export class EntityReader {
  readonly #context: StoreContext;
  readonly #table: Table;

  constructor(context: StoreContext, table: Table) {
    this.#context = context;
    this.#table = table;
  }

  /** The row of an id. */
  async byId(id: string, signal: AbortSignal | undefined): Promise<StoredRow | undefined> {
    const [row] = await this.#find(first([{ field: 'id', is: 'eq', value: id }]), signal);
    return row;
  }

  /** The first row, by id, of which the conditions are true. */
  async first(where: unknown, signal: AbortSignal | undefined): Promise<StoredRow | undefined> {
    const conditions = parseWhere(this.#table.model, where, this.#context.adapter);
    const [row] = await this.#find(first(conditions), signal);
    return row;
  }

  /** The rows that a query of `find` asks for. */
  async all(
    where: unknown,
    options: UncheckedFindOptions,
    signal: AbortSignal | undefined,
  ): Promise<StoredRow[]> {
    const read = (id: string): Promise<StoredRow | undefined> => this.byId(id, signal);
    const { adapter } = this.#context;
    const query = await buildQuery(this.#table.model, adapter, where, options, read);
    return this.#find(query, signal);
  }

  async #find(query: Query, signal: AbortSignal | undefined): Promise<StoredRow[]> {
    const { adapter, runner, work } = this.#context;
    const transaction = await runner.joined();
    if (transaction === undefined) {
      const find = (): Awaitable<StoredRow[]> => adapter.find(this.#table, query, signal);
      return untilAborted(signal, () => work.run(find));
    }
    transaction.state.assertOpen(this.#table.model.name);
    return transaction.find(this.#table, query, signal);
  }
}

/** The first row, by id. */
function first(where: Query['where']): Query {
  return { where, orderBy: [BY_ID], limit: 1, after: undefined };
}
