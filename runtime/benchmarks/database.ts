import { readFile } from 'node:fs/promises';
import postgres from 'postgres';

/** The id of the account in a row. */
export const accountId = (row: number | string): string => `account-${row}`;

/** A table of at most so many rows is made anew for each measurement. */
const FEW_ROWS = 10_000;

/** The database that all variants write to. */
export class BenchmarkDatabase {
  readonly url: string;
  readonly #sql: postgres.Sql;
  #postmaster: number | undefined;
  /** How many rows the table has. */
  #rows = 0;

  constructor(url: string) {
    this.url = url;
    this.#sql = postgres(url, { max: 1, onnotice: () => undefined });
  }

  /** Of the server. */
  async version(): Promise<string> {
    const [row] = await this.#sql<
      { version: string }[]
    >`select current_setting('server_version') as version`;
    return row?.version ?? '';
  }

  /** The process id of the server's first process; `undefined` when it is not on this machine, or not known. */
  async postmaster(): Promise<number | undefined> {
    if (this.#postmaster !== undefined) return this.#postmaster;
    const [row] = await this.#sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
    try {
      const status = await readFile(`/proc/${row?.pid ?? ''}/status`, 'utf8');
      const parent = /^PPid:\s+(\d+)$/m.exec(status)?.[1];
      this.#postmaster = parent === undefined ? undefined : Number(parent);
    } catch {
      // No Linux, or another machine.
    }
    return this.#postmaster;
  }

  /** How many connections the server takes. */
  async maxConnections(): Promise<number> {
    const [row] = await this.#sql<
      { count: number }[]
    >`select current_setting('max_connections')::int as count`;
    return row?.count ?? 0;
  }

  async createTable(): Promise<void> {
    await this.#sql`
      create table account (
        id text collate "C" primary key, owner text not null, balance integer not null
      )`;
  }

  /** The same rows, all with a balance of 0, for every measurement; small tables without dead row versions, too. */
  async fill(rows: number): Promise<void> {
    if (rows === this.#rows && rows > FEW_ROWS) {
      await this.#sql`update account set balance = 0 where balance <> 0`;
    } else {
      await this.#sql`truncate account`;
      await this.#sql`
        insert into account
        select 'account-' || row, 'ada', 0 from generate_series(0, ${rows - 1}::int) as row`;
    }
    await this.#sql`vacuum (analyze) account`;
    this.#rows = rows;
  }

  /**
   * Compares what is stored with what was acknowledged.
   *
   * @param acknowledged - each row once
   * @throws Error when an update was lost or made twice
   */
  async assertBalances(
    acknowledged: Iterable<readonly [row: number, updates: number]>,
    who: string,
  ): Promise<void> {
    const stored = await this.#sql<
      { id: string; balance: number }[]
    >`select id, balance from account where balance <> 0`;
    const balances = new Map(stored.map(({ id, balance }) => [id, balance]));
    const expected = new Map([...acknowledged].map(([row, count]) => [accountId(row), count]));
    for (const id of new Set([...balances.keys(), ...expected.keys()])) {
      const [balance = 0, count = 0] = [balances.get(id), expected.get(id)];
      if (balance !== count)
        throw new Error(`${who}: ${id} has ${balance}, but ${count} updates were acknowledged`);
    }
  }

  async close(): Promise<void> {
    await this.#sql.end();
  }
}
