import { writeArrayLiteral, type ArrayItem } from './array-literal.js';
import { isInteger, isJson, isText, isTime, Oid, type ColumnType } from './column-types.js';

/** The text of a value, as Postgres reads it. */
export function valueText(value: unknown, { oid, item }: ColumnType): string | null {
  if (value === null || value === undefined) return null;
  if (isJson(oid)) return JSON.stringify(value);
  if (item !== undefined && Array.isArray(value)) {
    return writeArrayLiteral(value.map((each) => arrayItem(each, item)));
  }
  return scalarText(value, oid);
}

/** Why a column of a type cannot hold a value, as the end of a sentence; `undefined` when nothing is known against it. */
export function valueProblem(value: unknown, type: ColumnType): string | undefined {
  if (value === null || value === undefined) return undefined;
  return isHoldable(value, type) ? undefined : `${type.name}, which cannot hold ${describe(value)}`;
}

function isHoldable(value: unknown, type: ColumnType): boolean {
  const { oid, item } = type;
  if (value instanceof Date) return isTime(oid);
  if (value instanceof Uint8Array) return oid === Oid.bytea;
  if (isJson(oid)) return isJsonValue(value);
  if (Array.isArray(value)) return item !== undefined && areHoldable(value, item);
  if (item !== undefined || typeof value === 'object') return false;
  if (isText(type) || type.isEnum) return typeof value === 'string' && fits(value, type);
  switch (oid) {
    case Oid.bool:
      return typeof value === 'boolean';
    case Oid.bytea:
      return false;
    case Oid.uuid:
      return UUID.test((value as Scalar).toString());
    case Oid.int2:
      return isWhole(value, 15);
    case Oid.int4:
      return isWhole(value, 31);
    case Oid.int8:
      return isWhole(value, 63);
    case Oid.float4:
    case Oid.float8:
    case Oid.numeric:
      return typeof value !== 'boolean' && DECIMAL.test((value as Scalar).toString());
    default:
      return !isTime(oid) || typeof value === 'string';
  }
}

/**
 * A value itself where a column can hold it, or else the greatest one below it that the column can hold: of a fraction the
 * whole number, of a time the day.
 */
export function wholeBelow(value: unknown, type: ColumnType): unknown {
  if (typeof value === 'number' && isInteger(type))
    return Number.isFinite(value) ? Math.floor(value) : value;
  if (value instanceof Date && type.oid === Oid.date) {
    const intoDay = ((value.getTime() % DAY_MS) + DAY_MS) % DAY_MS;
    return intoDay === 0 ? value : new Date(value.getTime() - intoDay);
  }
  return value;
}

const DAY_MS = 86_400_000;

/** Whether it has no array with values that JSON does not have; objects were checked when they were taken in. */
function isJsonValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isJsonValue);
  return typeof value !== 'bigint' && !(value instanceof Date) && !(value instanceof Uint8Array);
}

/** Whether the items of an array can be items of this type; of the type's limits nothing is known. */
function areHoldable(items: readonly unknown[], item: number): boolean {
  const type = { oid: item, name: '', item: undefined, isEnum: false, limit: undefined };
  return items.every((each) =>
    Array.isArray(each)
      ? areHoldable(each, item)
      : each === null || isJson(item) || isHoldable(each, type),
  );
}

type Scalar = string | number | bigint | boolean;

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;
const DECIMAL = /^(?:-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|-?Infinity|NaN)$/i;

function isWhole(value: unknown, bits: number): boolean {
  if (Number.isSafeInteger(value)) return isWithin(value as number, 2 ** bits);
  if (typeof value === 'boolean' || !/^-?\d+$/.test(String(value))) return false;
  return isWithin(BigInt(String(value)), 1n << BigInt(bits));
}

function isWithin<N extends number | bigint>(whole: N, limit: N): boolean {
  return whole >= -limit && whole < limit;
}

function fits(text: string, { limit }: ColumnType): boolean {
  return limit === undefined || text.length <= limit || Array.from(text).length <= limit;
}

function describe(value: unknown): string {
  if (value instanceof Date) return 'a Date';
  if (value instanceof Uint8Array) return 'bytes';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string'
    ? 'this text'
    : `the ${typeof value} ${(value as Scalar).toString()}`;
}

function arrayItem(value: unknown, type: number): ArrayItem {
  if (value === null || value === undefined) return null;
  if (isJson(type)) return JSON.stringify(value);
  return Array.isArray(value)
    ? value.map((item) => arrayItem(item, type))
    : scalarText(value, type);
}

function scalarText(value: unknown, type: number): string {
  if (value instanceof Date) return timeText(value, type);
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  return Object.is(value, -0) ? '-0' : String(value);
}

function timeText(date: Date, type: number): string {
  const iso = date.toISOString();
  const year = date.getUTCFullYear();
  // Postgres takes years beyond 9999 without the sign that ECMA-262 demands, and those before 1 as years BC: there is no year 0.
  const era = year < 1 ? ' BC' : '';
  const digits = String(year < 1 ? 1 - year : year).padStart(4, '0');
  const text = digits + iso.slice(iso.indexOf('-', 1));
  return (type === Oid.date ? text.slice(0, text.indexOf('T')) : text) + era;
}
