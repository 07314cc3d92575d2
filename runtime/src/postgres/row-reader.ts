import type { Awaitable, StoredRow, Table } from '../adapter/adapter.js';
import { DatabaseError } from '../errors/store-errors.js';
import { freezeJson } from '../model/stored-value.js';
import type { Rows } from './connection-slot.js';
import type { Column, TableColumns } from './table-columns.js';

type RawRow = Readonly<Record<string, unknown>>;

/** The rows of a statement as the core wants them. */
export function readRows(table: Table, columns: TableColumns, rows: Rows): Awaitable<StoredRow[]> {
  const undecided = rows.some((row) =>
    columns.fields.some(({ name, codec }) => !codec.isDecided(row[name])),
  );
  if (!undecided) return rows.map((row) => readRow(table, columns, row));
  return readUndecided(table, columns, rows);
}

async function readUndecided(
  table: Table,
  columns: TableColumns,
  rows: Rows,
): Promise<StoredRow[]> {
  const read: StoredRow[] = [];
  for (const row of rows) {
    await decide(table, columns, row);
    read.push(readRow(table, columns, row));
  }
  return read;
}

function readRow(table: Table, columns: TableColumns, row: RawRow): StoredRow {
  const fields: Record<string, unknown> = {};
  for (const { name, field, codec } of columns.fields) {
    const raw = row[name];
    const value = codec.isDecided(raw) ? codec.decode(raw) : fallback(codec.candidates(raw));
    if (value === undefined && raw !== null) throw lossError(table, name, String(row['id']), raw);
    if (typeof value === 'object') freezeJson(value);
    fields[field] = value;
  }
  return { id: String(row['id']), fields };
}

/** For a value that the schema refuses in every form: the likeliest one, unless what the schema wants would lose something. */
function fallback(candidates: readonly unknown[]): unknown {
  return candidates[0] !== null && candidates.includes(undefined) ? undefined : candidates[0];
}

/**
 * Finds out how the values of a row are represented: tries what each may be until the model's schema has nothing
 * against it. What it cannot decide, because the row does not pass for another reason, stays open.
 */
async function decide(table: Table, columns: TableColumns, row: RawRow): Promise<void> {
  const open = new Map<Column, number>();
  for (const column of columns.fields) {
    if (!column.codec.isDecided(row[column.name])) open.set(column, 0);
  }
  while (open.size > 0) {
    const entity: Record<string, unknown> = {};
    for (const column of columns.fields) {
      const raw = row[column.name];
      const index = open.get(column);
      const value =
        index === undefined ? column.codec.decode(raw) : column.codec.candidates(raw)[index];
      if (value !== undefined) entity[column.field] = value;
    }
    const refused = await refusedFields(table, entity, columns);
    const retried = [...open].filter(([column]) => refused.has(column.field));
    if (retried.length === 0) {
      for (const [column, index] of open) column.codec.decide(row[column.name], index);
      return;
    }
    for (const [column, index] of retried) {
      if (index + 1 < column.codec.candidates(row[column.name]).length) open.set(column, index + 1);
      else open.delete(column);
    }
  }
}

/** The fields that the schema refuses, or would change into something else. */
async function refusedFields(
  table: Table,
  entity: Readonly<Record<string, unknown>>,
  columns: TableColumns,
): Promise<ReadonlySet<string>> {
  const result = await table.model.schema['~standard'].validate({ ...entity });
  const refused = new Set<string>();
  if (result.issues !== undefined) {
    for (const { path } of result.issues) {
      const first = path?.[0];
      if (first !== undefined) refused.add(String(typeof first === 'object' ? first.key : first));
    }
    return refused;
  }
  const output = result.value as Readonly<Record<string, unknown>>;
  for (const { field } of columns.fields) {
    if (Object.hasOwn(output, field) && typeof output[field] !== typeof entity[field])
      refused.add(field);
  }
  return refused;
}

function lossError(table: Table, column: string, id: string, raw: unknown): DatabaseError {
  const { name } = table.model;
  return new DatabaseError(
    name,
    `${name} ${id}: the column ${column} holds ${String(raw)}, which its field cannot hold without loss. ` +
      'Make the field a bigint or a string in the schema.',
    '22003',
  );
}
