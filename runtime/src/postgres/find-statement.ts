import type { Query } from '../adapter/query.js';
import { conditionSql, NEVER } from './condition-sql.js';
import { isAfter, orderClause, orderColumns } from './order-sql.js';
import { Parameters, type Statement } from './statement.js';
import type { TableColumns } from './table-columns.js';

/**
 * Reads rows: conditions, keyset paging, order, limit.
 *
 * @returns `undefined` when no row can be what is asked for, because a column cannot hold the value
 * @throws DatabaseError for a field without a column
 */
export function findStatement(columns: TableColumns, query: Query): Statement | undefined {
  const parameters = new Parameters();
  const clauses = queryClauses(parameters, columns, query);
  return clauses === undefined
    ? undefined
    : parameters.statement(`select ${columns.selected} from ${columns.table} ${clauses}`);
}

/** The clauses of a query from `where` on; `undefined` when no row can be what is asked for. */
export function queryClauses(
  parameters: Parameters,
  columns: TableColumns,
  query: Query,
): string | undefined {
  const { limit, after } = query;
  const order = orderColumns(columns, query.orderBy);
  const conditions = query.where.map((condition) =>
    conditionSql(parameters, columns.column(condition.field), condition),
  );
  if (conditions.includes(NEVER)) return undefined;
  if (after !== undefined) conditions.push(isAfter(parameters, columns, order, after));
  return [
    ...(conditions.length > 0 ? [`where ${conditions.join(' and ')}`] : []),
    `order by ${orderClause(order)}`,
    ...(limit === undefined ? [] : [`limit ${parameters.text(limit.toFixed(0))}::bigint`]),
  ].join(' ');
}
