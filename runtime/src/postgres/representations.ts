import { writeArrayLiteral } from './array-literal.js';
import { Oid, type ColumnType } from './column-types.js';

/** Makes what a field may hold of a value's text; `undefined` when that would lose something. */
export type Representation = (text: string) => unknown;

const asText: Representation = (text) => text;
const asBoolean: Representation = (text) => text === 't';
const asFloat: Representation = (text) => Number(text);
const asJson: Representation = (text) => JSON.parse(text) as unknown;
const asBigint: Representation = (text) => (/^-?\d+$/.test(text) ? BigInt(text) : undefined);
const asNumber: Representation = (text) => {
  const number = Number(text);
  if (Number.isSafeInteger(number) && String(number) === text) return number;
  return isExactly(number, text) ? number : undefined;
};
const asBuffer: Representation = (text) => Buffer.from(text.slice(2), 'hex');
const asBytes: Representation = (text) => Uint8Array.from(Buffer.from(text.slice(2), 'hex'));
// To Postgres the blanks that fill up a `char(n)` are not part of its value.
const asUnpadded: Representation = (text) => text.replace(/ +$/, '');
const asDate: Representation = (text) => {
  const date = new Date(isoTime(text, 'Z'));
  return Number.isNaN(date.getTime()) ? undefined : date;
};
const asTime: Representation = (text) => isoTime(text, 'Z');
const asLocalTime: Representation = (text) => isoTime(text, '');

/**
 * How the values of a type may be represented. The first that the model's schema accepts is used, so what loses nothing
 * comes first: a schema that takes a bigint as well as a number gets the bigint, always.
 */
const REPRESENTATIONS: Readonly<Record<number, readonly Representation[]>> = {
  [Oid.bool]: [asBoolean],
  [Oid.bytea]: [asBytes, asBuffer],
  [Oid.bpchar]: [asUnpadded],
  [Oid.int8]: [asBigint, asNumber, asText],
  // No 32-bit integer is too big for a number.
  [Oid.int4]: [asNumber, asBigint, asText],
  [Oid.int2]: [asNumber, asBigint, asText],
  [Oid.json]: [asJson],
  [Oid.jsonb]: [asJson],
  [Oid.float4]: [asFloat, asText],
  [Oid.float8]: [asFloat, asText],
  [Oid.date]: [asDate, asText],
  [Oid.timestamp]: [asDate, asLocalTime, asTime],
  [Oid.timestamptz]: [asDate, asTime],
  [Oid.numeric]: [asText, asNumber, asBigint],
};
const TEXT_ONLY: readonly Representation[] = [asText];

/** Values of a type that most schemas accept, to ask them what they want. */
const TEXT_SAMPLES: readonly string[] = ['a', '1'];
const SAMPLES: Readonly<Record<number, readonly string[]>> = {
  [Oid.bool]: ['t', 'f'],
  [Oid.int8]: ['0', '1', '1000', '-1'],
  [Oid.int4]: ['0', '1', '1000', '-1'],
  [Oid.int2]: ['0', '1', '1000', '-1'],
  [Oid.numeric]: ['0', '1', '1000', '-1', '0.5'],
  [Oid.float4]: ['0', '1', '1000', '-1', '0.5'],
  [Oid.float8]: ['0', '1', '1000', '-1', '0.5'],
  [Oid.bytea]: ['\\x', '\\x00'],
  [Oid.json]: ['0', '"a"', 'true', '[0]', '["a"]', '[true]', '{}'],
  [Oid.jsonb]: ['0', '"a"', 'true', '[0]', '["a"]', '[true]', '{}'],
  [Oid.date]: ['2000-01-01', '2100-01-01'],
  [Oid.timestamp]: ['2000-01-01 00:00:00', '2100-01-01 00:00:00'],
  [Oid.timestamptz]: ['2000-01-01 00:00:00+00', '2100-01-01 00:00:00+00'],
};

/** How the values of a column, or the items of its arrays, may be represented; never empty. */
export function representationsOf({ oid, item }: ColumnType): readonly Representation[] {
  return REPRESENTATIONS[item ?? oid] ?? TEXT_ONLY;
}

/** Values of the column's type that most schemas accept. */
export function samplesOf({ oid, item }: ColumnType): readonly string[] {
  const samples = SAMPLES[item ?? oid] ?? TEXT_SAMPLES;
  return item === undefined ? samples : samples.map((sample) => writeArrayLiteral([sample]));
}

const TIME_TEXT = /^(\d{4,6})(-\d\d-\d\d)(?: (\d\d:\d\d:\d\d(?:\.\d+)?)(?:\+00)?)?( BC)?$/;

/** `2024-01-31 10:00:00.5+00` as ISO 8601; what has no such form (`infinity`) as it is. */
function isoTime(text: string, zone: 'Z' | ''): string {
  const [, digits, day = '', time, era] = TIME_TEXT.exec(text) ?? [];
  if (digits === undefined) return text;
  const date = isoYear(era === undefined ? Number(digits) : 1 - Number(digits)) + day;
  return time === undefined ? date : `${date}T${time}${zone}`;
}

/** ECMA-262 wants years beyond four digits, and those before the year 0, with six digits and a sign. */
function isoYear(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
  return (year < 0 ? '-' : '+') + String(Math.abs(year)).padStart(6, '0');
}

/** Whether a number, written out, is what the decimal text says; zeros at the end of a fraction do not count. */
function isExactly(number: number, text: string): boolean {
  if (!Number.isFinite(number)) return false;
  if (/^-?\d+$/.test(text) && Math.abs(number) > Number.MAX_SAFE_INTEGER) return false;
  return significantDigits(text) === significantDigits(plainDecimal(number));
}

function significantDigits(decimal: string): string {
  const trimmed = decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
  return trimmed === '-0' ? '0' : trimmed;
}

/** A number without an exponent. */
function plainDecimal(number: number): string {
  const [mantissa = '', exponent = '0'] = String(number).split('e');
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)\.?(\d*)$/.exec(mantissa) ?? [];
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, '0');
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
