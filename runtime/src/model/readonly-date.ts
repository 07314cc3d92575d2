/** Properties in whose place a `Date` would be changed: `Object.freeze` does not reach what a `Date` holds. */
const REFUSING_SETTERS: PropertyDescriptorMap = Object.fromEntries(
  Object.getOwnPropertyNames(Date.prototype)
    .filter((name) => name.startsWith('set'))
    .map((name) => [name, { value: refuse }]),
);

/** A copy of a date that cannot be changed. */
export function readonlyDate(date: Date): Date {
  return Object.freeze(Object.defineProperties(new Date(date), REFUSING_SETTERS));
}

function refuse(): never {
  throw new TypeError(
    'The Date of an entity cannot be changed in place; nothing was written. Copy it with new Date(date), change the copy, and write that.',
  );
}
