import type { OrderTerm, Query } from '../adapter/adapter.js';
import { orderable } from './column-sql.js';
import { isFinerThanDate } from './column-types.js';
import { Parameters, type Statement } from './statement.js';
import type { Column, TableColumns } from './table-columns.js';
import { valueProblem } from './value-text.js';

/**
 * Reads rows: equality, keyset paging, order with absent values last, limit.
 *
 * @returns `undefined` when no row can be what is asked for, because a column cannot hold the value
 * @throws DatabaseError for a field without a column
 */
export function findStatement(columns: TableColumns, query: Query): Statement | undefined {
  const where = Object.entries(query.where).map(([field, value]) => ({
    column: columns.column(field),
    value,
  }));
  const order = orderColumns(columns, query.orderBy);
  if (where.some(({ column, value }) => valueProblem(value, column.type) !== undefined))
    return undefined;
  const { limit, after } = query;
  const parameters = new Parameters();
  const conditions = where.map(({ column, value }) => equals(parameters, column, value));
  if (after !== undefined) conditions.push(isAfter(parameters, columns, order, after));
  const clauses = [
    `select ${columns.selected} from ${columns.table}`,
    ...(conditions.length > 0 ? [`where ${conditions.join(' and ')}`] : []),
    `order by ${orderClause(order)}`,
    ...(limit === undefined ? [] : [`limit ${parameters.text(limit.toFixed(0))}::bigint`]),
  ];
  return parameters.statement(clauses.join(' '));
}

/** A term of an order, with its column. */
interface OrderColumn {
  readonly column: Column;
  readonly direction: OrderTerm['direction'];
}

/** The columns to order by, up to the id, which is always the last. */
function orderColumns(columns: TableColumns, terms: readonly OrderTerm[]): readonly OrderColumn[] {
  const order = terms.map(({ field, direction }) => ({ column: columns.column(field), direction }));
  const idAt = order.findIndex(({ column }) => column === columns.id);
  return idAt === -1
    ? [...order, { column: columns.id, direction: 'asc' }]
    : order.slice(0, idAt + 1);
}

function orderClause(order: readonly OrderColumn[]): string {
  return order
    .map(
      ({ column, direction }) =>
        `${orderable(column)} ${direction === 'asc' ? 'asc' : 'desc'} nulls last`,
    )
    .join(', ');
}

function equals(parameters: Parameters, column: Column, value: unknown): string {
  const name = column.quoted;
  if (isAbsent(value)) return `${name} is null`;
  const bound = parameters.value(column, value);
  // All the times that are this Date once they are read.
  return value instanceof Date && isFinerThanDate(column.type)
    ? `(${name} >= ${bound} and ${name} < ${bound} + interval '1 millisecond')`
    : `${name} = ${bound}`;
}

/**
 * What comes after a position: greater in the first term, or equal in it and after in the rest. An absent value comes
 * after every other, in both directions.
 */
function isAfter(
  parameters: Parameters,
  columns: TableColumns,
  order: readonly OrderColumn[],
  { id, values }: NonNullable<Query['after']>,
): string {
  const from = (at: number): string => {
    const term = order[at];
    if (term === undefined) return 'false';
    const { column, direction } = term;
    const isLast = at === order.length - 1;
    const value = isLast ? id : values[at];
    if (isAbsent(value)) return `(${column.quoted} is null and ${from(at + 1)})`;

    const ordered = orderable(column);
    const bound = position(parameters, columns, column, value, id);
    const beyond = `${ordered} ${direction === 'asc' ? '>' : '<'} ${bound}`;
    if (isLast) return beyond;
    return `(${beyond} or ${column.quoted} is null or (${ordered} = ${bound} and ${from(at + 1)}))`;
  };
  return from(0);
}

/** A value of a position, to compare with the column as it is ordered. */
function position(
  parameters: Parameters,
  columns: TableColumns,
  column: Column,
  value: unknown,
  id: string,
): string {
  const bound = parameters.value(column, value);
  if (column.type.isEnum) return `${bound}::text`;
  if (!(value instanceof Date) || !isFinerThanDate(column.type)) return bound;
  // The column is finer than a Date: the row that it was read from still knows where exactly it stands.
  const isRow = `${columns.id.quoted} = ${parameters.value(columns.id, id)}`;
  return (
    `coalesce((select ${column.quoted} from ${columns.table} ` +
    `where ${isRow} and ${equals(parameters, column, value)}), ${bound})`
  );
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined;
}
