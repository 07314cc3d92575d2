/**
 * How stored values compare, as PostgreSQL compares them: text by code point, NaN equal to itself and above every
 * number, JSON by content (https://www.postgresql.org/docs/current/datatype-json.html).
 */

/** Whether a field has no value. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Whether two values are the same; absent values are. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (isAbsent(a) || isAbsent(b)) return isAbsent(a) && isAbsent(b);
  return compareValues(a, b) === 0;
}

/** Whether two values that are not absent are of one kind, so that one is less than the other. */
export function isComparable(a: unknown, b: unknown): boolean {
  return kindOf(a) === kindOf(b);
}

/** Compares two values that are not absent. Values of different kinds are in a fixed order, too. */
export function compareValues(a: unknown, b: unknown): number {
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return KINDS.indexOf(kind) - KINDS.indexOf(kindOf(b));
  switch (kind) {
    case 'text':
      return compareText(a as string, b as string);
    case 'number':
      return compareNumbers(a as number, b as number);
    case 'bytes':
      return Buffer.compare(a as Uint8Array, b as Uint8Array);
    case 'array':
      return compareArrays(a as unknown[], b as unknown[]);
    case 'object':
      return compareObjects(a as JsonObject, b as JsonObject);
    case 'boolean':
    case 'date':
      return Number(a) - Number(b);
    case 'null':
      return 0;
  }
}

/** Compares text by code point; `<` would compare UTF-16 code units. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

type JsonObject = Readonly<Record<string, unknown>>;
type Kind = (typeof KINDS)[number];

/** In the order of jsonb; what JSON does not have stands at the end. */
const KINDS = ['null', 'text', 'number', 'boolean', 'array', 'object', 'date', 'bytes'] as const;

function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
    case 'bigint':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      if (value instanceof Date) return 'date';
      if (value instanceof Uint8Array) return 'bytes';
      if (Array.isArray(value)) return 'array';
      return isAbsent(value) ? 'null' : 'object';
  }
}

/** Surrogates make code points above U+FFFF, so they belong behind U+E000 to U+FFFF. */
function codePointRank(codeUnit: number): number {
  if (codeUnit < 0xd800) return codeUnit;
  return codeUnit < 0xe000 ? codeUnit + 0x2000 : codeUnit - 0x800;
}

function compareNumbers(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

function compareArrays(a: readonly unknown[], b: readonly unknown[]): number {
  if (a.length !== b.length) return a.length - b.length;
  for (const [index, item] of a.entries()) {
    const result = compareValues(item, b[index]);
    if (result !== 0) return result;
  }
  return 0;
}

function compareObjects(a: JsonObject, b: JsonObject): number {
  return compareArrays(sortedEntries(a), sortedEntries(b));
}

function sortedEntries(object: JsonObject): unknown[] {
  return Object.entries(object).sort(([a], [b]) => compareText(a, b));
}
