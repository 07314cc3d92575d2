import { isDeepStrictEqual } from 'node:util';
import type { OrderTerm, Query, StoredRow } from '../adapter/adapter.js';

/** The rows that a query asks for, in its order. */
export function selectRows(rows: Iterable<StoredRow>, query: Query): StoredRow[] {
  const { where, orderBy, limit, after } = query;
  const conditions = Object.entries(where);
  const order = withId(orderBy);
  const selected = [...rows].filter(
    (row) =>
      conditions.every(([field, value]) => isEqual(valueOf(row, field), value)) &&
      (after === undefined || comparePosition(row, order, after) > 0),
  );
  selected.sort((a, b) => compareRows(a, b, order));
  return limit === undefined ? selected : selected.slice(0, limit);
}

/** The terms up to the id, which is always the last. */
function withId(orderBy: readonly OrderTerm[]): readonly OrderTerm[] {
  const idAt = orderBy.findIndex(({ field }) => field === 'id');
  return idAt === -1 ? [...orderBy, { field: 'id', direction: 'asc' }] : orderBy.slice(0, idAt + 1);
}

function valueOf(row: StoredRow, field: string): unknown {
  return field === 'id' ? row.id : row.fields[field];
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined;
}

function isEqual(a: unknown, b: unknown): boolean {
  if (isAbsent(a) || isAbsent(b)) return isAbsent(a) && isAbsent(b);
  if (isNumeric(a) && isNumeric(b)) return a == b;
  return isDeepStrictEqual(a, b);
}

function compareRows(a: StoredRow, b: StoredRow, order: readonly OrderTerm[]): number {
  for (const { field, direction } of order) {
    const result = compareValues(valueOf(a, field), valueOf(b, field), direction);
    if (result !== 0) return result;
  }
  return 0;
}

function comparePosition(
  row: StoredRow,
  order: readonly OrderTerm[],
  after: NonNullable<Query['after']>,
): number {
  for (const [index, { field, direction }] of order.entries()) {
    const value = field === 'id' ? after.id : after.values[index];
    const result = compareValues(valueOf(row, field), value, direction);
    if (result !== 0) return result;
  }
  return 0;
}

/** Absent values come last in both directions. */
function compareValues(a: unknown, b: unknown, direction: 'asc' | 'desc'): number {
  if (isAbsent(a) || isAbsent(b)) return Number(isAbsent(a)) - Number(isAbsent(b));
  const result = comparePresent(a, b);
  return direction === 'asc' ? result : -result;
}

function comparePresent(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string')
    return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  if (isOrdered(a) && isOrdered(b)) return a < b ? -1 : Number(a > b);
  return comparePresent(JSON.stringify(a), JSON.stringify(b));
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isOrdered(value: unknown): value is number {
  return isNumeric(value) || typeof value === 'boolean' || value instanceof Date;
}
