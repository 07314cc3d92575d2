import { addMembers, classMembers } from './class-members.js';
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
  const { areAdded } = classMembers(prototype, () => sampleOf(prototype, id, fields));
  const snapshot = withFields(prototype, id, fields);
  registerStored(snapshot, { model, id, kind: 'persistent' });
  return areAdded ? withMembers(snapshot, prototype) : Object.freeze(snapshot);
}

/** An object with a row's fields, as the initialisers of a class see it. */
export function sampleOf(prototype: object, id: string, fields: FieldValues): object {
  return Object.freeze(withFields(prototype, id, fields));
}

function withFields(prototype: object, id: string, fields: FieldValues): object {
  const snapshot = Object.create(prototype) as Record<string, unknown>;
  define(snapshot, 'id', id);
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    // An absent field is no property, however it became absent.
    if (value !== undefined) define(snapshot, key, exposeValue(value));
  }
  return snapshot;
}

/** The members of its class, which see the fields and cannot change them. */
function withMembers(snapshot: object, prototype: object): object {
  for (const key of Object.keys(snapshot))
    Object.defineProperty(snapshot, key, { writable: false, configurable: false });
  addMembers(snapshot, prototype);
  return Object.freeze(snapshot);
}

function define(target: Record<string, unknown>, key: string, value: unknown): void {
  // A plain assignment is several times faster, but would run a setter that the model's class inherits.
  if (key in target)
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true });
  else target[key] = value;
}
