import type { StoredRow } from '../adapter.js';
import type { FieldCondition, OrderTerm, Query } from '../query.js';
import { compareValues, isAbsent, isComparable, isEqual } from './value-order.js';

/** What an id is when it is compared: itself, or the number that it stands for. */
export type IdValue = (id: string) => string | bigint;

const asText: IdValue = (id) => id;

/** Ids that are numbers, as an identity column gives them. */
export const idAsNumber: IdValue = (id) => (/^(?:0|-?[1-9]\d*)$/.test(id) ? BigInt(id) : id);

/** The rows that a query asks for, in its order. Text is ordered by code point. */
export function selectRows(
  rows: Iterable<StoredRow>,
  query: Query,
  idValue: IdValue = asText,
): StoredRow[] {
  const { where, orderBy, limit } = query;
  const after = query.after?.map((value, at) =>
    orderBy[at]?.field === 'id' ? idValue(value as string) : value,
  );
  const selected: StoredRow[] = [];
  for (const row of rows) {
    if (
      isMatch(row, where, idValue) &&
      (after === undefined || isAfter(row, orderBy, after, idValue))
    )
      selected.push(row);
  }
  selected.sort((a, b) => compareRows(a, b, orderBy, idValue));
  return limit === undefined ? selected : selected.slice(0, limit);
}

/** Whether all conditions are true of a row. */
export function isMatch(
  row: StoredRow,
  where: readonly FieldCondition[],
  idValue: IdValue = asText,
): boolean {
  return where.every((condition) => {
    if (condition.field !== 'id') return isTrue(valueOf(row, condition.field, idValue), condition);
    const value = comparedId(condition.value, idValue);
    return isTrue(idValue(row.id), { ...condition, value });
  });
}

function comparedId(value: unknown, idValue: IdValue): unknown {
  if (Array.isArray(value)) return value.map((each) => comparedId(each, idValue));
  return typeof value === 'string' ? idValue(value) : value;
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

function valueOf(row: StoredRow, field: string, idValue: IdValue): unknown {
  if (field === 'id') return idValue(row.id);
  return Object.hasOwn(row.fields, field) ? row.fields[field] : undefined;
}

function compareRows(
  a: StoredRow,
  b: StoredRow,
  order: readonly OrderTerm[],
  idValue: IdValue,
): number {
  for (const { field, direction } of order) {
    const result = compareTerm(valueOf(a, field, idValue), valueOf(b, field, idValue), direction);
    if (result !== 0) return result;
  }
  return 0;
}

function isAfter(
  row: StoredRow,
  orderBy: readonly OrderTerm[],
  after: readonly unknown[],
  idValue: IdValue,
): boolean {
  for (const [index, { field, direction }] of orderBy.entries()) {
    const result = compareTerm(valueOf(row, field, idValue), after[index], direction);
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
