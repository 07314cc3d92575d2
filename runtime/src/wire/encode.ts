import { shownReason } from '../errors/shown.js';
import { ProcessableEncodeError } from '../errors/wire-errors.js';
import { refModel } from '../model/refs.js';
import { storedIdentity } from '../model/stored-identity.js';
import { MAX_BIGINT_LENGTH, MAX_DEPTH, propertyPath, TYPE_KEY } from './wire-format.js';
import type { Encodable } from './wire-types.js';

/**
 * Writes a value as text that {@link decode} reads in another process: JSON plus `Ref`, `Date`, `Map`, `Set`, `bigint`,
 * bytes (`Uint8Array`), `Error`, `undefined` and the numbers that JSON lacks. A `Persistent` is written as plain data;
 * an object of another class as its `toJSON()`, or its own enumerable properties. Properties that are `undefined` are left out.
 *
 * @param value - whatever is to cross a process boundary; a `Locked` that its type shows is a compile error
 * @throws {@link ProcessableEncodeError} naming the path of a `Locked`, at whatever depth; of a cycle; and of what
 *   cannot be written without loss (functions, symbols, invalid dates, promises, more than 500 levels)
 */
export function encode<T>(value: Encodable<T>): string {
  return JSON.stringify(new Encoder().encode(value, '$'));
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

class Encoder {
  readonly #ancestors = new Map<object, string>();

  encode(value: unknown, path: string): Json {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : tagged('Number', Object.is(value, -0) ? '-0' : String(value));
      case 'undefined':
        return tagged('Undefined');
      case 'bigint':
        return encodeBigint(value, path);
      case 'object':
        return value === null ? null : this.#encodeObject(value, path);
      default:
        throw new ProcessableEncodeError(path, `a ${typeof value} cannot leave its process`);
    }
  }

  #encodeObject(value: object, path: string): Json {
    const identity = storedIdentity(value);
    if (identity?.kind === 'locked') {
      throw new ProcessableEncodeError(
        path,
        `it is a Locked<${identity.model}>, and a lock cannot cross a process boundary; send Model.ref(entity) and lock it again there`,
      );
    }
    const ancestor = this.#ancestors.get(value);
    if (ancestor !== undefined)
      throw new ProcessableEncodeError(path, `it is a cycle back to ${ancestor}`);
    if (this.#ancestors.size === MAX_DEPTH) {
      throw new ProcessableEncodeError(path, `it is nested more than ${MAX_DEPTH} levels deep`);
    }
    this.#ancestors.set(value, path);
    try {
      return this.#encodeContent(value, path);
    } catch (error) {
      // A proxy can throw at whatever is asked of it.
      if (error instanceof ProcessableEncodeError) throw error;
      throw new ProcessableEncodeError(path, `reading it failed: ${shownReason(error)}`);
    } finally {
      this.#ancestors.delete(value);
    }
  }

  #encodeContent(value: object, path: string): Json {
    const model = refModel(value);
    if (model !== undefined) return { [TYPE_KEY]: 'Ref', model, id: (value as { id: string }).id };
    if (Array.isArray(value))
      return Array.from(value, (item, index) => this.encode(item, `${path}[${index}]`));
    if (value instanceof Date) return encodeDate(value, path);
    if (value instanceof Map) return this.#encodeMap(value, path);
    if (value instanceof Set) {
      return tagged(
        'Set',
        Array.from(value, (item, index) => this.encode(item, `${path}.values()[${index}]`)),
      );
    }
    if (value instanceof Uint8Array) return tagged('Bytes', Buffer.from(value).toString('base64'));
    if (value instanceof Error) return this.#encodeError(value, path);
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return this.encode(value.valueOf(), path);
    }
    if (isOpaque(value))
      throw new ProcessableEncodeError(path, `a ${className(value)} cannot leave its process`);

    const toJSON = read(value, 'toJSON', path);
    if (typeof toJSON === 'function')
      return this.encode(callToJSON(value, toJSON as (key: string) => unknown, path), path);
    return this.#encodeProperties(value, path);
  }

  #encodeMap(map: ReadonlyMap<unknown, unknown>, path: string): Json {
    const entries = Array.from(map, ([key, item], index): Json => {
      const name = typeof key === 'string' ? JSON.stringify(key) : `#${index}`;
      return [
        this.encode(key, `${path}.keys()[${index}]`),
        this.encode(item, `${path}.get(${name})`),
      ];
    });
    return tagged('Map', entries);
  }

  #encodeError(error: Error, path: string): Json {
    const encoded: Record<string, Json> = {
      [TYPE_KEY]: 'Error',
      name: String((error as { name: unknown }).name),
      message: String((error as { message: unknown }).message),
    };
    for (const key of ['cause', 'errors'] as const) {
      if (key in error) encoded[key] = this.encode(read(error, key, path), `${path}.${key}`);
    }
    const properties = this.#properties(error, path, new Set([...Object.keys(encoded), 'stack']));
    if (Object.keys(properties).length > 0) encoded['properties'] = properties;
    return encoded;
  }

  #encodeProperties(value: object, path: string): Json {
    const properties = this.#properties(value, path);
    return Object.hasOwn(properties, TYPE_KEY)
      ? { [TYPE_KEY]: 'Object', value: properties }
      : properties;
  }

  #properties(value: object, path: string, except?: ReadonlySet<string>): Record<string, Json> {
    const properties: Record<string, Json> = {};
    for (const key of Object.keys(value)) {
      if (except?.has(key) === true) continue;
      const at = propertyPath(path, key);
      if (key === '__proto__')
        throw new ProcessableEncodeError(at, 'a property of this name is refused when decoded');
      const item = read(value, key, path);
      if (item !== undefined) properties[key] = this.encode(item, at);
    }
    return properties;
  }
}

function tagged(type: string, value?: Json): Json {
  return value === undefined ? { [TYPE_KEY]: type } : { [TYPE_KEY]: type, value };
}

function encodeBigint(value: bigint, path: string): Json {
  const text = value.toString();
  if (text.length > MAX_BIGINT_LENGTH) {
    throw new ProcessableEncodeError(
      path,
      `a bigint of more than ${MAX_BIGINT_LENGTH} digits is refused when decoded`,
    );
  }
  return tagged('BigInt', text);
}

function encodeDate(date: Date, path: string): Json {
  if (Number.isNaN(date.getTime())) throw new ProcessableEncodeError(path, 'it is an invalid Date');
  return tagged('Date', date.toISOString());
}

function read(object: object, key: string, path: string): unknown {
  try {
    return (object as Record<string, unknown>)[key];
  } catch (error) {
    throw new ProcessableEncodeError(
      propertyPath(path, key),
      `reading it failed: ${shownReason(error)}`,
    );
  }
}

function callToJSON(value: object, toJSON: (key: string) => unknown, path: string): unknown {
  try {
    return toJSON.call(value, '');
  } catch (error) {
    if (error instanceof ProcessableEncodeError)
      throw new ProcessableEncodeError(path, error.reason);
    throw new ProcessableEncodeError(path, `its toJSON() failed: ${shownReason(error)}`);
  }
}

/** Objects whose content is not in their properties: as plain data they would arrive empty. */
function isOpaque(value: object): boolean {
  return (
    value instanceof Promise ||
    value instanceof WeakMap ||
    value instanceof WeakSet ||
    value instanceof WeakRef ||
    value instanceof RegExp ||
    value instanceof ArrayBuffer ||
    value instanceof SharedArrayBuffer ||
    ArrayBuffer.isView(value)
  );
}

function className(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
