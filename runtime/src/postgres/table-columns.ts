import type { Table } from '../adapter/adapter.js';
import { DatabaseError } from '../errors/store-errors.js';
import type { ColumnCodec } from './column-codec.js';
import { columnName, fieldName } from './column-names.js';
import { isText, Oid, type ColumnType } from './column-types.js';
import { UNKNOWN_RELATION, type TableRelation } from './table-relation.js';
import { valueProblem } from './value-text.js';

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** The name as an identifier of SQL. */
  readonly quoted: string;
  readonly field: string;
  readonly type: ColumnType;
  /** Whether Postgres computes it, so that it cannot be written. */
  readonly isGenerated: boolean;
  /** Whether it may hold NULL. */
  readonly isNullable: boolean;
  readonly codec: ColumnCodec;
}

/** A column and the value to store in it. */
export interface ColumnValue {
  readonly column: Column;
  readonly value: unknown;
}

/** The columns of a table, as the database has them. */
export class TableColumns {
  /** The table's name as an identifier of SQL. */
  readonly table: string;
  readonly id: Column;
  /** What the table is, beyond its columns. */
  relation: TableRelation = UNKNOWN_RELATION;
  readonly #others: readonly Column[];
  readonly #byField: ReadonlyMap<string, Column>;
  readonly #table: Table;
  #read: { readonly fields: readonly Column[]; readonly names: string } | undefined;

  /**
   * @param table - the table, for messages
   * @param quoted - its name as an identifier of SQL
   * @param columns - what it has
   * @throws {@link DatabaseError} when there are none, or no `id` that can be used
   */
  constructor(table: Table, quoted: string, columns: readonly Column[]) {
    this.#table = table;
    this.table = quoted;
    const id = columns.find(({ name }) => name === 'id');
    if (columns.length === 0) {
      throw this.#error(
        '42P01',
        `there is no table ${table.name}. Run the migration that creates it, or name the table with { table }.`,
      );
    }
    if (id === undefined || !(isText(id.type) || id.type.oid === Oid.uuid)) {
      throw this.#error(
        '42703',
        `the table ${table.name} has ${id === undefined ? 'no column id' : `an id of type ${id.type.name}`}. ` +
          'Its primary key has to be a column id of type text or uuid.',
      );
    }
    this.id = id;
    this.#others = columns.filter((column) => column !== id);
    this.#byField = new Map(columns.map((column) => [column.field, column]));
  }

  /** All that are, or may be, fields of the model; without the id. */
  get fields(): readonly Column[] {
    return this.#toRead.fields;
  }

  /** The id and the fields, as SQL names what is read. */
  get selected(): string {
    return this.#toRead.names;
  }

  /** Remembered, since every statement asks. */
  get #toRead(): { readonly fields: readonly Column[]; readonly names: string } {
    if (this.#read === undefined) {
      const fields = this.#others.filter(({ codec }) => codec.isField !== false);
      const names = [this.id, ...fields].map(({ quoted }) => quoted).join(', ');
      this.#read = { fields, names };
    }
    return this.#read;
  }

  /** Notes whether the model has a column's field. */
  decideField({ codec }: Column, isField: boolean): void {
    if (codec.isField === isField) return;
    codec.isField = isField;
    this.#read = undefined;
  }

  /**
   * The column of a field.
   *
   * @throws {@link DatabaseError} when there is none
   */
  column(field: string): Column {
    const column = this.#byField.get(field);
    if (column !== undefined) return column;
    const expected = columnName(field);
    throw this.#error(
      '42703',
      fieldName(expected) === field
        ? `the table ${this.#table.name} has no column ${expected}. Run the migration that adds it.`
        : `the name is not camelCase, so it has no column of its own (${expected} belongs to ${fieldName(expected)}). Rename the field.`,
      field,
    );
  }

  /**
   * The columns of the fields that are to be written.
   *
   * @throws {@link DatabaseError} for one that is missing, that Postgres computes, or that cannot hold its value
   */
  toWrite(fields: Readonly<Record<string, unknown>>): readonly ColumnValue[] {
    return Object.entries(fields).map(([field, value]) => {
      const column = this.column(field);
      const where = `${this.#table.name}.${column.name}`;
      if (column.isGenerated) {
        throw this.#error('428C9', `Postgres computes the column ${where}; leave it out.`, field);
      }
      const problem = valueProblem(value, column.type);
      if (problem !== undefined) {
        throw this.#error(
          '22000',
          `the column ${where} is ${problem}; nothing was written. Change the value or the column's type.`,
          field,
        );
      }
      this.decideField(column, true);
      return { column, value };
    });
  }

  /**
   * An id that is to be written.
   *
   * @throws {@link DatabaseError} when the column cannot hold it
   */
  assertStorableId(id: string): void {
    const problem = valueProblem(id, this.id.type);
    if (problem === undefined) return;
    throw this.#error(
      '22P02',
      `the column ${this.#table.name}.id is ${problem} (${JSON.stringify(id)}); nothing was written.`,
      'id',
    );
  }

  #error(sqlState: string, problem: string, field?: string): DatabaseError {
    const { name } = this.#table.model;
    return new DatabaseError(
      name,
      `${name}${field === undefined ? '' : `.${field}`}: ${problem}`,
      sqlState,
    );
  }
}
