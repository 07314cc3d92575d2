import type { Fragment } from 'postgres';
import type { OrderTerm, Query, Table } from '../adapter/adapter.js';
import { isFinerThanDate } from './column-types.js';
import type { Statement } from './connection-slot.js';
import type { Client } from './driver.js';
import { concatenate, list, orderable, parameter, selected, text } from './sql-fragments.js';
import type { Column, TableColumns } from './table-columns.js';
import { valueProblem } from './value-text.js';

/**
 * Reads rows: equality, keyset paging, order with absent values last, limit.
 *
 * @returns `undefined` when no row can be what is asked for, because a column cannot hold the value
 * @throws DatabaseError for a field without a column
 */
export function findStatement(
  table: Table,
  columns: TableColumns,
  query: Query,
): Statement | undefined {
  const where = Object.entries(query.where).map(([field, value]) => ({
    column: columns.column(field),
    value,
  }));
  const order = orderColumns(columns, query.orderBy);
  const { limit, after } = query;
  if (where.some(({ column, value }) => valueProblem(value, column.type) !== undefined))
    return undefined;
  return (sql) => {
    const conditions = where.map(({ column, value }) => sql`and ${equals(sql, column, value)}`);
    if (after !== undefined) conditions.push(sql`and (${isAfter(sql, table, order, after)})`);
    return sql`
      select ${sql(selected(columns))} from ${sql(table.name)}
      where true ${concatenate(sql, conditions)}
      order by ${orderClause(sql, order)}
      ${limit === undefined ? sql`` : sql`limit ${text(sql, limit.toFixed(0))}::bigint`}`;
  };
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

function orderClause(sql: Client, order: readonly OrderColumn[]): Fragment {
  const terms = order.map(({ column, direction }) =>
    direction === 'asc'
      ? sql`${orderable(sql, column)} asc nulls last`
      : sql`${orderable(sql, column)} desc nulls last`,
  );
  return list(sql, terms);
}

function equals(sql: Client, column: Column, value: unknown): Fragment {
  const name = sql(column.name);
  if (isAbsent(value)) return sql`${name} is null`;
  const bound = parameter(sql, column, value);
  // All the times that are this Date once they are read.
  return value instanceof Date && isFinerThanDate(column.type)
    ? sql`(${name} >= ${bound} and ${name} < ${bound} + interval '1 millisecond')`
    : sql`${name} = ${bound}`;
}

/**
 * What comes after a position: greater in the first term, or equal in it and after in the rest. An absent value comes
 * after every other, in both directions.
 */
function isAfter(
  sql: Client,
  table: Table,
  order: readonly OrderColumn[],
  { id, values }: NonNullable<Query['after']>,
): Fragment {
  const from = (at: number): Fragment => {
    const term = order[at];
    if (term === undefined) return sql`false`;
    const { column, direction } = term;
    const isLast = at === order.length - 1;
    const value = isLast ? id : values[at];
    const ordered = orderable(sql, column);
    if (isAbsent(value)) return sql`${sql(column.name)} is null and (${from(at + 1)})`;

    const bound = position(sql, table, column, value, order, id);
    const beyond = direction === 'asc' ? sql`${ordered} > ${bound}` : sql`${ordered} < ${bound}`;
    if (isLast) return beyond;
    return sql`${beyond} or ${sql(column.name)} is null or (${ordered} = ${bound} and (${from(at + 1)}))`;
  };
  return from(0);
}

/** A value of a position, to compare with the column as it is ordered. */
function position(
  sql: Client,
  table: Table,
  column: Column,
  value: unknown,
  order: readonly OrderColumn[],
  id: string,
): Fragment {
  const bound = parameter(sql, column, value);
  if (column.type.isEnum) return sql`${bound}::text`;
  const idColumn = order.at(-1)?.column;
  if (!(value instanceof Date) || !isFinerThanDate(column.type) || idColumn === undefined)
    return bound;
  // The column is finer than a Date: the row that it was read from still knows where exactly it stands.
  return sql`coalesce((
    select ${sql(column.name)} from ${sql(table.name)}
    where ${sql('id')} = ${parameter(sql, idColumn, id)} and ${equals(sql, column, value)}
  ), ${bound})`;
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined;
}
