import type { Table } from '../adapter/adapter.js';
import { DatabaseError } from '../errors/store-errors.js';
import type { Rows, Statement } from './connection-slot.js';
import { columnName, fieldName } from './column-names.js';
import { ColumnCodec } from './column-codec.js';

/** A column of a table. */
export interface Column {
  readonly name: string;
  readonly field: string;
  /** The type's oid; of a domain, that of its base type. */
  readonly type: number;
  /** Whether Postgres computes it, so that it cannot be written. */
  readonly isGenerated: boolean;
  readonly codec: ColumnCodec;
}

/** The columns of a table, as the database has them. */
export class TableColumns {
  readonly id: Column;
  /** All but the id. */
  readonly fields: readonly Column[];
  readonly #byField: ReadonlyMap<string, Column>;
  readonly #table: Table;

  constructor(table: Table, columns: readonly Column[]) {
    this.#table = table;
    const { model, name } = table;
    if (columns.length === 0) {
      throw new DatabaseError(
        model.name,
        `${model.name}: there is no table ${name}. Run the migration that creates it, or name the table with { table }.`,
        '42P01',
      );
    }
    const id = columns.find((column) => column.name === 'id');
    if (id === undefined) {
      throw new DatabaseError(
        model.name,
        `${model.name}: the table ${name} has no column id. It needs one, of type text or uuid, as its primary key.`,
        '42703',
      );
    }
    this.id = id;
    this.fields = columns.filter((column) => column !== id);
    this.#byField = new Map(columns.map((column) => [column.field, column]));
  }

  /**
   * The column of a field.
   *
   * @throws {@link DatabaseError} when there is none
   */
  column(field: string): Column {
    const column = this.#byField.get(field);
    if (column !== undefined) return column;
    const { model, name } = this.#table;
    const expected = columnName(field);
    throw new DatabaseError(
      model.name,
      fieldName(expected) === field
        ? `${model.name}.${field}: the table ${name} has no column ${expected}. Run the migration that adds it.`
        : `${model.name}.${field}: this name does not survive the way to a column and back; write it in camelCase.`,
      '42703',
    );
  }

  /**
   * The column of a field that is to be written.
   *
   * @throws {@link DatabaseError} when there is none, or Postgres computes it
   */
  writable(field: string): Column {
    const column = this.column(field);
    if (!column.isGenerated) return column;
    const { model, name } = this.#table;
    throw new DatabaseError(
      model.name,
      `${model.name}.${field}: Postgres computes the column ${name}.${column.name}; leave it out.`,
      '428C9',
    );
  }
}

/** Knows the columns of the tables that a store uses; asks the database once for each. */
export class TableCatalog {
  readonly #known = new Map<Table, TableColumns>();

  /** The columns of a table, if they have been loaded. */
  known(table: Table): TableColumns | undefined {
    return this.#known.get(table);
  }

  /**
   * Loads the columns of a table.
   *
   * @param execute - sends the statement; inside a transaction on its own connection, so that it never waits for another
   */
  async load(
    table: Table,
    execute: (statement: Statement) => Promise<Rows>,
  ): Promise<TableColumns> {
    const rows = await execute(catalogStatement(table.name));
    const columns = new TableColumns(
      table,
      rows.map((row): Column => {
        const { name, type, item, generated } = row as unknown as CatalogRow;
        const codec = new ColumnCodec({ oid: type, item: item ?? undefined });
        return { name, field: fieldName(name), type, isGenerated: generated, codec };
      }),
    );
    this.#known.set(table, columns);
    return columns;
  }

  /** Asks again next time: some table has changed. */
  clear(): void {
    this.#known.clear();
  }
}

interface CatalogRow {
  readonly name: string;
  readonly type: number;
  readonly item: number | null;
  readonly generated: boolean;
}

function catalogStatement(table: string): Statement {
  return {
    key: 'columns',
    build: (sql) => sql`
      select
        attribute.attname as name,
        base.oid::int as type,
        case base.typcategory when 'A' then base.typelem::int end as item,
        attribute.attgenerated <> '' or attribute.attidentity = 'a' as generated
      from pg_attribute attribute
      join pg_type type on type.oid = attribute.atttypid
      join pg_type base on base.oid = case type.typtype when 'd' then type.typbasetype else type.oid end
      where attribute.attnum > 0 and not attribute.attisdropped and attribute.attrelid = to_regclass((
        select string_agg(quote_ident(part), '.' order by position)
        from unnest(string_to_array(${table}::text, '.')) with ordinality as parts (part, position)
      ))
      order by attribute.attnum`,
  };
}
