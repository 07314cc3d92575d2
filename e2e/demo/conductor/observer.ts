import postgres from 'postgres';
import { TABLES } from './tables.js';
import type { Backend, Ledger } from './state.js';

/** Sees what the database sees: the rows, and who holds and waits for locks. */
export class Observer {
  readonly #sql: postgres.Sql;

  constructor(url: string) {
    this.#sql = postgres(url, {
      max: 2,
      connection: { application_name: 'observer' },
      onnotice: () => undefined,
    });
  }

  async createTables(): Promise<void> {
    await this.#sql.unsafe(TABLES);
  }

  /** The count in the event's row, the sales that were committed, and how many the row has lost; of both sides in one snapshot. */
  async ledger(): Promise<Ledger> {
    const [row] = await this.#sql<[Ledger]>`
      with by_hand as (select (select sold from event_by_hand) as sold, (select count(*) from sale_by_hand) as sales),
        runtime as (select (select sold from event) as sold, (select count(*) from sale) as sales)
      select json_build_object('sold', by_hand.sold, 'sales', by_hand.sales, 'lost', by_hand.sales - by_hand.sold) as "by hand",
        json_build_object('sold', runtime.sold, 'sales', runtime.sales, 'lost', runtime.sales - runtime.sold) as runtime
      from by_hand, runtime`;
    return row;
  }

  /** The transactions that hold a lock or wait for one. Whoever has written or locked a row has a transaction id. */
  async backends(): Promise<Backend[]> {
    return this.#sql<Backend[]>`
      select pid, application_name as name, cardinality(blocked.by) > 0 as "isWaiting", blocked.by as "waitsFor"
      from pg_stat_activity, lateral (select pg_blocking_pids(pid) as by) as blocked
      where datname = current_database() and application_name ~ ' (by hand|runtime)$'
        and (backend_xid is not null or cardinality(blocked.by) > 0)
      order by 3, 1`;
  }

  async reset(): Promise<void> {
    await this.#sql.unsafe(
      'update event_by_hand set sold = 0; update event set sold = 0; truncate sale, sale_by_hand',
    );
  }

  close(): Promise<void> {
    return this.#sql.end({ timeout: 1 });
  }
}
