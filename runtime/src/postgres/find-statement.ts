import type { Fragment } from 'postgres';
import type { OrderTerm, Query, Table } from '../adapter/adapter.js';
import type { Statement } from './connection-slot.js';
import type { Client } from './driver.js';
import { concatenate, isText, orderById, parameter, selected } from './statements.js';
import type { Column, TableColumns } from './table-columns.js';

/** A term of an order, with its column. */
interface OrderColumn extends OrderTerm {
  readonly column: Column;
}

/** Reads rows: equality, keyset paging, order with absent values last, limit. */
export function findStatement(table: Table, columns: TableColumns, query: Query): Statement {
  const where = Object.entries(query.where).map(([field, value]) => ({
    column: columns.column(field),
    value,
  }));
  const order = orderColumns(columns, query.orderBy);
  const key = JSON.stringify([
    'find',
    table.name,
    where.map(({ column, value }) => [column.name, isAbsent(value)]),
    order.map(({ column, direction }) => [column.name, direction]),
    query.limit !== undefined,
    query.after?.values.map(isAbsent),
  ]);
  return {
    key,
    build: (sql) => {
      const conditions = [
        ...where.map(({ column, value }) =>
          isAbsent(value)
            ? sql`and ${sql(column.name)} is null`
            : sql`and ${sql(column.name)} = ${parameter(sql, column, value)}`,
        ),
        ...(query.after === undefined
          ? []
          : [sql`and (${position(sql, order, afterValues(order, query.after))})`]),
      ];
      return sql`
        select ${sql(selected(columns))} from ${sql(table.name)}
        where true ${concatenate(sql, conditions)}
        order by ${orderClause(sql, columns, order)}
        ${query.limit === undefined ? sql`` : sql`limit ${query.limit}::bigint`}`;
    },
  };
}

/** The values of a position, one for each term of the order. */
function afterValues(
  order: readonly OrderColumn[],
  { id, values }: NonNullable<Query['after']>,
): readonly unknown[] {
  return order.map((term, index) => (index === order.length - 1 ? id : values[index]));
}

/** The columns to order by, up to the id, which is always the last. */
function orderColumns(columns: TableColumns, terms: readonly OrderTerm[]): readonly OrderColumn[] {
  const order = terms.map((term) => ({ ...term, column: columns.column(term.field) }));
  const idAt = order.findIndex(({ column }) => column === columns.id);
  return idAt === -1
    ? [...order, { field: 'id', direction: 'asc', column: columns.id }]
    : order.slice(0, idAt + 1);
}

function orderClause(sql: Client, columns: TableColumns, order: readonly OrderColumn[]): Fragment {
  const terms = order.map(({ column, direction }, index) => {
    const value = column === columns.id ? orderById(sql, columns) : orderable(sql, column);
    const way = direction === 'asc' ? sql`asc` : sql`desc`;
    const nulls = column === columns.id ? sql`` : sql`nulls last`;
    return sql`${index === 0 ? sql`` : sql`,`} ${value} ${way} ${nulls}`;
  });
  return concatenate(sql, terms);
}

/**
 * What comes after a position: greater in the first term, or equal in it and after in the rest. An absent value comes
 * after every other, in both directions.
 */
function position(
  sql: Client,
  order: readonly OrderColumn[],
  values: readonly unknown[],
): Fragment {
  const [term, ...rest] = order;
  if (term === undefined) return sql`false`;
  const { column, direction } = term;
  const [value, ...restValues] = values;
  const name = sql(column.name);
  if (isAbsent(value)) return sql`${name} is null and (${position(sql, rest, restValues)})`;

  const bound = parameter(sql, column, value);
  const ordered = orderable(sql, column);
  const beyond = direction === 'asc' ? sql`${ordered} > ${bound}` : sql`${ordered} < ${bound}`;
  if (rest.length === 0) return beyond;
  return sql`${beyond} or ${name} is null or (${name} = ${bound} and (${position(sql, rest, restValues)}))`;
}

function orderable(sql: Client, column: Column): Fragment {
  return isText(column.type) ? sql`${sql(column.name)} collate "C"` : sql`${sql(column.name)}`;
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined;
}
