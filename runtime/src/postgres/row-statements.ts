import type { Fragment } from 'postgres';
import type { LockWait, Table } from '../adapter/adapter.js';
import { writeArrayLiteral } from './array-literal.js';
import { Oid } from './column-types.js';
import type { Statement } from './connection-slot.js';
import type { Client } from './driver.js';
import { list, orderable, parameter, selected, text } from './sql-fragments.js';
import type { ColumnValue, TableColumns } from './table-columns.js';
import { inTransaction } from './transaction-statements.js';

/** Locks the rows of some ids, in the order of the ids, and returns them. */
export function lockStatement(
  table: Table,
  columns: TableColumns,
  ids: readonly string[],
  wait: LockWait,
): Statement {
  return (sql) => sql`
    select ${sql(selected(columns))} from ${sql(table.name)}
    where ${whichIds(sql, columns, ids)}
    for update ${waitClause(sql, wait)}`;
}

/** Inserts a row and returns it, in the transaction of this fence or not at all. */
export function insertStatement(
  table: Table,
  columns: TableColumns,
  id: string,
  values: readonly ColumnValue[],
  fence: string,
): Statement {
  const names = ['id', ...values.map(({ column }) => column.name)];
  return (sql) => {
    const row = [
      parameter(sql, columns.id, id),
      ...values.map(({ column, value }) => parameter(sql, column, value)),
    ];
    return sql`
      insert into ${sql(table.name)} (${sql(names)})
      select ${list(sql, row)} where ${inTransaction(sql, fence)}
      returning ${sql(selected(columns))}`;
  };
}

/** Changes some fields of a row and returns it, in the transaction of this fence or not at all. */
export function updateStatement(
  table: Table,
  columns: TableColumns,
  id: string,
  values: readonly ColumnValue[],
  fence: string,
): Statement {
  return (sql) => {
    const assignments = values.map(
      ({ column, value }) => sql`${sql(column.name)} = ${parameter(sql, column, value)}`,
    );
    return sql`
      update ${sql(table.name)} set ${list(sql, assignments)}
      where ${sql('id')} = ${parameter(sql, columns.id, id)} and ${inTransaction(sql, fence)}
      returning ${sql(selected(columns))}`;
  };
}

/** Deletes a row, in the transaction of this fence or not at all. */
export function deleteStatement(
  table: Table,
  columns: TableColumns,
  id: string,
  fence: string,
): Statement {
  return (sql) => sql`
    delete from ${sql(table.name)}
    where ${sql('id')} = ${parameter(sql, columns.id, id)} and ${inTransaction(sql, fence)}`;
}

function whichIds(sql: Client, columns: TableColumns, ids: readonly string[]): Fragment {
  const [only] = ids;
  if (ids.length === 1 && only !== undefined)
    return sql`${sql('id')} = ${parameter(sql, columns.id, only)}`;
  const all = text(sql, writeArrayLiteral(ids));
  // Ids travel as text; a column of type uuid compares with its own type only.
  const array = columns.id.type.oid === Oid.uuid ? sql`${all}::uuid[]` : sql`${all}::text[]`;
  return sql`${sql('id')} = any(${array}) order by ${orderable(sql, columns.id)}`;
}

function waitClause(sql: Client, { mode }: LockWait): Fragment {
  if (mode === 'fail') return sql`nowait`;
  return mode === 'skip' ? sql`skip locked` : sql``;
}
