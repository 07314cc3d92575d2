import { InvalidRefError } from '../errors/model-errors.js';
import { ProcessableDecodeError } from '../errors/wire-errors.js';
import { descriptionOf, type ModelDescription } from '../model/model-description.js';
import { refOf } from '../model/refs.js';
import type { ModelConstructor } from '../model/states.js';
import { MAX_BIGINT_LENGTH, MAX_DEPTH, propertyPath, TYPE_KEY } from './wire-format.js';

/**
 * Reads what {@link encode} wrote, in whichever process. The text may come from anywhere: whatever `encode` does not
 * write is refused, nothing is executed, and no prototype is touched. The result is unchecked data: validate its shape.
 *
 * @param text - what `encode` returned
 * @param models - the models whose `Ref`s may occur
 * @throws {@link ProcessableDecodeError} naming the path of what is wrong
 */
export function decode(text: string, models: readonly ModelConstructor[]): unknown {
  if (typeof text !== 'string')
    throw new ProcessableDecodeError('$', `expected text, not ${typeof text}`);
  const known = new Map(Array.from(models, descriptionOf).map((model) => [model.name, model]));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ProcessableDecodeError('$', 'it is not JSON', { cause: error });
  }
  return new Decoder(known).decode(json, '$', 0);
}

type JsonObject = Readonly<Record<string, unknown>>;

class Decoder {
  readonly #models: ReadonlyMap<string, ModelDescription>;

  constructor(models: ReadonlyMap<string, ModelDescription>) {
    this.#models = models;
  }

  decode(json: unknown, path: string, depth: number): unknown {
    if (typeof json !== 'object' || json === null) return json;
    if (depth >= MAX_DEPTH)
      throw new ProcessableDecodeError(path, `it is nested more than ${MAX_DEPTH} levels deep`);
    if (Array.isArray(json))
      return json.map((item, index) => this.decode(item, `${path}[${index}]`, depth + 1));
    const object = json as JsonObject;
    return Object.hasOwn(object, TYPE_KEY)
      ? this.#decodeTagged(object, path, depth)
      : this.#decodeProperties(object, path, depth);
  }

  #decodeTagged(object: JsonObject, path: string, depth: number): unknown {
    const type = object[TYPE_KEY];
    switch (type) {
      case 'Ref':
        return this.#decodeRef(object, path);
      case 'Error':
        return this.#decodeError(object, path, depth);
      case 'Undefined':
        expectKeys(object, [TYPE_KEY], path);
        return undefined;
      default:
        expectKeys(object, [TYPE_KEY, 'value'], path);
        return this.#decodeValue(type, object['value'], path, depth);
    }
  }

  #decodeValue(type: unknown, value: unknown, path: string, depth: number): unknown {
    const at = `${path}.value`;
    switch (type) {
      case 'Object':
        return this.#decodeProperties(expectObject(value, at), path, depth);
      case 'Number':
        return decodeNumber(value, path);
      case 'BigInt':
        return decodeBigint(value, path);
      case 'Date':
        return decodeDate(value, path);
      case 'Bytes':
        return decodeBytes(value, path);
      case 'Set':
        return new Set(
          expectArray(value, at).map((item, index) =>
            this.decode(item, `${at}[${index}]`, depth + 1),
          ),
        );
      case 'Map':
        return new Map(
          expectArray(value, at).map((entry, index) =>
            this.#decodeEntry(entry, `${at}[${index}]`, depth),
          ),
        );
      default:
        throw new ProcessableDecodeError(path, `the type ${describe(type)} is unknown`);
    }
  }

  #decodeEntry(entry: unknown, path: string, depth: number): [unknown, unknown] {
    const pair = expectArray(entry, path);
    if (pair.length !== 2)
      throw new ProcessableDecodeError(path, 'an entry of a Map has a key and a value');
    return [
      this.decode(pair[0], `${path}[0]`, depth + 1),
      this.decode(pair[1], `${path}[1]`, depth + 1),
    ];
  }

  #decodeRef(object: JsonObject, path: string): unknown {
    expectKeys(object, [TYPE_KEY, 'model', 'id'], path);
    const { model: name, id } = object;
    const model = typeof name === 'string' ? this.#models.get(name) : undefined;
    if (model === undefined) {
      throw new ProcessableDecodeError(
        path,
        `it is a Ref to ${describe(name)}, which is not among the models given`,
      );
    }
    if (typeof id !== 'string')
      throw new ProcessableDecodeError(path, 'the id of a Ref is a string');
    try {
      return refOf(model, id);
    } catch (error) {
      if (!(error instanceof InvalidRefError)) throw error;
      throw new ProcessableDecodeError(path, 'the id of the Ref cannot be one', { cause: error });
    }
  }

  #decodeError(object: JsonObject, path: string, depth: number): Error {
    const { name, message } = object;
    if (typeof name !== 'string' || typeof message !== 'string') {
      throw new ProcessableDecodeError(path, 'an Error has a name and a message');
    }
    const error = new Error(message);
    // What is known is where it was decoded, not where it was thrown.
    define(error, 'stack', `${name}: ${message}`, false);
    define(error, 'name', name, false);
    for (const key of Object.keys(object)) {
      if (key === 'cause' || key === 'errors') {
        define(error, key, this.decode(object[key], `${path}.${key}`, depth + 1), false);
      } else if (key === 'properties') {
        const at = `${path}.${key}`;
        const properties = this.#decodeProperties(expectObject(object[key], at), at, depth);
        for (const [property, value] of Object.entries(properties))
          define(error, property, value, true);
      } else if (key !== TYPE_KEY && key !== 'name' && key !== 'message') {
        throw new ProcessableDecodeError(path, `an Error has no ${describe(key)}`);
      }
    }
    return error;
  }

  #decodeProperties(object: JsonObject, path: string, depth: number): Record<string, unknown> {
    const properties: Record<string, unknown> = {};
    for (const key of Object.keys(object)) {
      const at = propertyPath(path, key);
      if (key === '__proto__')
        throw new ProcessableDecodeError(at, 'a property of this name is refused');
      properties[key] = this.decode(object[key], at, depth + 1);
    }
    return properties;
  }
}

function decodeNumber(value: unknown, path: string): number {
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity' || value === '-0')
    return Number(value);
  throw new ProcessableDecodeError(path, `${describe(value)} is no number`);
}

function decodeBigint(value: unknown, path: string): bigint {
  if (
    typeof value === 'string' &&
    value.length <= MAX_BIGINT_LENGTH &&
    /^(?:0|-?[1-9]\d*)$/.test(value)
  ) {
    return BigInt(value);
  }
  throw new ProcessableDecodeError(path, `${describe(value)} is no bigint`);
}

function decodeDate(value: unknown, path: string): Date {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  if (!Number.isNaN(date.getTime()) && date.toISOString() === value) return date;
  throw new ProcessableDecodeError(path, `${describe(value)} is no date`);
}

function decodeBytes(value: unknown, path: string): Uint8Array {
  const bytes = Buffer.from(typeof value === 'string' ? value : '', 'base64');
  if (bytes.toString('base64') === value) return new Uint8Array(bytes);
  throw new ProcessableDecodeError(path, `${describe(value)} is not base64`);
}

function expectKeys(object: JsonObject, keys: readonly string[], path: string): void {
  const own = Object.keys(object);
  if (own.length !== keys.length || !keys.every((key) => Object.hasOwn(object, key))) {
    throw new ProcessableDecodeError(path, `expected the properties ${keys.join(', ')}`);
  }
}

function expectArray(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ProcessableDecodeError(path, `expected an array, not ${describe(value)}`);
}

function expectObject(value: unknown, path: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as JsonObject;
  throw new ProcessableDecodeError(path, `expected an object, not ${describe(value)}`);
}

function define(target: object, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, configurable: true, writable: true });
}

function describe(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return value === null ? 'null' : typeof value;
}
