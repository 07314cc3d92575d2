import type { Sql } from 'postgres';

/** Of the server's processes, those that it makes wait for a lock which another holds. */
export type LockWaits = (pids: readonly number[]) => Promise<ReadonlySet<number>>;

export function lockWaits(sql: Sql): LockWaits {
  return async (pids) => {
    const rows = await sql<{ pid: number }[]>`
      select pid from unnest(${`{${pids.join()}}`}::int[]) as asked (pid)
      where cardinality(pg_catalog.pg_blocking_pids(pid)) > 0`;
    return new Set(rows.map(({ pid }) => pid));
  };
}
