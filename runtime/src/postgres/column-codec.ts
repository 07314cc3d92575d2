/** Turns the driver's value of a column into what a field may hold; `undefined` when it cannot without loss. */
type Representation = (value: unknown) => unknown;

const TEXT_OF_TIME = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(?:\+00)?$/;

const asIs: Representation = (value) => value;
const asText: Representation = (value) => String(value);
const asBigint: Representation = (value) =>
  /^-?\d+$/.test(String(value)) ? BigInt(String(value)) : undefined;
const asNumber: Representation = (value) => {
  const number = Number(value);
  return sameDecimal(String(value), number) ? number : undefined;
};
const asBytes: Representation = (value) =>
  value instanceof Uint8Array ? Uint8Array.from(value) : undefined;
const asDate: Representation = (value) => {
  const date = new Date(isoTime(String(value), true));
  return Number.isNaN(date.getTime()) ? undefined : date;
};
const asTimestampText: Representation = (value) => isoTime(String(value), true);
const asLocalTimeText: Representation = (value) => isoTime(String(value), false);

/** How the types may be represented, the likeliest first; types that are not listed stay as the driver gives them. */
const REPRESENTATIONS: Readonly<Record<number, readonly Representation[]>> = {
  17: [asBytes], // bytea
  20: [asBigint, asNumber, asText], // int8
  21: [asIs, asBigint, asText], // int2
  23: [asIs, asBigint, asText], // int4
  700: [asIs], // float4
  701: [asIs], // float8
  1082: [asDate, asText], // date
  1114: [asDate, asLocalTimeText], // timestamp
  1184: [asDate, asTimestampText], // timestamptz
  1700: [asText, asNumber, asBigint], // numeric
};
const ONLY_AS_IS: readonly Representation[] = [asIs];

/**
 * Reads and writes the values of one column. Postgres has one `bigint`, a model may want a number, a bigint or text;
 * NULL may be `null` or an absent field: what the model's schema accepts decides, see `RowReader`.
 */
export class ColumnCodec {
  readonly #type: number;
  readonly #representations: readonly Representation[];
  #chosen: Representation | undefined;
  #absent: null | undefined;
  #isAbsentChosen = false;

  constructor(type: number) {
    this.#type = type;
    this.#representations = REPRESENTATIONS[type] ?? ONLY_AS_IS;
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
    if (!(value instanceof Date)) return value;
    return this.#type === 1082 ? value.toISOString().slice(0, 10) : value.toISOString();
  }
}

/** `2024-01-31 10:00:00.5+00` as ISO 8601. */
function isoTime(text: string, isUtc: boolean): string {
  const match = TEXT_OF_TIME.exec(text);
  return match === null ? text : `${match[1] ?? ''}T${match[2] ?? ''}${isUtc ? 'Z' : ''}`;
}

/** Whether a number is exactly what the decimal text says, as far as its digits go. */
function sameDecimal(text: string, number: number): boolean {
  if (!Number.isFinite(number)) return false;
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(number);
  const digits = (value: string): string =>
    value
      .replace(/^-/, '')
      .replace(/^0+(?=\d)/, '')
      .replace(/\.?0+$/, '');
  return String(number).includes('e')
    ? Number(text) === number
    : digits(text) === digits(String(number));
}
