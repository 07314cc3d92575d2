import type { StoredRow } from '../adapter.js';
import type { FieldCondition, OrderTerm, Query } from '../query.js';
import { compareText, compareValues, isAbsent, isComparable, isEqual } from './value-order.js';

/** The rows that a query asks for, in its order. Text is ordered by code point. */
export function selectRows(rows: Iterable<StoredRow>, query: Query): StoredRow[] {
  const { where, orderBy, limit, after } = query;
  const selected: StoredRow[] = [];
  for (const row of rows) {
    if (isMatch(row, where) && (after === undefined || isAfter(row, orderBy, after)))
      selected.push(row);
  }
  selected.sort((a, b) => compareRows(a, b, orderBy));
  return limit === undefined ? selected : selected.slice(0, limit);
}

/** Whether all conditions are true of a row. */
export function isMatch(row: StoredRow, where: readonly FieldCondition[]): boolean {
  return where.every((condition) => isTrue(valueOf(row, condition.field), condition));
}

function isTrue(own: unknown, { is, value }: FieldCondition): boolean {
  switch (is) {
    case 'eq':
      return isEqual(own, value);
    case 'not':
      return !isEqual(own, value);
    case 'oneOf':
      return (value as readonly unknown[]).some((each) => isEqual(own, each));
    case 'noneOf':
      return !(value as readonly unknown[]).some((each) => isEqual(own, each));
    default:
      return !isAbsent(own) && isComparable(own, value) && HOLDS[is](compareValues(own, value));
  }
}

const HOLDS = {
  gt: (result: number) => result > 0,
  gte: (result: number) => result >= 0,
  lt: (result: number) => result < 0,
  lte: (result: number) => result <= 0,
} as const;

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
  orderBy: readonly OrderTerm[],
  after: readonly unknown[],
): boolean {
  for (const [index, { field, direction }] of orderBy.entries()) {
    const result = compareTerm(valueOf(row, field), after[index], direction);
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
