import type { Table } from '../adapter/adapter.js';
import { columnOf, idColumnName, type CatalogColumn } from './field-columns.js';
import { isIdType } from './id-values.js';

/** What does not fit of a table, and the SQLSTATE that Postgres has for such a thing. */
export interface ColumnProblem {
  readonly sqlState: string;
  readonly problem: string;
  readonly field?: string;
  readonly column?: string;
}

/** Why a table cannot keep entities at all. */
export function tableProblem(
  table: Table,
  catalog: readonly CatalogColumn[],
): ColumnProblem | undefined {
  const { name } = table;
  if (catalog.length === 0) {
    const mend = 'Run the migration that creates it, or name the table with { table }.';
    return { sqlState: '42P01', problem: `there is no table ${name}. ${mend}` };
  }
  const column = idColumnName(table);
  const id = catalog.find((each) => each.name === column);
  if (id === undefined) {
    const problem = `the table ${name} has no column ${column}. ${keyHint(catalog)}`;
    return { sqlState: '42703', problem, column };
  }
  if (isIdType(id.type)) return undefined;
  const problem =
    `the table ${name} has an id of type ${id.type.name}. It can be text, varchar, char, uuid, smallint, integer or ` +
    'bigint; let a view cast another one to text.';
  return { sqlState: '42703', problem, column };
}

/** What is wrong with a field that has no column. */
export function noColumn(
  table: Table,
  catalog: readonly CatalogColumn[],
  field: string,
): ColumnProblem {
  const { name } = table;
  const column = columnOf(table, field, (other) => catalog.some((each) => each.name === other));
  const problem =
    column === idColumnName(table)
      ? `the column ${column} is the id of the table ${name}. Leave the field out, and read id.`
      : `the table ${name} has no column ${column}. Run the migration that adds it, or name it with { columns }.`;
  return { sqlState: '42703', problem, field, column };
}

function keyHint(catalog: readonly CatalogColumn[]): string {
  const key = catalog.filter(({ isKey }) => isKey).map(({ name }) => name);
  const [only] = key;
  if (only === undefined) return 'Name the column of its key with { id }.';
  if (key.length === 1) return `Its key is ${only}: give the repository { id: '${only}' }.`;
  return `Its key is (${key.join(', ')}): make a view of it with an id of type text, and name that with { table }.`;
}
