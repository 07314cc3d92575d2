import type { Awaitable, RowChange } from '../adapter/adapter.js';
import { continueWith } from '../adapter/awaitable.js';
import { declaredFields } from '../model/field-names.js';
import type { FieldValues } from '../model/field-values.js';
import { generatedValues } from '../model/generated-values.js';
import type { ModelDescription } from '../model/model-description.js';
import { askSchema, isRefused } from '../model/schema-verdict.js';

/** For each field, whether its schema takes `null`, and plain bytes for a `Buffer`. */
const known = new WeakMap<ModelDescription, Map<string, boolean>>();

/**
 * Fields in the form in which a database gives them back: it has one NULL, which is `null` where the schema takes that, and
 * bytes that are a `Buffer` only where the schema insists on one.
 *
 * @param names - the fields that are written
 */
export function inDatabaseForm(
  model: ModelDescription,
  fields: FieldValues,
  names: Iterable<string>,
): Awaitable<FieldValues> {
  const values: Record<string, unknown> = { ...fields };
  const open: { readonly field: string; readonly value: unknown }[] = [];
  for (const field of names) {
    const value = databaseValue(fields[field]);
    if (value === fields[field]) continue;
    const isTaken = known.get(model)?.get(keyOf(field, value));
    if (isTaken === undefined) open.push({ field, value });
    else if (isTaken) values[field] = value;
  }
  return open.length === 0 ? values : askAbout(model, values, open);
}

/** The fields that an entity has, or may have. */
export function allFields(model: ModelDescription, fields: FieldValues): ReadonlySet<string> {
  return new Set([...(declaredFields(model)?.names ?? []), ...Object.keys(fields)]);
}

async function askAbout(
  model: ModelDescription,
  values: Record<string, unknown>,
  open: readonly { readonly field: string; readonly value: unknown }[],
): Promise<FieldValues> {
  const answers = known.get(model) ?? new Map<string, boolean>();
  known.set(model, answers);
  for (const { field, value } of open) {
    const entity = { ...values, [field]: value };
    const isTaken = !isRefused(await askSchema(model, entity), entity, field);
    answers.set(keyOf(field, value), isTaken);
    if (isTaken) values[field] = value;
  }
  return values;
}

function databaseValue(value: unknown): unknown {
  if (value === undefined) return null;
  return Buffer.isBuffer(value) ? Uint8Array.from(value) : value;
}

function keyOf(field: string, value: unknown): string {
  return `${value === null ? 'null' : 'bytes'} ${field}`;
}

/** Writes as a database would keep them. */
export function changesInDatabaseForm(last: readonly RowChange[]): Awaitable<readonly RowChange[]> {
  const changed = last.map((change) =>
    continueWith(
      () => inDatabaseForm(change.table.model, change.changes, Object.keys(change.changes)),
      (changes): RowChange => ({ ...change, changes }),
    ),
  );
  return changed.some((each) => each instanceof Promise)
    ? // eslint-disable-next-line @typescript-eslint/await-thenable -- each may be a promise
      Promise.all(changed)
    : (changed as readonly RowChange[]);
}

/** A new entity as a database would keep it: with what it computes. */
export function completed(model: ModelDescription, fields: FieldValues): Awaitable<FieldValues> {
  return continueWith(
    () => (model.generated.size === 0 ? {} : generatedValues(model, fields)),
    (generated) => {
      const all = { ...fields, ...generated };
      return inDatabaseForm(model, all, allFields(model, all));
    },
  );
}
