import { readArrayLiteral, type ArrayItem } from './array-literal.js';
import type { ColumnType } from './column-types.js';
import { representationsOf, samplesOf, type Representation } from './representations.js';

/**
 * Reads the values of one column. Postgres has one `bigint`; a model may want a number, a bigint or text, and for NULL
 * `null` or no value at all. What the model's schema accepts decides, once, see `probeRow`.
 */
export class ColumnCodec {
  /** Values of the column's type that most schemas accept. */
  readonly samples: readonly string[];
  /** Whether the model has this field at all; `undefined` as long as it is not known. */
  isField: boolean | undefined;
  readonly #representations: readonly Representation[];
  #chosen: Representation | undefined;
  #absent: null | undefined;
  #isAbsentChosen = false;

  constructor(type: ColumnType) {
    const representations = representationsOf(type);
    this.#representations =
      type.item === undefined ? representations : representations.map(ofArray);
    this.samples = samplesOf(type);
  }

  /** Whether it is known how this value is represented. */
  isDecided(text: string | null): boolean {
    return text === null ? this.#isAbsentChosen : this.#chosen !== undefined;
  }

  /** The value, as it was decided; `undefined` for text that would lose something. */
  decode(text: string | null): unknown {
    return text === null ? this.#absent : this.#chosen?.(text);
  }

  /** What the value may become, the one to prefer first; `undefined` stands for text that would lose something. */
  candidates(text: string | null): readonly unknown[] {
    return text === null ? [null, undefined] : this.#representations.map((as) => as(text));
  }

  /** Decides for the candidate at `index`. */
  decide(text: string | null, index: number): void {
    if (text === null) {
      this.#absent = index === 0 ? null : undefined;
      this.#isAbsentChosen = true;
    } else if (this.#representations.length === 1 || !isEmptyArray(this.candidates(text)[index])) {
      this.#chosen = this.#representations[index];
    }
  }

  /** Decides for the only way there is, if there is only one. */
  decideOnly(): void {
    if (this.#representations.length === 1) this.#chosen = this.#representations[0];
  }
}

function ofArray(represent: Representation): Representation {
  const all = (items: readonly ArrayItem[]): unknown => {
    const values = items.map((item) => {
      if (item === null) return null;
      return typeof item === 'string' ? represent(item) : all(item);
    });
    return values.includes(undefined) ? undefined : values;
  };
  return (text) => all(readArrayLiteral(text));
}

/** Every schema of an array accepts one without items: it tells nothing. */
function isEmptyArray(value: unknown): boolean {
  return Array.isArray(value) && value.flat(Infinity).every((item) => item === null);
}
