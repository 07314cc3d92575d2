import { writeArrayLiteral } from './array-literal.js';
import { castName } from './column-types.js';
import { Parameters, type Statement } from './statement.js';
import type { Column } from './field-columns.js';
import type { ColumnValue, TableColumns } from './table-columns.js';
import { inTransaction } from './transaction-statements.js';
import { valueText } from './value-text.js';

/** The values of one new row, its id among them unless the database gives one. */
export type NewValues = readonly ColumnValue[];

/** The new rows that have values for the same columns. */
interface Shape {
  readonly columns: readonly Column[];
  readonly rows: NewValues[];
  /** Where each of them stands in the list that was given. */
  readonly places: number[];
}

/** A statement that inserts several rows. */
export interface InsertMany {
  readonly statement: Statement;
  /** Where the rows that it returns stand in the list that was given. */
  readonly places: readonly number[];
}

/**
 * Inserts rows and returns them, in the transaction of this fence or not at all. A column that a row has no value for keeps its
 * default: rows that differ in that are parts of their own of the one statement.
 */
export function insertManyStatement(
  columns: TableColumns,
  rows: readonly NewValues[],
  fence: string,
): InsertMany {
  const parameters = new Parameters();
  const isInside = inTransaction(parameters, fence);
  const shapes = shapesOf(rows);
  const inserts = shapes.map((shape) => insertShape(parameters, columns, shape, isInside));
  const places = shapes.flatMap((shape) => shape.places);
  const [only] = inserts;
  if (inserts.length === 1 && only !== undefined)
    return { statement: parameters.statement(only), places };
  const parts = inserts.map((insert, index) => `"justscale.${index}" as (${insert})`);
  const all = inserts.map((_, index) => `select * from "justscale.${index}"`);
  return {
    statement: parameters.statement(`with ${parts.join(', ')} ${all.join(' union all ')}`),
    places,
  };
}

function shapesOf(rows: readonly NewValues[]): Shape[] {
  const shapes = new Map<string, Shape>();
  for (const [place, row] of rows.entries()) {
    const columns = row.map(({ column }) => column);
    const key = columns.map(({ quoted }) => quoted).join();
    const shape = shapes.get(key) ?? { columns, rows: [], places: [] };
    shapes.set(key, shape);
    shape.rows.push(row);
    shape.places.push(place);
  }
  return [...shapes.values()];
}

/** Each column travels as one array of text, so that the statement is the same for any number of rows. */
function insertShape(
  parameters: Parameters,
  { table, selected }: TableColumns,
  { columns, rows }: Shape,
  isInside: string,
): string {
  if (columns.length === 0) {
    // Without any value the database fills in all columns.
    const count = parameters.text(String(rows.length));
    return (
      `insert into ${table} select from generate_series(1, ${count}::integer) ` +
      `where ${isInside} returning ${selected}`
    );
  }
  const names = columns.map((_, index) => `"justscale.${index}"`);
  const arrays = columns.map((column, index) => {
    const texts = rows.map((row) => valueText(row[index]?.value, column.type));
    return `${parameters.text(writeArrayLiteral(texts))}::text[]`;
  });
  const values = columns.map(({ type }, index) => `${names[index] ?? ''}::${castName(type)}`);
  return (
    `insert into ${table} (${columns.map(({ quoted }) => quoted).join(', ')}) ` +
    `select ${values.join(', ')} ` +
    `from unnest(${arrays.join(', ')}) with ordinality as given (${names.join(', ')}, "justscale.place") ` +
    `where ${isInside} order by "justscale.place" returning ${selected}`
  );
}
