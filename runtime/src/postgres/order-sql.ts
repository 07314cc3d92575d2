import { isAbsent } from '../adapter/in-process/value-order.js';
import type { OrderTerm } from '../adapter/query.js';
import { orderable } from './column-sql.js';
import { isFinerThanDate } from './column-types.js';
import { equals } from './condition-sql.js';
import type { Column } from './field-columns.js';
import type { Parameters } from './statement.js';
import type { TableColumns } from './table-columns.js';

/** A term of an order, with its column. */
export interface OrderColumn {
  readonly column: Column;
  readonly direction: OrderTerm['direction'];
}

/** The columns of an order. @throws DatabaseError for a field without a column */
export function orderColumns(
  columns: TableColumns,
  terms: readonly OrderTerm[],
): readonly OrderColumn[] {
  return terms.map(({ field, direction }) => ({ column: columns.column(field), direction }));
}

/** `NULLS LAST` is said only where there may be NULL, and it is not what Postgres does anyway: no ordinary index serves it. */
export function orderClause(order: readonly OrderColumn[]): string {
  return order
    .map(({ column, direction }) => {
      const term = `${orderable(column)} ${direction}`;
      return direction === 'desc' && column.isNullable ? `${term} nulls last` : term;
    })
    .join(', ');
}

/** What comes after a position: greater in the first term, or equal in it and after in the rest. */
export function isAfter(
  parameters: Parameters,
  columns: TableColumns,
  order: readonly OrderColumn[],
  after: readonly unknown[],
): string {
  const position = new Position(parameters, columns, order, after);
  return position.isOneRow() ? position.afterRow() : position.afterTerms();
}

class Position {
  readonly #parameters: Parameters;
  readonly #columns: TableColumns;
  readonly #order: readonly OrderColumn[];
  readonly #values: readonly unknown[];
  /** The values, bound when they are first needed. */
  readonly #bound: string[] = [];

  constructor(
    parameters: Parameters,
    columns: TableColumns,
    order: readonly OrderColumn[],
    values: readonly unknown[],
  ) {
    this.#parameters = parameters;
    this.#columns = columns;
    this.#order = order;
    this.#values = values;
  }

  /** Whether the order is that of rows as values, `(a, b) > (x, y)`, where an index can begin to read. */
  isOneRow(): boolean {
    const [first] = this.#order;
    return this.#order.every(
      ({ column, direction }, at) =>
        direction === first?.direction && !column.isNullable && !isAbsent(this.#values[at]),
    );
  }

  afterRow(): string {
    const columns = this.#order.map(({ column }) => orderable(column));
    const values = this.#order.map((_, at) => this.#value(at));
    return `(${columns.join(', ')}) ${this.#sign(0)} (${values.join(', ')})`;
  }

  afterTerms(): string {
    const first = this.#order[0];
    const after = this.#afterFrom(0);
    if (first === undefined || first.column.isNullable || isAbsent(this.#values[0])) return after;
    // It follows from the rest, but only this lets an index begin here.
    return `${orderable(first.column)} ${this.#sign(0)}= ${this.#value(0)} and ${after}`;
  }

  /** An absent value comes after every other, in both directions. */
  #afterFrom(at: number): string {
    const term = this.#order[at];
    if (term === undefined) return 'false';
    const { column } = term;
    const rest = this.#afterFrom(at + 1);
    if (isAbsent(this.#values[at])) return `(${column.quoted} is null and ${rest})`;

    const ordered = orderable(column);
    const value = this.#value(at);
    const alternatives = [`${ordered} ${this.#sign(at)} ${value}`];
    if (column.isNullable) alternatives.push(`${column.quoted} is null`);
    if (at < this.#order.length - 1) alternatives.push(`(${ordered} = ${value} and ${rest})`);
    return `(${alternatives.join(' or ')})`;
  }

  #sign(at: number): '>' | '<' {
    return this.#order[at]?.direction === 'desc' ? '<' : '>';
  }

  /** A value of the position, to compare with the column as it is ordered. */
  #value(at: number): string {
    return (this.#bound[at] ??= this.#bind(at));
  }

  #bind(at: number): string {
    const term = this.#order[at];
    if (term === undefined) throw new RangeError(`the order has no term ${at}`);
    const { column } = term;
    const value = this.#values[at];
    const bound = this.#parameters.value(column, value);
    if (column.type.isEnum) return `${bound}::text`;
    if (!(value instanceof Date) || !isFinerThanDate(column.type)) return bound;
    // The column is finer than a Date: the row that it was read from still knows where exactly it stands.
    const { id, table } = this.#columns;
    const isRow = `${id.quoted} = ${this.#parameters.value(id, this.#values.at(-1))}`;
    return (
      `coalesce((select ${column.quoted} from ${table} ` +
      `where ${isRow} and ${equals(this.#parameters, column, value)}), ${bound})`
    );
  }
}
