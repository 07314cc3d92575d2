import type { DrizzleConfig } from 'drizzle-orm';
import { drizzle, type PgRemoteDatabase } from 'drizzle-orm/pg-proxy';
import type { ReadColumn } from '../adapter/read-result.js';
import { readerOf } from '../engine/store-reader.js';
import type { Store } from '../store/store.js';

/** The part of a Drizzle that reads: selects, counts and relational queries. Writes belong to repositories. */
export type ReadonlyDrizzle<Schema extends Record<string, unknown>> = Pick<
  PgRemoteDatabase<Schema>,
  | '$count'
  | '$with'
  | 'execute'
  | 'query'
  | 'select'
  | 'selectDistinct'
  | 'selectDistinctOn'
  | 'with'
>;

/** Drizzle reads times from text by itself. */
const TIMES: ReadonlySet<number> = new Set([1082, 1114, 1184]);

/**
 * A Drizzle that reads through a store on Postgres, with `Store.read`: inside a transaction it sees what that has written, and
 * the server refuses everything that is no read.
 *
 * @param store - what `postgresStore` returned
 * @param config - as Drizzle takes it: the schema, for relational queries; a logger
 */
export function drizzleOf<Schema extends Record<string, unknown> = Record<string, never>>(
  store: Store,
  config: DrizzleConfig<Schema> = {},
): ReadonlyDrizzle<Schema> {
  const reader = readerOf(store);
  return drizzle(async (text, parameters, method) => {
    if (method === 'execute') return { rows: await reader.read(text, parameters) };
    const { columns, rows } = await reader.readValues(text, parameters);
    return { rows: rows.map((row) => row.map((value, at) => decode(columns[at], value))) };
  }, config);
}

function decode(column: ReadColumn | undefined, value: string | null): unknown {
  return value === null || column === undefined || TIMES.has(column.type)
    ? value
    : column.decode(value);
}
