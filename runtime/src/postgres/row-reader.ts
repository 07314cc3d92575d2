import type { Awaitable, StoredRow, Table } from '../adapter/adapter.js';
import { DatabaseError } from '../errors/store-errors.js';
import { freezeJson } from '../model/stored-value.js';
import { Oid } from './column-types.js';
import type { Rows } from './connection.js';
import { probeRow } from './field-probe.js';
import type { Column } from './field-columns.js';
import type { RawRow } from './protocol/rows.js';
import { VERSION } from './row-version.js';
import type { TableColumns } from './table-columns.js';

/** The rows of a statement as the core wants them. */
export function readRows(table: Table, columns: TableColumns, rows: Rows): Awaitable<StoredRow[]> {
  const raw = rows as unknown as readonly RawRow[];
  if (raw.every((row) => isDecided(columns, row))) {
    return raw.map((row) => toStoredRow(table, columns, row));
  }
  return readUndecided(table, columns, raw);
}

async function readUndecided(
  table: Table,
  columns: TableColumns,
  rows: readonly RawRow[],
): Promise<StoredRow[]> {
  for (const row of rows) {
    if (!isDecided(columns, row)) await probeRow(table, columns, row);
  }
  return rows.map((row) => toStoredRow(table, columns, row));
}

/** The one row of a statement that wrote one. */
export function readRow(table: Table, columns: TableColumns, rows: Rows): Awaitable<StoredRow> {
  const read = readRows(table, columns, rows) as Awaitable<[StoredRow]>;
  return read instanceof Promise ? read.then(([row]) => row) : read[0];
}

function isDecided(columns: TableColumns, row: RawRow): boolean {
  return columns.fields.every(
    ({ name, codec }) => codec.isField !== undefined && codec.isDecided(row[name] ?? null),
  );
}

function toStoredRow(table: Table, columns: TableColumns, row: RawRow): StoredRow {
  const id = readId(table, columns, row);
  const fields: Record<string, unknown> = {};
  for (const column of columns.fields) {
    const text = row[column.name] ?? null;
    const value = readValue(column, text);
    if (value === undefined) {
      if (text !== null) throw lossError(table, column, id, text);
      continue;
    }
    if (typeof value === 'object') freezeJson(value);
    fields[column.field] = value;
  }
  const version = row[VERSION];
  return typeof version === 'string' ? { id, fields, version } : { id, fields };
}

/** The id of a row. @throws {@link DatabaseError} when it has none, as a row of a view may */
function readId({ name, model }: Table, { id }: TableColumns, row: RawRow): string {
  const text = row[id.name] ?? null;
  if (text === null) {
    const problem = `a row of ${name} has no id: its column ${id.name} is NULL`;
    throw new DatabaseError(model.name, `${model.name}: ${problem}.`, '23502', {
      table: name,
      column: id.name,
    });
  }
  return id.type.oid === Oid.bpchar ? text.replace(/ +$/, '') : text;
}

function readValue({ codec }: Column, text: string | null): unknown {
  if (codec.isDecided(text)) return codec.decode(text);
  const candidates = codec.candidates(text);
  // The schema refuses it in every form that loses nothing: it may want the one that would.
  return text !== null && candidates.includes(undefined) ? undefined : candidates[0];
}

function lossError(table: Table, column: Column, id: string, text: string): DatabaseError {
  const { name } = table.model;
  const exact = /^-?\d+$/.test(text) ? 'a bigint or a string' : 'a string';
  return new DatabaseError(
    name,
    `${name} ${id}: the column ${table.name}.${column.name} holds ${text}, which the field ${column.field} cannot hold ` +
      `exactly. Let its schema be ${exact}.`,
    '22003',
    { table: table.name, column: column.name },
  );
}
