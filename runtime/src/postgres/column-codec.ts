import { readArrayLiteral, writeArrayLiteral, type ArrayItem } from './array-literal.js';
import {
  itemRepresentations,
  scalarRepresentations,
  type Representation,
} from './representations.js';

const DATE_TYPE = 1082;
const JSON_TYPES: ReadonlySet<number> = new Set([114, 3802]);

/** The type of a column. */
export interface ColumnType {
  /** The type's oid; of a domain, that of its base type. */
  readonly oid: number;
  /** The oid of the items' type, when it is an array. */
  readonly item: number | undefined;
}

/**
 * Reads and writes the values of one column. Postgres has one `bigint`, a model may want a number, a bigint or text;
 * NULL may be `null` or an absent field: what the model's schema accepts decides, see `readRows`.
 */
export class ColumnCodec {
  readonly #type: ColumnType;
  readonly #representations: readonly Representation[];
  #chosen: Representation | undefined;
  #absent: null | undefined;
  #isAbsentChosen = false;

  constructor(type: ColumnType) {
    this.#type = type;
    this.#representations =
      type.item === undefined
        ? scalarRepresentations(type.oid)
        : itemRepresentations(type.item).map(ofArray);
    if (this.#representations.length === 1) this.#chosen = this.#representations[0];
  }

  /** Whether it is known how this value is represented. */
  isDecided(value: unknown): boolean {
    return value === null ? this.#isAbsentChosen : this.#chosen !== undefined;
  }

  /** The value, as it was decided; `undefined` when it would lose something. */
  decode(value: unknown): unknown {
    return value === null ? this.#absent : this.#chosen?.(value);
  }

  /** What the value may become, the likeliest first. */
  candidates(value: unknown): readonly unknown[] {
    if (value === null) return [null, undefined];
    return this.#representations.map((represent) => represent(value));
  }

  /** Decides for the candidate at `index`. */
  decide(value: unknown, index: number): void {
    if (value === null) {
      this.#absent = index === 0 ? null : undefined;
      this.#isAbsentChosen = true;
    } else {
      this.#chosen = this.#representations[index];
    }
  }

  /** What the driver sends for a field's value. */
  encode(value: unknown): unknown {
    if (value === undefined) return null;
    const { oid, item } = this.#type;
    if (item !== undefined && Array.isArray(value))
      return writeArrayLiteral(value.map((each) => toItem(each, item)));
    return value instanceof Date ? timeText(value, oid) : value;
  }
}

function ofArray(represent: Representation): Representation {
  const all = (items: readonly ArrayItem[]): unknown => {
    const values = items.map((item) =>
      item === null || typeof item === 'string' ? one(item) : all(item),
    );
    return values.includes(undefined) ? undefined : values;
  };
  const one = (item: string | null): unknown => (item === null ? null : represent(item));
  return (literal) => all(readArrayLiteral(String(literal)));
}

function toItem(value: unknown, type: number): ArrayItem {
  if (value === null || value === undefined) return null;
  if (JSON_TYPES.has(type)) return JSON.stringify(value);
  if (Array.isArray(value)) return value.map((item) => toItem(item, type));
  return value instanceof Date
    ? timeText(value, type)
    : String(value as string | number | bigint | boolean);
}

function timeText(date: Date, type: number): string {
  return type === DATE_TYPE ? date.toISOString().slice(0, 10) : date.toISOString();
}
