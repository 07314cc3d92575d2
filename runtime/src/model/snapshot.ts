import type { FieldValues } from './field-values.js';
import { registerStored } from './stored-identity.js';
import { exposeValue } from './stored-value.js';

/** Makes the frozen `Persistent` of a row. */
export function createSnapshot(
  prototype: object,
  model: string,
  id: string,
  fields: FieldValues,
): object {
  const snapshot = Object.create(prototype) as Record<string, unknown>;
  define(snapshot, 'id', id);
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    // An absent field is no property, however it became absent.
    if (value !== undefined) define(snapshot, key, exposeValue(value));
  }
  registerStored(snapshot, { model, id, kind: 'persistent' });
  return Object.freeze(snapshot);
}

function define(target: Record<string, unknown>, key: string, value: unknown): void {
  // A plain assignment is several times faster, but would run a setter that the model's class inherits.
  if (key in target)
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true });
  else target[key] = value;
}
