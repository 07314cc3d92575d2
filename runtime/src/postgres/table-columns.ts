import type { Table } from '../adapter/adapter.js';
import { DatabaseError } from '../errors/store-errors.js';
import { declaredFields } from '../model/field-names.js';
import { ColumnCodec } from './column-codec.js';
import { bindFields, idColumnName, type CatalogColumn, type Column } from './field-columns.js';
import { isIdOf } from './id-values.js';
import { noColumn, tableProblem, type ColumnProblem } from './table-problems.js';
import { UNKNOWN_RELATION, type TableRelation } from './table-relation.js';
import { valueProblem } from './value-text.js';

/** A column and the value to store in it. */
export interface ColumnValue {
  readonly column: Column;
  readonly value: unknown;
}

/** Statements set any fields of a table: the texts of so many are remembered. */
const MAX_TEXTS = 500;

/** What is read of a table, and the texts of statements that follow from it. */
interface ToRead {
  readonly fields: readonly Column[];
  readonly names: string;
  readonly texts: Map<string, string>;
}

/** The columns of a table, as the database has them, and the fields of the model that they hold. */
export class TableColumns {
  /** The table's name as an identifier of SQL. */
  readonly table: string;
  readonly id: Column;
  /** What the table is, beyond its columns. */
  relation: TableRelation = UNKNOWN_RELATION;
  readonly #catalog: readonly CatalogColumn[];
  readonly #bound: readonly Column[];
  readonly #byField: ReadonlyMap<string, Column>;
  readonly #table: Table;
  #read: ToRead | undefined;

  /**
   * @param table - the table, for messages
   * @param quoted - its name as an identifier of SQL
   * @param catalog - what it has
   * @throws {@link DatabaseError} when there are none, no key that can be used, or none for a required field
   */
  constructor(table: Table, quoted: string, catalog: readonly CatalogColumn[]) {
    this.#table = table;
    this.#catalog = catalog;
    this.table = quoted;
    this.id = this.#idColumn();
    this.#bound = bindFields(table, catalog);
    this.#byField = new Map([...this.#bound, this.id].map((column) => [column.field, column]));
    for (const field of declaredFields(table.model)?.required ?? []) this.column(field);
  }

  /** All that are, or may be, fields of the model; without the id. */
  get fields(): readonly Column[] {
    return this.#toRead.fields;
  }

  /** The id and the fields, as SQL names what is read. */
  get selected(): string {
    return this.#toRead.names;
  }

  /**
   * The text of a statement that is sent often, made once.
   *
   * @param kind - all that the text depends on beside the table
   * @param make - binds nothing
   */
  text(kind: string, make: () => string): string {
    const { texts } = this.#toRead;
    let text = texts.get(kind);
    if (text === undefined) {
      if (texts.size === MAX_TEXTS) texts.clear();
      texts.set(kind, (text = make()));
    }
    return text;
  }

  /** Remembered, since every statement asks. */
  get #toRead(): ToRead {
    if (this.#read === undefined) {
      const fields = this.#bound.filter(({ codec }) => codec.isField !== false);
      const names = new Set([this.id, ...fields].map(({ quoted }) => quoted));
      this.#read = { fields, names: [...names].join(', '), texts: new Map() };
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
    throw this.#refusal(noColumn(this.#table, this.#catalog, field));
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
        throw this.#error('428C9', `Postgres computes the column ${where}; leave it out.`, column);
      }
      const problem = valueProblem(value, column.type);
      if (problem !== undefined) {
        throw this.#error(
          '22000',
          `the column ${where} is ${problem}; nothing was written. Change the value or the column's type.`,
          column,
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
    if (isIdOf(this.id.type, id)) return;
    const problem =
      valueProblem(id, this.id.type) ?? `${this.id.type.name}, which writes it otherwise`;
    throw this.#error(
      '22P02',
      `the column ${this.#table.name}.${this.id.name} is ${problem} (${JSON.stringify(id)}); nothing was written.`,
      this.id,
    );
  }

  #idColumn(): Column {
    const problem = tableProblem(this.#table, this.#catalog);
    if (problem !== undefined) throw this.#refusal(problem);
    const name = idColumnName(this.#table);
    const id = this.#catalog.find((column) => column.name === name) as CatalogColumn;
    return { ...id, field: 'id', codec: new ColumnCodec(id.type) };
  }

  #error(sqlState: string, problem: string, { field, name }: Column): DatabaseError {
    return this.#refusal({ sqlState, problem, field, column: name });
  }

  #refusal({ sqlState, problem, field, column }: ColumnProblem): DatabaseError {
    const { name, model } = this.#table;
    const of = field === undefined ? model.name : `${model.name}.${field}`;
    return new DatabaseError(model.name, `${of}: ${problem}`, sqlState, { table: name, column });
  }
}
