import type { LockWait } from '../adapter/adapter.js';
import { writeArrayLiteral } from './array-literal.js';
import { orderable } from './column-sql.js';
import { Oid } from './column-types.js';
import { Parameters, type Statement } from './statement.js';
import type { ColumnValue, TableColumns } from './table-columns.js';
import { inTransaction } from './transaction-statements.js';

/** Locks the rows of some ids, in the order of the ids, and returns them. */
export function lockStatement(
  columns: TableColumns,
  ids: readonly string[],
  { mode }: LockWait,
): Statement {
  const parameters = new Parameters();
  return parameters.statement(
    `select ${columns.selected} from ${columns.table} ` +
      `where ${whichIds(parameters, columns, ids)} for update${WAIT_CLAUSES[mode]}`,
  );
}

const WAIT_CLAUSES: Readonly<Record<LockWait['mode'], string>> = {
  block: '',
  fail: ' nowait',
  skip: ' skip locked',
};

/** Inserts a row and returns it, in the transaction of this fence or not at all. */
export function insertStatement(
  columns: TableColumns,
  id: string,
  values: readonly ColumnValue[],
  fence: string,
): Statement {
  const parameters = new Parameters();
  const row = [{ column: columns.id, value: id }, ...values];
  const names = row.map(({ column }) => column.quoted);
  const bound = row.map(({ column, value }) => parameters.value(column, value));
  return parameters.statement(
    `insert into ${columns.table} (${names.join(', ')}) ` +
      `select ${bound.join(', ')} where ${inTransaction(parameters, fence)} ` +
      `returning ${columns.selected}`,
  );
}

/** Changes some fields of a row and returns it, in the transaction of this fence or not at all. */
export function updateStatement(
  columns: TableColumns,
  id: string,
  values: readonly ColumnValue[],
  fence: string,
): Statement {
  const parameters = new Parameters();
  const assignments = values.map(
    ({ column, value }) => `${column.quoted} = ${parameters.value(column, value)}`,
  );
  return parameters.statement(
    `update ${columns.table} set ${assignments.join(', ')} ` +
      `where ${isRow(parameters, columns, id)} and ${inTransaction(parameters, fence)} ` +
      `returning ${columns.selected}`,
  );
}

/** Deletes a row, in the transaction of this fence or not at all. */
export function deleteStatement(columns: TableColumns, id: string, fence: string): Statement {
  const parameters = new Parameters();
  return parameters.statement(
    `delete from ${columns.table} ` +
      `where ${isRow(parameters, columns, id)} and ${inTransaction(parameters, fence)}`,
  );
}

function isRow(parameters: Parameters, { id }: TableColumns, value: string): string {
  return `${id.quoted} = ${parameters.value(id, value)}`;
}

function whichIds(parameters: Parameters, columns: TableColumns, ids: readonly string[]): string {
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) return isRow(parameters, columns, only);
  const { id } = columns;
  // Ids travel as text; a column of type uuid compares with its own type only.
  const type = id.type.oid === Oid.uuid ? 'uuid[]' : 'text[]';
  const all = parameters.text(writeArrayLiteral(ids));
  return `${id.quoted} = any(${all}::${type}) order by ${orderable(id)}`;
}
