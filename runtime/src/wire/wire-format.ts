/**
 * The wire format: JSON, in which an object with the key `$type` is a value that JSON lacks. An ordinary object
 * that happens to have this key is written as `{ $type: 'Object', value: { … } }`.
 */
export const TYPE_KEY = '$type';

/** The deepest nesting that is encoded or decoded. */
export const MAX_DEPTH = 500;

/** The longest bigint, in characters: parsing one takes time that grows faster than its length. */
export const MAX_BIGINT_LENGTH = 10_000;

/** The path of a property of what is at `path`. */
export function propertyPath(path: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
