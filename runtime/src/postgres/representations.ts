/** Turns a value of a column into what a field may hold; `undefined` when it cannot without loss. */
export type Representation = (value: unknown) => unknown;

const asIs: Representation = (value) => value;
const asText: Representation = (value) => String(value);
const asFloat: Representation = (value) => Number(value);
const asBoolean: Representation = (value) => value === 't';
const asJson: Representation = (value) => JSON.parse(String(value)) as unknown;
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

/** How the driver's values of a type may be represented, the likeliest first; types that are not listed stay as they are. */
const SCALARS: Readonly<Record<number, readonly Representation[]>> = {
  17: [asBytes], // bytea
  20: [asBigint, asNumber, asText], // int8
  21: [asIs, asBigint, asText], // int2
  23: [asIs, asBigint, asText], // int4
  1082: [asDate, asText], // date
  1114: [asDate, asLocalTimeText], // timestamp
  1184: [asDate, asTimestampText], // timestamptz
  1700: [asText, asNumber, asBigint], // numeric
};

/** The same for the items of an array, which come as text. */
const ITEMS: Readonly<Record<number, readonly Representation[]>> = {
  ...SCALARS,
  16: [asBoolean], // bool
  21: [asNumber, asBigint, asText], // int2
  23: [asNumber, asBigint, asText], // int4
  114: [asJson], // json
  700: [asFloat], // float4
  701: [asFloat], // float8
  3802: [asJson], // jsonb
};

/** How the values of a scalar type may be represented. */
export function scalarRepresentations(type: number): readonly Representation[] {
  return SCALARS[type] ?? [asIs];
}

/** How the items of an array of a type may be represented. */
export function itemRepresentations(type: number): readonly Representation[] {
  return ITEMS[type] ?? [asText];
}

const TIME_TEXT = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(?:\+00)?$/;

/** `2024-01-31 10:00:00.5+00` as ISO 8601. */
function isoTime(text: string, isUtc: boolean): string {
  const match = TIME_TEXT.exec(text);
  return match === null ? text : `${match[1] ?? ''}T${match[2] ?? ''}${isUtc ? 'Z' : ''}`;
}

/** Whether a number is exactly what the decimal text says, as far as its digits go. */
function sameDecimal(text: string, number: number): boolean {
  if (!Number.isFinite(number)) return false;
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(number);
  if (String(number).includes('e')) return Number(text) === number;
  return significantDigits(text) === significantDigits(String(number));
}

function significantDigits(text: string): string {
  const trimmed = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return trimmed.replace(/^-/, '').replace(/^0+(?=\d)/, '');
}
