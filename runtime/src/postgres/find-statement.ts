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
  const { limit, after } = query;
  const order = orderColumns(columns, query.orderBy);
  const parameters = new Parameters();
  const conditions = query.where.map((condition) =>
    conditionSql(parameters, columns.column(condition.field), condition),
  );
  if (conditions.includes(NEVER)) return undefined;
  if (after !== undefined) conditions.push(isAfter(parameters, columns, order, after));
  const clauses = [
    `select ${columns.selected} from ${columns.table}`,
    ...(conditions.length > 0 ? [`where ${conditions.join(' and ')}`] : []),
    `order by ${orderClause(order)}`,
    ...(limit === undefined ? [] : [`limit ${parameters.text(limit.toFixed(0))}::bigint`]),
  ];
  return parameters.statement(clauses.join(' '));
}
