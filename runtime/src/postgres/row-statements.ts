import type { LockWait, RowVersion } from '../adapter/adapter.js';
import type { Query } from '../adapter/query.js';
import { writeArrayLiteral } from './array-literal.js';
import { orderable } from './column-sql.js';
import { castName } from './column-types.js';
import { queryClauses } from './find-statement.js';
import {
  isLastVersion,
  isVersion,
  selectAndNote,
  selectVersioned,
  versionOf,
} from './row-version.js';
import { Parameters, type Statement } from './statement.js';
import type { ColumnValue, TableColumns } from './table-columns.js';
import { inTransaction } from './transaction-statements.js';

/** Locks the rows of some ids, in the order of the ids, and returns them. */
export function lockStatement(
  columns: TableColumns,
  ids: readonly string[],
  { mode, strength }: LockWait,
): Statement {
  const parameters = new Parameters();
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) {
    const isWanted = isRow(parameters, columns, only);
    const text = columns.text(
      `lock ${mode} ${strength}`,
      () =>
        `select ${selectVersioned(columns)} from ${columns.table} ` +
        `where ${isWanted} for ${strength}${WAIT_CLAUSES[mode]}`,
    );
    return parameters.statement(text);
  }
  const { id } = columns;
  const all = parameters.text(writeArrayLiteral(ids));
  // A join: of `= any(…)` the server may make a scan that compares every row with every id.
  return parameters.statement(
    `select ${selectVersioned(columns, LOCKED)} ` +
      `from (select distinct unnest(${all}::${castName(id.type)}[])) as wanted ("justscale.id") ` +
      `join ${columns.table} as ${LOCKED} on ${id.quoted} = "justscale.id" ` +
      `order by ${orderable(id)} for ${strength} of ${LOCKED}${WAIT_CLAUSES[mode]}`,
  );
}

/**
 * Locks the rows of a query and returns those of which it is true under the lock: the server asks again after a wait.
 *
 * @returns `undefined` when no row can be what is asked for
 */
export function lockWhereStatement(
  columns: TableColumns,
  query: Query,
  { mode, strength }: LockWait,
): Statement | undefined {
  const parameters = new Parameters();
  const clauses = queryClauses(parameters, columns, query);
  if (clauses === undefined) return undefined;
  return parameters.statement(
    `select ${selectVersioned(columns)} from ${columns.table} ${clauses} ` +
      `for ${strength}${WAIT_CLAUSES[mode]}`,
  );
}

const LOCKED = '"justscale.locked"';

const WAIT_CLAUSES: Readonly<Record<LockWait['mode'], string>> = {
  block: '',
  fail: ' nowait',
  skip: ' skip locked',
};

/**
 * Inserts a row and returns it, in the transaction of this fence or not at all.
 *
 * @param id - without it the database gives one
 */
export function insertStatement(
  columns: TableColumns,
  id: string | undefined,
  values: readonly ColumnValue[],
  fence: string,
): Statement {
  const parameters = new Parameters();
  const row = [...(id === undefined ? [] : [{ column: columns.id, value: id }]), ...values];
  const names = row.map(({ column }) => column.quoted);
  const bound = row.map(({ column, value }) => parameters.value(column, value));
  // Without any value the database fills in all columns.
  const target = names.length === 0 ? '' : `(${names.join(', ')}) `;
  return parameters.statement(
    `insert into ${columns.table} ${target}` +
      `select ${bound.join(', ')} where ${inTransaction(parameters, fence)} ` +
      `returning ${columns.selected}`,
  );
}

/**
 * Changes some fields of a row and returns it, if it is still of this version, in the transaction of this fence or not at all.
 */
export function updateStatement(
  columns: TableColumns,
  row: RowVersion,
  values: readonly ColumnValue[],
  fence: string,
): Statement {
  const parameters = new Parameters();
  const assignments = values.map(
    ({ column, value }) => `${column.quoted} = ${parameters.value(column, value)}`,
  );
  const set = assignments.join(', ');
  const isTarget = isRow(parameters, columns, row.id);
  const isInside = inTransaction(parameters, fence);
  const isHeld = isVersion(parameters, columns, row);
  const text = columns.text(
    `update ${set}`,
    () =>
      `update ${columns.table} set ${set} where ${isTarget} and ${isInside} and ${isHeld} ` +
      `returning ${selectVersioned(columns)}`,
  );
  return parameters.statement(text);
}

/**
 * The same as one of several that are sent together: all but the first demand the row as the one before has left it.
 */
export function updateInTurnStatement(
  columns: TableColumns,
  row: RowVersion,
  values: readonly ColumnValue[],
  fence: string,
  isFirst: boolean,
): Statement {
  const parameters = new Parameters();
  return parameters.statement(
    `${update(parameters, columns, row, values, fence)} ` +
      `and ${isFirst ? isVersion(parameters, columns, row) : isLastVersion(columns)} returning ${selectAndNote(columns)}`,
  );
}

/** Deletes a row, if it is still of this version, in the transaction of this fence or not at all. */
export function deleteStatement(columns: TableColumns, row: RowVersion, fence: string): Statement {
  const parameters = new Parameters();
  return parameters.statement(
    `delete from ${columns.table} ` +
      `where ${isRow(parameters, columns, row.id)} and ${inTransaction(parameters, fence)} ` +
      `and ${isVersion(parameters, columns, row)}`,
  );
}

/**
 * Asks why a row was not written: whether the connection is in the transaction of this fence, and which version the row is.
 */
export function versionStatement(columns: TableColumns, id: string, fence: string): Statement {
  const parameters = new Parameters();
  return parameters.statement(
    `select ${inTransaction(parameters, fence)} as inside, (` +
      `select ${versionOf(columns)} from ${columns.table} where ${isRow(parameters, columns, id)}) as version`,
  );
}

/** Reads rows again: those that are no longer of their version, and with an id alone those that are gone. */
export function rereadStatement(columns: TableColumns, rows: readonly RowVersion[]): Statement {
  const parameters = new Parameters();
  const ids = parameters.text(writeArrayLiteral(rows.map(({ id }) => id)));
  const versions = parameters.text(writeArrayLiteral(rows.map(({ version }) => String(version))));
  const { id } = columns;
  const now = '"justscale.now"';
  return parameters.statement(
    `select "justscale.id", ${selectVersioned(columns, now)} ` +
      `from unnest(${ids}::text[], ${versions}::text[]) as held ("justscale.id", "justscale.held") ` +
      `left join ${columns.table} as ${now} on ${id.quoted} = "justscale.id"::${id.type.name} ` +
      `where ${id.quoted} is null or ${versionOf(columns, now)} <> "justscale.held"`,
  );
}

function update(
  parameters: Parameters,
  columns: TableColumns,
  { id }: RowVersion,
  values: readonly ColumnValue[],
  fence: string,
): string {
  const assignments = values.map(
    ({ column, value }) => `${column.quoted} = ${parameters.value(column, value)}`,
  );
  return (
    `update ${columns.table} set ${assignments.join(', ')} ` +
    `where ${isRow(parameters, columns, id)} and ${inTransaction(parameters, fence)}`
  );
}

function isRow(parameters: Parameters, { id }: TableColumns, value: string): string {
  return `${id.quoted} = ${parameters.value(id, value)}`;
}
