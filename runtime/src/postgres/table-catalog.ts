import type { Table } from '../adapter/adapter.js';
import { quoteName } from './column-names.js';
import { Oid } from './column-types.js';
import type { Rows } from './connection.js';
import type { CatalogColumn } from './field-columns.js';
import { Parameters, type Statement } from './statement.js';
import { TableColumns } from './table-columns.js';
import {
  relationStatement,
  toRelation,
  type RelationRow,
  type TableRelation,
} from './table-relation.js';

/** Knows the columns of the tables that a store uses; asks the database once for each. */
export class TableCatalog {
  readonly #known = new Map<Table, TableColumns>();
  readonly #quote: (name: string) => string;

  /** @param quote - makes an identifier of the name of a table */
  constructor(quote: (name: string) => string) {
    this.#quote = quote;
  }

  /** The columns of a table, if they have been loaded. */
  known(table: Table): TableColumns | undefined {
    return this.#known.get(table);
  }

  /**
   * Loads the columns of a table.
   *
   * @param execute - sends the statement; inside a transaction on its own connection, so that it never waits for another
   * @throws {@link DatabaseError} when there is no such table, or none that can be used
   */
  async load(
    table: Table,
    execute: (statement: Statement) => Promise<Rows>,
  ): Promise<TableColumns> {
    const { catalog, relation } = await readTable(table.name, execute);
    const columns = new TableColumns(table, this.#quote(table.name), catalog);
    columns.relation = relation;
    this.#known.set(table, columns);
    return columns;
  }

  /** Asks again next time: some table is no longer as it was. */
  clear(): void {
    this.#known.clear();
  }
}

/** What the database says of a table; it has no columns when there is none. */
export async function readTable(
  name: string,
  execute: (statement: Statement) => Promise<Rows>,
): Promise<{ readonly catalog: readonly CatalogColumn[]; readonly relation: TableRelation }> {
  const [rows, relation] = (await Promise.all([
    execute(catalogStatement(name)),
    execute(relationStatement(name)),
  ])) as unknown as [CatalogRow[], RelationRow[]];
  return { catalog: rows.map(toColumn), relation: toRelation(relation) };
}

/** Whether an error says that a table is not as its columns were read, or as the model has it. */
export function isSchemaChange(error: unknown): boolean {
  const { code, sqlState = code } = error as { code?: string; sqlState?: string };
  return sqlState !== undefined && SCHEMA_CHANGES.has(sqlState);
}

/** Undefined column, undefined table, a cached plan that no longer fits, and a value of another type than its column. */
const SCHEMA_CHANGES: ReadonlySet<string> = new Set(['42703', '42P01', '0A000', '42804']);

/** A row of the catalogue; all values are text. */
interface CatalogRow {
  readonly name: string;
  readonly oid: string;
  readonly type: string;
  readonly item: string | null;
  readonly kind: string;
  readonly modifier: string;
  readonly generated: string;
  readonly filled: string;
  readonly nullable: string;
  readonly readable: string;
  readonly key: string;
  readonly unique: string;
}

function toColumn(row: CatalogRow): CatalogColumn {
  const oid = Number(row.oid);
  return {
    name: row.name,
    quoted: quoteName(row.name),
    type: {
      oid,
      name: row.type,
      item: row.item === null ? undefined : Number(row.item),
      isEnum: row.kind === 'e',
      limit: typeLimit(oid, Number(row.modifier)),
    },
    isGenerated: row.generated === 't',
    hasDefault: row.filled === 't',
    isNullable: row.nullable === 't',
    isReadable: row.readable === 't',
    isKey: row.key === 't',
    isUnique: row.unique === 't',
  };
}

/** What `atttypmod` says of a type, see `format_type` in PostgreSQL. */
function typeLimit(oid: number, modifier: number): number | undefined {
  if (modifier < 0) return undefined;
  if (oid === Oid.varchar || oid === Oid.bpchar) return modifier - 4;
  return oid === Oid.timestamp || oid === Oid.timestamptz ? modifier : undefined;
}

/** The columns of a table and their types; the type of a domain is the one it is made of, however many are between. */
function catalogStatement(table: string): Statement {
  const parameters = new Parameters();
  return parameters.statement(`
    with recursive base (relation, number, oid, modifier, filled, nullable) as (
      select attrelid, attnum, atttypid, atttypmod, atthasdef or attidentity <> '', not attnotnull
      from pg_catalog.pg_attribute
      where attnum > 0 and not attisdropped and attrelid = to_regclass((
        select string_agg(quote_ident(part), '.' order by position)
        from unnest(string_to_array(${parameters.text(table)}, '.')) with ordinality as parts (part, position)
      ))
      union all
      select
        relation, number, typbasetype, greatest(modifier, typtypmod), filled or typdefault is not null,
        nullable and not typnotnull
      from base join pg_catalog.pg_type as domain on domain.oid = base.oid where typtype = 'd'
    )
    select
      attname as name,
      type.oid as oid,
      format_type(type.oid, modifier) as type,
      case typcategory when 'A' then (
        with recursive item (oid) as (
          select type.typelem
          union all
          select typbasetype from item join pg_catalog.pg_type as domain on domain.oid = item.oid where typtype = 'd'
        )
        select item.oid from item join pg_catalog.pg_type as plain on plain.oid = item.oid and plain.typtype <> 'd'
      ) end as item,
      typtype as kind,
      modifier,
      attgenerated <> '' or attidentity = 'a' as generated,
      filled,
      nullable,
      has_column_privilege(relation, number, 'select') as readable,
      exists (
        select from pg_catalog.pg_index
        where indrelid = relation and indisprimary and number = any (indkey)
      ) as key,
      exists (
        select from pg_catalog.pg_index
        where indrelid = relation and indisunique and indpred is null and indnkeyatts = 1 and indkey[0] = number
      ) as unique
    from base
    join pg_catalog.pg_type as type on type.oid = base.oid and type.typtype <> 'd'
    join pg_catalog.pg_attribute on attrelid = relation and attnum = number
    order by number`);
}
