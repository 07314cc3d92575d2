import type {
  FieldCondition,
  OrderTerm,
  Query,
  StoredRow,
  Table,
} from '@justscale/runtime/adapter';
import { isDeepStrictEqual } from 'node:util';
import type { Tables } from './tables.js';

/** The rows of a query, from the tables given. */
export function selectFrom(tables: Tables, table: Table, query: Query): StoredRow[] {
  const { where, orderBy, limit, after } = query;
  const rows = [...(tables.get(table.name)?.values() ?? [])]
    .filter((row) => where.every((condition) => isTrue(row, condition)))
    .sort((a, b) => compare(orderBy, a, (field) => valueOf(b, field)))
    .filter(
      (row) =>
        after === undefined ||
        compare(orderBy, row, (field) => after[orderBy.findIndex((by) => by.field === field)]) > 0,
    );
  return rows.slice(0, limit);
}

function isTrue(row: StoredRow, { field, is, value }: FieldCondition): boolean {
  if (is !== 'eq') throw new Error(`the store asked for ${is}, which was not declared`);
  return isDeepStrictEqual(valueOf(row, field) ?? null, plain(value) ?? null);
}

function valueOf({ id, fields }: StoredRow, field: string): unknown {
  return field === 'id' ? id : plain(fields[field]);
}

/** Bytes are equal, whichever class holds them. */
function plain(value: unknown): unknown {
  return value instanceof Uint8Array ? Uint8Array.from(value) : value;
}

function compare(
  orderBy: readonly OrderTerm[],
  row: StoredRow,
  other: (field: string) => unknown,
): number {
  for (const { field, direction } of orderBy) {
    const [a, b] = [valueOf(row, field) ?? null, other(field) ?? null];
    if (isDeepStrictEqual(a, b)) continue;
    if (a === null || b === null) return a === null ? 1 : -1;
    const result = typeof a === 'string' ? byCodePoint(a, b as string) : Number(a) - Number(b);
    return direction === 'asc' ? result : -result;
  }
  return 0;
}

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
