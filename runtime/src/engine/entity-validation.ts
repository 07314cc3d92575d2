import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ValidationError, type ValidationIssue } from '../errors/model-errors.js';
import { shownReason } from '../errors/shown.js';
import { fieldNames } from '../model/field-names.js';
import type { FieldValues } from '../model/field-values.js';
import type { ModelDescription } from '../model/model-description.js';
import { generatedValues } from '../model/generated-values.js';
import { isSameStored, toStoredValue } from '../model/stored-value.js';
import type { Awaitable } from '../adapter/adapter.js';
import { continueWith } from '../adapter/awaitable.js';

const NOT_A_FIELD = new Set(['id', '__proto__', 'constructor', 'toJSON', 'then']);

/**
 * Checks a new entity against its model. Fields that the database computes may be missing; what the schema takes stands for
 * them while it is checked.
 *
 * @returns its fields as they are to be stored
 * @throws {@link ValidationError}
 */
export function validateNew(
  model: ModelDescription,
  id: string,
  fields: unknown,
): Awaitable<FieldValues> {
  const candidate = ownFields(model, id, fields, 'the entity');
  const checked = (generated: FieldValues): Awaitable<FieldValues> =>
    validate(model, id, { ...candidate, ...generated }, (output, issues) => {
      refuseUnknown(model, candidate, output, issues);
      const given = Object.keys(output).filter((field) => !Object.hasOwn(generated, field));
      return storedFields(output, given, issues);
    });
  return model.generated.size === 0 ? checked({}) : generatedValues(model, candidate).then(checked);
}

/**
 * Checks the entity that a patch would make. A schema that computes fields from others, with a transform of the whole entity, has
 * computed them from the patch: they are written, too.
 *
 * @returns the changed fields, as they are to be stored
 * @throws {@link ValidationError}
 */
export function validatePatch(
  model: ModelDescription,
  id: string,
  current: FieldValues,
  patch: unknown,
): Awaitable<FieldValues> {
  const changes = ownFields(model, id, patch, 'the patch');
  let others: FieldValues = {};
  const validated = validate(model, id, merged(current, changes), (output, issues) => {
    refuseUnknown(model, changes, output, issues);
    others = derivedFields(output, changes, current);
    return storedFields(output, Object.keys(changes), issues);
  });
  return continueWith(
    () => validated,
    (fields) =>
      Object.keys(others).length === 0 ? fields : withDerived(model, id, current, fields, others),
  );
}

/** The fields that come out of the schema otherwise than they are, although the patch does not name them. */
function derivedFields(
  output: Readonly<Record<string, unknown>>,
  changes: object,
  current: FieldValues,
): FieldValues {
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(output)) {
    if (!Object.hasOwn(changes, key) && !isSameStored(output[key] ?? null, current[key] ?? null))
      fields[key] = output[key];
  }
  return fields;
}

/**
 * Adds the fields that the schema has derived from the patch. What comes out otherwise without any patch, too, is not
 * derived from it: a transform that is not made to be applied twice, such as one that hashes a password.
 */
function withDerived(
  model: ModelDescription,
  id: string,
  current: FieldValues,
  fields: FieldValues,
  others: FieldValues,
): Awaitable<FieldValues> {
  const add = (without: Readonly<Record<string, unknown>>): FieldValues => {
    const issues: ValidationIssue[] = [];
    const derived = Object.keys(others).filter(
      (key) => !isSameStored(others[key] ?? null, without[key] ?? null),
    );
    const added = storedFields(others, derived, issues);
    if (issues.length > 0) throw new ValidationError(model.name, id, issues);
    return { ...fields, ...added };
  };
  return continueWith(
    () => validate(model, id, merged(current, {}), (output) => output),
    add,
    // What is stored does not pass the schema; the patch mends it.
    () => add({}),
  );
}

type Finish = (output: Readonly<Record<string, unknown>>, issues: ValidationIssue[]) => FieldValues;

function validate(
  model: ModelDescription,
  id: string,
  candidate: object,
  finish: Finish,
): Awaitable<FieldValues> {
  const failed = (error: unknown): never => {
    // A schema reports; one that throws was given a value that it cannot read, or is broken itself.
    const message = `could not be validated: ${shownReason(error)}`;
    throw new ValidationError(model.name, id, [{ path: '', message }], { cause: error });
  };
  let result: ReturnType<(typeof model.schema)['~standard']['validate']>;
  try {
    result = model.schema['~standard'].validate(candidate);
  } catch (error) {
    return failed(error);
  }
  return result instanceof Promise
    ? result.then((settled) => finishValidation(model, id, settled, finish), failed)
    : finishValidation(model, id, result, finish);
}

function finishValidation(
  model: ModelDescription,
  id: string,
  result: StandardSchemaV1.Result<object>,
  finish: Finish,
): FieldValues {
  if (result.issues !== undefined) {
    throw new ValidationError(
      model.name,
      id,
      result.issues.map(({ path, message }) => ({ path: formatPath(path), message })),
    );
  }
  const issues: ValidationIssue[] = [];
  const fields = isRecord(result.value) ? finish(result.value, issues) : {};
  if (!isRecord(result.value))
    issues.push({ path: '', message: 'the schema did not return an object' });
  if (issues.length > 0) throw new ValidationError(model.name, id, issues);
  return fields;
}

/** The own fields of what a caller handed in, each read once. */
function ownFields(
  model: ModelDescription,
  id: string,
  source: unknown,
  what: string,
): Record<string, unknown> {
  const refuse = (path: string, message: string, options?: ErrorOptions): never => {
    throw new ValidationError(model.name, id, [{ path, message }], options);
  };
  if (typeof source !== 'object' || source === null || isList(source))
    return refuse('', `${what} must be an object of fields`);
  const fields: Record<string, unknown> = {};
  let reading = '';
  try {
    for (const key of Object.keys(source)) {
      if (NOT_A_FIELD.has(key)) return refuse(key, 'cannot be written: it is no field');
      reading = key;
      fields[key] = (source as Readonly<Record<string, unknown>>)[key];
    }
  } catch (error) {
    if (error instanceof ValidationError) throw error;
    return refuse(reading, `cannot be read: ${shownReason(error)}`, { cause: error });
  }
  return fields;
}

/** The entity that a patch would make: a field that is cleared, now or before, is absent, as it is when it is read. */
function merged(current: FieldValues, changes: FieldValues): Record<string, unknown> {
  const entity = { ...current, ...changes };
  for (const key of Object.keys(entity))
    if (entity[key] === undefined) Reflect.deleteProperty(entity, key);
  return entity;
}

function refuseUnknown(
  model: ModelDescription,
  given: FieldValues,
  output: object,
  issues: ValidationIssue[],
): void {
  for (const key of Object.keys(given)) {
    // What is cleared is no property of the output, if the schema keeps to its absence.
    const isCleared = given[key] === undefined && fieldNames(model)?.has(key) !== false;
    if (!isCleared && !Object.hasOwn(output, key))
      issues.push({ path: key, message: 'is no field of the model' });
  }
}

function storedFields(
  values: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  issues: ValidationIssue[],
): FieldValues {
  const fields: Record<string, unknown> = {};
  for (const key of keys) {
    if (key === '__proto__') issues.push({ path: key, message: 'cannot be a field' });
    else {
      try {
        fields[key] = toStoredValue(values[key], key, issues);
      } catch (error) {
        issues.push({ path: key, message: `cannot be read: ${shownReason(error)}` });
      }
    }
  }
  return fields;
}

function formatPath(path: StandardSchemaV1.Issue['path']): string {
  if (path === undefined) return '';
  return path.reduce<string>((text, part) => {
    const key = typeof part === 'object' ? part.key : part;
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !isList(value);
}

function isList(value: unknown): boolean {
  try {
    return Array.isArray(value);
  } catch {
    // A revoked proxy: whatever else is asked of it says so.
    return false;
  }
}
