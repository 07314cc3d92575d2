import type { ModelDescription } from '../model/model-description.js';
import type { RawRow } from './row-reader.js';
import type { Column, TableColumns } from './table-columns.js';

type Entity = Readonly<Record<string, unknown>>;

/** What a schema says of an entity. */
interface Verdict {
  /** What it makes of it; `undefined` when it refuses it. */
  readonly output: Entity | undefined;
  /** The fields that it refuses. */
  readonly refused: ReadonlySet<string>;
  /** What it refuses of the entity as a whole. */
  readonly general: string;
}

/**
 * Finds out, from one row, how the columns of a table are represented in a model, and which of them are fields of it. A
 * Standard Schema has nothing but `validate`: so it is asked with what each value may be, until it has nothing
 * against it. What cannot be decided by this row stays open for the next.
 */
export async function probeRow(
  model: ModelDescription,
  columns: TableColumns,
  row: RawRow,
): Promise<void> {
  const probe = new Probe(model, columns, row);
  await probe.chooseCandidates();
  await probe.chooseBySamples();
  await probe.findFields();
}

class Probe {
  readonly #model: ModelDescription;
  readonly #columns: TableColumns;
  /** Those that may be fields now, before anything is found out. */
  readonly #fields: readonly Column[];
  readonly #row: RawRow;
  /** The columns to decide, with the index of the candidate in question. */
  readonly #open = new Map<Column, number>();
  /** The columns whose candidates were all refused. */
  readonly #refused = new Set<Column>();

  constructor(model: ModelDescription, columns: TableColumns, row: RawRow) {
    this.#model = model;
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
      const refused = [...this.#open].filter(([column]) => isRefused(verdict, entity, column));
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
          const entity = { ...this.#entity(), [column.field]: value };
          if (value === undefined || isRefused(await this.#ask(entity), entity, column)) continue;
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
      const text = this.#text(column);
      const value = column.codec.isDecided(text)
        ? column.codec.decode(text)
        : column.codec.candidates(text)[this.#open.get(column) ?? 0];
      if (value !== undefined) entity[column.field] = value;
    }
    return entity;
  }

  async #ask(entity: Entity): Promise<Verdict> {
    const result = await this.#model.schema['~standard'].validate({ ...entity });
    if (result.issues === undefined)
      return { output: result.value as Entity, refused: new Set(), general: '' };
    const refused = new Set<string>();
    const general: string[] = [];
    for (const { path = [], message } of result.issues) {
      const [first] = path;
      if (first === undefined) general.push(message);
      else refused.add(String(typeof first === 'object' ? first.key : first));
    }
    return { output: undefined, refused, general: general.join('\n') };
  }

  #text(column: Column): string | null {
    return this.#row[column.name] ?? null;
  }
}

/** Whether the schema refuses a value, or makes something of another kind of it. */
function isRefused({ output, refused }: Verdict, entity: Entity, { field }: Column): boolean {
  if (refused.has(field)) return true;
  const value = entity[field];
  if (output === undefined || value === null || value === undefined) return false;
  return Object.hasOwn(output, field) && kindOf(output[field]) !== kindOf(value);
}

function kindOf(value: unknown): string {
  return value instanceof Date ? 'Date' : typeof value;
}
