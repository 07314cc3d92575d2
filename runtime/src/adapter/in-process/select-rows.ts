import type { OrderTerm, Query, StoredRow } from '../adapter.js';
import { compareText, compareValues, isAbsent, isEqual } from './value-order.js';

/** The rows that a query asks for, in its order. */
export function selectRows(rows: Iterable<StoredRow>, query: Query): StoredRow[] {
  const { where, limit, after } = query;
  const conditions = Object.entries(where);
  const order = withId(query.orderBy);
  const selected: StoredRow[] = [];
  for (const row of rows) {
    if (
      conditions.every(([field, value]) => isEqual(valueOf(row, field), value)) &&
      (after === undefined || isAfter(row, order, after))
    )
      selected.push(row);
  }
  selected.sort((a, b) => compareRows(a, b, order));
  return limit === undefined ? selected : selected.slice(0, limit);
}

/** The terms up to the id, which is always the last. */
function withId(orderBy: readonly OrderTerm[]): readonly OrderTerm[] {
  const idAt = orderBy.findIndex(({ field }) => field === 'id');
  return idAt === -1 ? [...orderBy, { field: 'id', direction: 'asc' }] : orderBy.slice(0, idAt + 1);
}

function valueOf(row: StoredRow, field: string): unknown {
  if (field === 'id') return row.id;
  return Object.hasOwn(row.fields, field) ? row.fields[field] : undefined;
}

function compareRows(a: StoredRow, b: StoredRow, order: readonly OrderTerm[]): number {
  for (const { field, direction } of order) {
    const result =
      field === 'id'
        ? directed(compareText(a.id, b.id), direction)
        : compareTerm(valueOf(a, field), valueOf(b, field), direction);
    if (result !== 0) return result;
  }
  return 0;
}

function isAfter(
  row: StoredRow,
  order: readonly OrderTerm[],
  after: NonNullable<Query['after']>,
): boolean {
  for (const [index, { field, direction }] of order.entries()) {
    const value = field === 'id' ? after.id : after.values[index];
    const result = compareTerm(valueOf(row, field), value, direction);
    if (result !== 0) return result > 0;
  }
  return false;
}

/** Absent values come last in both directions. */
function compareTerm(a: unknown, b: unknown, direction: 'asc' | 'desc'): number {
  if (isAbsent(a) || isAbsent(b)) return Number(isAbsent(a)) - Number(isAbsent(b));
  return directed(compareValues(a, b), direction);
}

function directed(result: number, direction: 'asc' | 'desc'): number {
  return direction === 'asc' ? result : -result;
}
