import type { Table } from '../adapter/adapter.js';
import { declaredFields } from '../model/field-names.js';
import { ColumnCodec } from './column-codec.js';
import { camelCase, snakeCase } from './column-names.js';
import type { ColumnType } from './column-types.js';

/** A column of a table, as the catalogue has it. */
export interface CatalogColumn {
  readonly name: string;
  /** The name as an identifier of SQL. */
  readonly quoted: string;
  readonly type: ColumnType;
  /** Whether Postgres computes it, so that it cannot be written. */
  readonly isGenerated: boolean;
  /** Whether Postgres fills it in when it is left out. */
  readonly hasDefault: boolean;
  readonly isNullable: boolean;
  /** Whether the user may read it. */
  readonly isReadable: boolean;
  /** Whether it belongs to the primary key. */
  readonly isKey: boolean;
  /** Whether no two rows have the same value in it. */
  readonly isUnique: boolean;
}

/** A column and the field whose values it holds. */
export interface Column extends CatalogColumn {
  readonly field: string;
  readonly codec: ColumnCodec;
}

/** The names of a table's key, unless it is named with `{ id }`. */
const ID = 'id';

/** The name of the column that holds the id. */
export function idColumnName({ idColumn = ID }: Table): string {
  return idColumn;
}

/** The name of a field's column: what was named by hand, the field's own name if there is one, or that in snake_case. */
export function columnOf(
  { columns = {} }: Table,
  field: string,
  exists: (column: string) => boolean,
): string {
  if (Object.hasOwn(columns, field)) return columns[field] ?? field;
  return exists(field) ? field : snakeCase(field);
}

/**
 * Which columns are, or may be, fields of the model. Where its schema tells its fields, it is those; else each column
 * stands for all fields that would have it, and `probeRow` finds out which of them there are.
 */
export function bindFields(table: Table, catalog: readonly CatalogColumn[]): readonly Column[] {
  const byName = new Map(catalog.map((column) => [column.name, column]));
  byName.delete(idColumnName(table));
  const bound = new Map<string, Column>();
  const bind = (field: string, isField: boolean | undefined): void => {
    const column = byName.get(columnOf(table, field, (name) => byName.has(name)));
    if (column === undefined || bound.has(field) || NOT_A_FIELD.has(field)) return;
    const codec = new ColumnCodec(column.type);
    codec.isField = isField;
    bound.set(field, { ...column, field, codec });
  };
  const declared = declaredFields(table.model);
  for (const field of declared?.names ?? []) bind(field, true);
  if (declared?.isClosed === true) return [...bound.values()];

  for (const field of Object.keys(table.columns ?? {})) bind(field, undefined);
  const taken = new Set(Array.from(bound.values(), ({ name }) => name));
  for (const { name, isReadable } of byName.values()) {
    if (taken.has(name) || !isReadable) continue;
    for (const field of [camelCase(name), name]) {
      if (columnOf(table, field, (other) => byName.has(other)) === name) bind(field, undefined);
    }
  }
  return [...bound.values()];
}

const NOT_A_FIELD: ReadonlySet<string> = new Set([
  ID,
  'constructor',
  'then',
  'toJSON',
  '__proto__',
]);
