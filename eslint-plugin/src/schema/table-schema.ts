/** A column as the code names it. */
export interface FieldSchema {
  /** What the code calls it. */
  readonly name: string;
  /** What the database calls it. */
  readonly column: string;
  /** As the schema writes it, such as `String`, `jsonb` or the name of a model. */
  readonly type: string;
  readonly isList: boolean;
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
  /** Set for a field that stands for rows of another model. */
  readonly relation?: Relation;
}

/** A field that stands for rows of another model. */
export interface Relation {
  readonly model: string;
  /** The fields that hold the other's key; empty on the side that holds none. */
  readonly fields: readonly string[];
  readonly references: readonly string[];
}

/** Fields that no two rows have in common. */
export interface UniqueKey {
  readonly fields: readonly string[];
  readonly isPrimary: boolean;
  /** A partial key is one of the rows that fulfil this only; `null` when it is one of all rows. */
  readonly condition: KeyCondition | null;
}

/** What a partial key says of its rows: all of the comparisons hold. `null` when it says something else as well. */
export type KeyCondition = readonly KeyComparison[] | 'unknown';

/** A field that is compared with a constant, or asked whether it is null. */
export interface KeyComparison {
  readonly field: string;
  readonly is: '=' | '<>' | 'null' | 'not null';
  readonly value?: string | number | boolean;
}

/** What is known of a table. */
export interface TableSchema {
  /** What the code calls it. */
  readonly name: string;
  /** What the database calls it, without its schema. */
  readonly table: string;
  readonly fields: ReadonlyMap<string, FieldSchema>;
  readonly keys: readonly UniqueKey[];
  /** The folder of its schema, where a repository has several. */
  readonly origin?: string;
}

/** Something that could not be read. It is said once; the rest is used. */
export interface SchemaProblem {
  readonly file: string;
  readonly message: string;
}

/** Tables, and what could not be read of them. */
export interface DatabaseSchema {
  readonly tables: readonly TableSchema[];
  readonly problems: readonly SchemaProblem[];
}

/**
 * Adds the partial keys that only the migrations know to the tables of the code: not every schema language can write one. What
 * else the migrations say is what the schema says, or out of date.
 */
export function withPartialKeysOf(
  tables: readonly TableSchema[],
  migrated: readonly TableSchema[],
): readonly TableSchema[] {
  const byTable = new Map(migrated.map((table) => [table.table, table]));
  return tables.map((table) => {
    const other = byTable.get(table.table);
    return other ? { ...table, keys: [...table.keys, ...newKeys(table, other)] } : table;
  });
}

function newKeys(table: TableSchema, migrated: TableSchema): readonly UniqueKey[] {
  const byColumn = new Map([...table.fields.values()].map(({ column, name }) => [column, name]));
  const nameOf = (column: string): string => byColumn.get(column) ?? column;
  const known = new Set(table.keys.map(keyText));
  return migrated.keys
    .map((key) => ({
      ...key,
      fields: key.fields.map(nameOf),
      condition: renameCondition(key.condition, nameOf),
    }))
    .filter((key) => key.condition !== null && !known.has(keyText(key)));
}

function renameCondition(
  condition: KeyCondition | null,
  nameOf: (column: string) => string,
): KeyCondition | null {
  if (condition === null || condition === 'unknown') return condition;
  return condition.map((comparison) => ({ ...comparison, field: nameOf(comparison.field) }));
}

function keyText({ fields, condition }: UniqueKey): string {
  return JSON.stringify([[...fields].sort(), condition]);
}
