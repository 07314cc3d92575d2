import type { ValidationIssue } from '../errors/model-errors.js';
import { textProblem } from './entity-id.js';
import { readonlyDate } from './readonly-date.js';

const MAX_DEPTH = 100;

/**
 * A frozen copy of a field's value, as both stores keep it: text, number, bigint, boolean, null, `Date`, bytes,
 * or JSON (arrays and plain objects of text, finite numbers, booleans and null), or an array of such values. What JSON
 * would change silently (a `Date` inside an object, a `Map`, `NaN`) is an issue instead.
 *
 * @param path - the field's name, for the issues
 * @param issues - receives what is wrong
 */
export function toStoredValue(value: unknown, path: string, issues: ValidationIssue[]): unknown {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) issues.push({ path, message: 'is an invalid Date' });
    return new Date(value);
  }
  if (value instanceof Uint8Array) return copyOfBytes(value);
  switch (typeof value) {
    case 'string':
      return checkedText(value, path, issues);
    case 'number':
    case 'bigint':
    case 'boolean':
    case 'undefined':
      return value;
    default:
      try {
        return Array.isArray(value)
          ? toStoredArray(value, path, issues, 0)
          : toStoredJson(value, path, issues, 0);
      } catch (error) {
        if (!(error instanceof TooDeep)) throw error;
        issues.push({
          path,
          message: `is nested more than ${MAX_DEPTH} levels deep, or contains itself`,
        });
        return null;
      }
  }
}

/** Ends the whole way down at once: what contains itself twice has more paths than anybody can follow. */
class TooDeep extends Error {}

/** The arrays that hold a `Date` or bytes, which nobody can freeze. */
const unfrozen = new WeakSet();

/** What a reader may hold of a stored value: itself when frozen, a `Date` that cannot be changed, a copy of bytes. */
export function exposeValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return readonlyDate(value);
  if (value instanceof Uint8Array) return copyOfBytes(value);
  return unfrozen.has(value) ? Object.freeze((value as unknown[]).map(exposeValue)) : value;
}

/** Freezes JSON or an array that came from outside, at every depth; dates and bytes are left as they are. */
export function freezeJson(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  if (value instanceof Date || ArrayBuffer.isView(value)) return;
  Object.freeze(value);
  for (const item of Object.values(value)) freezeJson(item);
  if (Array.isArray(value)) noteUnfrozen(value);
}

function noteUnfrozen(array: readonly unknown[]): void {
  const isUnfrozen = (item: unknown): boolean =>
    item instanceof Date ||
    item instanceof Uint8Array ||
    (typeof item === 'object' && item !== null && unfrozen.has(item));
  if (array.some(isUnfrozen)) unfrozen.add(array);
}

function copyOfBytes(bytes: Uint8Array): Uint8Array {
  return Buffer.isBuffer(bytes) ? Buffer.from(bytes) : Uint8Array.from(bytes);
}

/** An array of a column's array type: its items are values of their own, as JSON's are not. */
function toStoredArray(
  array: readonly unknown[],
  path: string,
  issues: ValidationIssue[],
  depth: number,
): readonly unknown[] {
  if (depth === MAX_DEPTH) throw new TooDeep();
  const items = Array.from(array, (item, index) => {
    const itemPath = `${path}[${index}]`;
    if (Array.isArray(item)) return toStoredArray(item, itemPath, issues, depth + 1);
    if (typeof item === 'bigint' || item instanceof Date || item instanceof Uint8Array)
      return toStoredValue(item, itemPath, issues);
    return toStoredJson(item, itemPath, issues, depth + 1);
  });
  noteUnfrozen(items);
  return Object.freeze(items);
}

function toStoredJson(
  value: unknown,
  path: string,
  issues: ValidationIssue[],
  depth: number,
): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return checkedText(value, path, issues);
  if (typeof value === 'number') {
    if (!Number.isFinite(value))
      issues.push({ path, message: `is ${value}, which JSON cannot hold` });
    return value;
  }
  if (depth === MAX_DEPTH) throw new TooDeep();
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    return Object.freeze(
      Array.from(items, (item, index) =>
        toStoredJson(item, `${path}[${index}]`, issues, depth + 1),
      ),
    );
  }
  if (typeof value !== 'object' || !isPlain(value)) {
    issues.push({
      path,
      message: `is ${describe(value)}, which cannot be stored; use text, numbers, arrays or plain objects`,
    });
    return null;
  }
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (item === undefined) continue;
    const keyProblem = key === '__proto__' ? 'must not be named __proto__' : textProblem(key);
    if (keyProblem !== undefined) issues.push({ path: `${path}.${key}`, message: keyProblem });
    else copy[key] = toStoredJson(item, `${path}.${key}`, issues, depth + 1);
  }
  return Object.freeze(copy);
}

function checkedText(text: string, path: string, issues: ValidationIssue[]): string {
  const problem = textProblem(text);
  if (problem !== undefined) issues.push({ path, message: problem });
  return text;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  const name = (Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null)
    ?.constructor?.name;
  return typeof name === 'string' && name !== '' ? `a ${name}` : 'an object of a class';
}

/** Whether two values are the same as stored; a property without a value is as good as none. */
export function isSameStored(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Date || b instanceof Date)
    return a instanceof Date && b instanceof Date && a.getTime() === b.getTime();
  if (a instanceof Uint8Array || b instanceof Uint8Array)
    return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => isSameStored(left[key], right[key]));
}
