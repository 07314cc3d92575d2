import type { Table } from '../adapter/adapter.js';
import { ColumnCodec } from './column-codec.js';
import { columnName, fieldName } from './column-names.js';
import { Oid } from './column-types.js';
import type { Rows } from './connection.js';
import { Parameters, type Statement } from './statement.js';
import { TableColumns, type Column } from './table-columns.js';
import { relationStatement, toRelation, type RelationRow } from './table-relation.js';

/** Knows the columns of the tables that a store uses; asks the database once for each. */
export class TableCatalog {
  readonly #known = new Map<Table, TableColumns>();
  readonly #quote: (name: string) => string;

  /** @param quote - makes an identifier of a name */
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
    const [rows, relation] = (await Promise.all([
      execute(catalogStatement(table.name)),
      execute(relationStatement(table.name)),
    ])) as unknown as [CatalogRow[], RelationRow[]];
    const quote = this.#quote;
    const columns = new TableColumns(
      table,
      quote(table.name),
      rows.map((row) => toColumn(row, quote)).filter(isAddressable),
    );
    columns.relation = toRelation(relation);
    this.#known.set(table, columns);
    return columns;
  }

  /** Asks again next time: some table is no longer as it was. */
  clear(): void {
    this.#known.clear();
  }
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
  readonly nullable: string;
}

function toColumn(
  { name, oid, type, item, kind, modifier, generated, nullable }: CatalogRow,
  quote: (name: string) => string,
): Column {
  const columnType = {
    oid: Number(oid),
    name: type,
    item: item === null ? undefined : Number(item),
    isEnum: kind === 'e',
    limit: typeLimit(Number(oid), Number(modifier)),
  };
  return {
    name,
    quoted: quote(name),
    field: fieldName(name),
    type: columnType,
    isGenerated: generated === 't',
    isNullable: nullable === 't',
    codec: new ColumnCodec(columnType),
  };
}

/** What `atttypmod` says of a type, see `format_type` in PostgreSQL. */
function typeLimit(oid: number, modifier: number): number | undefined {
  if (modifier < 0) return undefined;
  if (oid === Oid.varchar || oid === Oid.bpchar) return modifier - 4;
  return oid === Oid.timestamp || oid === Oid.timestamptz ? modifier : undefined;
}

/** A name with a dot is two names for the driver; one that no field maps to is out of a model's reach. */
function isAddressable({ name, field }: Column): boolean {
  return !name.includes('.') && columnName(field) === name && !NOT_A_FIELD.has(field);
}

const NOT_A_FIELD: ReadonlySet<string> = new Set(['constructor', 'then', 'toJSON', '__proto__']);

/** The columns of a table and their types; the type of a domain is the one it is made of, however many are between. */
function catalogStatement(table: string): Statement {
  const parameters = new Parameters();
  return parameters.statement(`
    with recursive base (relation, number, oid, modifier) as (
      select attrelid, attnum, atttypid, atttypmod from pg_catalog.pg_attribute
      where attnum > 0 and not attisdropped and attrelid = to_regclass((
        select string_agg(quote_ident(part), '.' order by position)
        from unnest(string_to_array(${parameters.text(table)}, '.')) with ordinality as parts (part, position)
      ))
      union all
      select relation, number, typbasetype, greatest(modifier, typtypmod)
      from base join pg_catalog.pg_type as domain on domain.oid = base.oid where typtype = 'd'
    )
    select
      attname as name,
      type.oid as oid,
      format_type(type.oid, modifier) as type,
      case typcategory when 'A' then typelem end as item,
      typtype as kind,
      modifier,
      attgenerated <> '' or attidentity = 'a' as generated,
      not attnotnull as nullable
    from base
    join pg_catalog.pg_type as type on type.oid = base.oid and typtype <> 'd'
    join pg_catalog.pg_attribute on attrelid = relation and attnum = number
    order by number`);
}
