import type { Adapter } from '../adapter/adapter.js';
import type { FieldCondition } from '../adapter/query.js';
import { ValidationError, type ValidationIssue } from '../errors/model-errors.js';
import { shownReason } from '../errors/shown.js';
import { InvalidOptionError } from '../errors/store-errors.js';
import { fieldNames } from '../model/field-names.js';
import type { ModelDescription } from '../model/model-description.js';
import { ownEntries } from '../model/own-entries.js';
import { toStoredValue } from '../model/stored-value.js';
import { Condition, type FieldTest } from '../store/conditions.js';

/**
 * Turns `where` into conditions; what they compare with is as it would be stored.
 *
 * @param adapter - what is to find it
 * @throws {@link InvalidOptionError} for a condition that it cannot check
 * @throws {@link ValidationError} for a field that the model does not have, and a value that no field can have
 */
export function parseWhere(
  model: ModelDescription,
  where: unknown,
  adapter: Pick<Adapter, 'name' | 'capabilities'>,
): readonly FieldCondition[] {
  const entries = ownEntries(where);
  if (typeof entries === 'string' || Array.isArray(where))
    throw new ValidationError(model.name, undefined, [
      { path: '', message: 'where must be an object of fields that can be read' },
    ]);
  const issues: ValidationIssue[] = [];
  const conditions = entries.flatMap(([field, value]) => {
    if (!isField(model, field)) issues.push({ path: field, message: 'is no field of the model' });
    const tests = Condition.testsOf(value) ?? [{ is: 'eq', value }];
    for (const { is } of tests) {
      if (!adapter.capabilities.conditions.includes(is))
        throw new InvalidOptionError(`where.${field}`, `cannot be ${is}(): ${adapter.name} cannot`);
    }
    return tests.map((test) => toCondition(field, test, issues));
  });
  if (issues.length > 0) throw new ValidationError(model.name, undefined, issues);
  return conditions;
}

/** Whether a query may ask for it: a field or the id. As long as the schema does not tell its fields, everything is. */
export function isField(model: ModelDescription, name: string): boolean {
  return name === 'id' || fieldNames(model)?.has(name) !== false;
}

function toCondition(
  field: string,
  { is, value }: FieldTest,
  issues: ValidationIssue[],
): FieldCondition {
  const refuse = (message: string): FieldCondition => {
    issues.push({ path: field, message });
    return { field, is, value: undefined };
  };
  try {
    if (is === 'oneOf' || is === 'noneOf') {
      if (!Array.isArray(value)) return refuse(`${is}() takes a list of values`);
      const list = Array.from(value as readonly unknown[], (each, index) =>
        toStoredValue(each, `${field}[${index}]`, issues),
      );
      return { field, is, value: list };
    }
    if (is !== 'eq' && is !== 'not' && !hasOrder(value))
      return refuse(`${is}() takes text, a number, a bigint or a Date`);
    return { field, is, value: toStoredValue(value, field, issues) };
  } catch (error) {
    return refuse(`cannot be read: ${shownReason(error)}`);
  }
}

function hasOrder(value: unknown): boolean {
  return ['string', 'number', 'bigint'].includes(typeof value) || value instanceof Date;
}
