import type { DatabaseHandle } from '@justscale/fixtures/postgres/vitest';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach } from 'vitest';

/** What a test does to the server behind the store's back. */
export interface Server {
  readonly sql: postgres.Sql;
  /** Ends the backends of the test's database that match, and returns how many there were. */
  kill(which: { readonly state?: string; readonly query?: string }): Promise<number>;
  end(): Promise<void>;
}

export function connectServer(url: string): Server {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  return {
    sql,
    async kill({ state = '%', query = '%' }) {
      const killed = await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and application_name = 'justscale'
          and state like ${state} and query like ${query}`;
      return killed.count;
    },
    end: () => sql.end(),
  };
}

/** The server of a database of accounts, where before each test there is one: `a1`, of ada, with nothing on it. */
export function useAccountServer(database: DatabaseHandle): { readonly current: Server } {
  let server: Server | undefined;
  const handle = {
    get current(): Server {
      if (server === undefined) throw new Error('the server is there when the tests run');
      return server;
    },
  };
  beforeAll(() => {
    server = connectServer(database.url);
  });
  beforeEach(async () => {
    await handle.current.sql`delete from account`;
    await handle.current.sql`insert into account values ('a1', 'ada', 0)`;
  });
  afterAll(() => server?.end());
  return handle;
}
