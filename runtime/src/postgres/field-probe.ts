import type { Table } from '../adapter/adapter.js';
import { DatabaseError } from '../errors/store-errors.js';
import { declaredFields } from '../model/field-names.js';
import type { Column } from './field-columns.js';
import type { RawRow } from './protocol/rows.js';
import {
  askSchema,
  deepKindOf,
  isRefused,
  SOME_VALUES,
  type Entity,
  type Verdict,
} from '../model/schema-verdict.js';
import type { TableColumns } from './table-columns.js';

/**
 * Finds out, from one row, how the columns of a table are represented in a model, and which of them are fields of it. A
 * Standard Schema has nothing but `validate`: so it is asked with what each value may be, until it has nothing
 * against it. What cannot be decided by this row stays open for the next.
 *
 * @throws {@link DatabaseError} for a field that no value of its column can be, and for one that has no column
 */
export async function probeRow(table: Table, columns: TableColumns, row: RawRow): Promise<void> {
  const probe = new Probe(table, columns, row);
  await probe.chooseCandidates();
  await probe.chooseBySamples();
  await probe.findFields();
  await probe.refuseOtherKinds();
  await probe.refuseMissingColumns();
}

class Probe {
  readonly #table: Table;
  readonly #columns: TableColumns;
  /** Those that may be fields now, before anything is found out. */
  readonly #fields: readonly Column[];
  readonly #row: RawRow;
  /** The columns to decide, with the index of the candidate in question. */
  readonly #open = new Map<Column, number>();
  /** The columns whose candidates were all refused. */
  readonly #refused = new Set<Column>();

  constructor(table: Table, columns: TableColumns, row: RawRow) {
    this.#table = table;
    this.#columns = columns;
    this.#fields = columns.fields;
    this.#row = row;
    for (const column of this.#fields) {
      if (!column.codec.isDecided(this.#text(column))) this.#advance(column, 0);
    }
  }

  /** Tries the candidates of all columns at once, the next one of each that is refused. */
  async chooseCandidates(): Promise<void> {
    for (;;) {
      const entity = this.#entity();
      const verdict = await this.#ask(entity);
      const refused = [...this.#open].filter(([{ field }]) => isRefused(verdict, entity, field));
      for (const [column, index] of refused) this.#advance(column, index + 1);
      if (refused.length === 0) break;
    }
    for (const [column, index] of this.#open) column.codec.decide(this.#text(column), index);
  }

  /** For a value that the schema does not want in any form: which form would it want of another value? */
  async chooseBySamples(): Promise<void> {
    for (const column of this.#refused) {
      for (const sample of column.codec.samples) {
        if (column.codec.isDecided(sample)) break;
        for (const [index, value] of column.codec.candidates(sample).entries()) {
          if (value === undefined || !(await this.#isAccepted(column.field, value))) continue;
          column.codec.decide(sample, index);
          break;
        }
      }
    }
  }

  /** A column that the schema drops, or that it refuses whatever it holds, is no field of the model. */
  async findFields(): Promise<void> {
    const entity = this.#entity();
    const verdict = await this.#ask(entity);
    for (const column of this.#fields) {
      const { field, codec } = column;
      if (codec.isField !== undefined || !Object.hasOwn(entity, field)) continue;
      if (verdict.output !== undefined)
        this.#columns.decideField(column, Object.hasOwn(verdict.output, field));
      else if (await this.#isUndeclared(entity, verdict, field))
        this.#columns.decideField(column, false);
    }
    for (const column of this.#fields) await this.#chooseName(column);
  }

  /** A field whose schema takes no value of its column, but values of another kind, is of another type than its column. */
  async refuseOtherKinds(): Promise<void> {
    for (const column of this.#refused) {
      const { codec, field } = column;
      const text = this.#text(column);
      if (codec.isField === false || codec.isDecided(text)) continue;
      if (text === null) this.#assertNullable(column);
      else if (!codec.candidates(text).includes(undefined)) {
        if (await this.#wantsOtherKind(column, text)) {
          const what = `is ${column.type.name}, and the schema of the field ${field} takes no such value`;
          throw this.#error(column, `${what}. Change the field's schema or the column's type.`);
        }
        codec.decideOnly();
      }
    }
  }

  /** A field of an entity that no column holds would be `undefined`, whatever its type says. */
  async refuseMissingColumns(): Promise<void> {
    // A schema that tells its fields was asked when the columns were loaded.
    if (declaredFields(this.#table.model)?.isClosed === true) return;
    const entity = this.#entity();
    const { output, refused } = await this.#ask(entity);
    const added = Object.keys(output ?? {}).filter((field) => output?.[field] !== undefined);
    for (const field of [...refused, ...added]) {
      if (!Object.hasOwn(entity, field)) this.#columns.column(field);
    }
  }

  #assertNullable(column: Column): void {
    if (declaredFields(this.#table.model)?.neverNull.has(column.field) !== true) return;
    const what = `is NULL in a row, and the schema of the field ${column.field} does not take null`;
    throw this.#error(column, `${what}. Let the schema be nullable, or the column NOT NULL.`);
  }

  /** Whether a field's schema takes values that the column cannot hold. */
  async #wantsOtherKind({ field, codec }: Column, text: string): Promise<boolean> {
    const own = [text, ...codec.samples].flatMap((each) => codec.candidates(each)).map(deepKindOf);
    for (const value of SOME_VALUES) {
      if (!own.includes(deepKindOf(value)) && (await this.#isAccepted(field, value))) return true;
    }
    return false;
  }

  /** A column that may be two fields, `ownerId` and `owner_id`, is the one that the schema declares. */
  async #chooseName(column: Column): Promise<void> {
    const [first, ...others] = this.#fields.filter(
      ({ name, codec }) => name === column.name && codec.isField === true,
    );
    if (first === undefined || others.length === 0) return;
    const declared = await Promise.all(
      [first, ...others].map(async ({ field }) => !(await this.#isAccepted(field, Symbol(field)))),
    );
    const chosen = [first, ...others][Math.max(0, declared.indexOf(true))];
    for (const other of [first, ...others]) {
      if (other !== chosen) this.#columns.decideField(other, false);
    }
  }

  /** Whether a strict schema refuses the entity because of the mere presence of a field. */
  async #isUndeclared(entity: Entity, verdict: Verdict, field: string): Promise<boolean> {
    const { [field]: _, ...rest } = entity;
    const without = await this.#ask(rest);
    if (without.refused.has(field)) return false;
    if (verdict.refused.has(field)) {
      const empty = await this.#ask({ ...entity, [field]: undefined });
      return empty.refused.has(field);
    }
    if (without.general === verdict.general) return false;
    // A rule over several fields may look at this one; a schema that does not know it takes no notice of what it holds.
    const strange = await this.#ask({ ...entity, [field]: Symbol(field) });
    return !strange.refused.has(field) && strange.general === verdict.general;
  }

  async #isAccepted(field: string, value: unknown): Promise<boolean> {
    const entity = { ...this.#entity(), [field]: value };
    return !isRefused(await this.#ask(entity), entity, field);
  }

  #advance(column: Column, from: number): void {
    const text = this.#text(column);
    const candidates = column.codec.candidates(text);
    const index = candidates.findIndex(
      (value, at) => at >= from && (value !== undefined || text === null),
    );
    if (index === -1) {
      this.#open.delete(column);
      this.#refused.add(column);
    } else {
      this.#open.set(column, index);
    }
  }

  #entity(): Entity {
    const entity: Record<string, unknown> = {};
    for (const column of this.#fields) {
      if (column.codec.isField === false) continue;
      const text = this.#text(column);
      const value = column.codec.isDecided(text)
        ? column.codec.decode(text)
        : column.codec.candidates(text)[this.#open.get(column) ?? 0];
      if (value !== undefined) entity[column.field] = value;
    }
    return entity;
  }

  #ask(entity: Entity): Promise<Verdict> {
    return askSchema(this.#table.model, entity);
  }

  #text(column: Column): string | null {
    return this.#row[column.name] ?? null;
  }

  #error(column: Column, problem: string): DatabaseError {
    const { name, model } = this.#table;
    const message = `${model.name}.${column.field}: the column ${name}.${column.name} ${problem}`;
    return new DatabaseError(model.name, message, '22000', { table: name, column: column.name });
  }
}
