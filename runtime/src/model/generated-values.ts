import { declaredFields } from './field-names.js';
import type { FieldValues } from './field-values.js';
import type { ModelDescription } from './model-description.js';
import { askSchema, isRefused, SOME_VALUES } from './schema-verdict.js';

/** Makes a value of a field; the count is another one at each call. */
type Maker = (count: number) => unknown;

/** What is known of a model's generated fields: how values of them are made, and how many entities there were. */
interface Generator {
  readonly makers: Map<string, Maker>;
  count: number;
}

const generators = new WeakMap<ModelDescription, Generator>();

/**
 * Values that the schema takes for fields that the database computes and that a new entity leaves out: what a database
 * might have computed, the time for a `Date`, a number that counts up for a number. It stands for them while the
 * entity is checked, and is what a store keeps that computes nothing.
 *
 * @param fields - the fields of the entity
 */
export async function generatedValues(
  model: ModelDescription,
  fields: FieldValues,
): Promise<FieldValues> {
  const missing = [...model.generated].filter((field) => fields[field] === undefined);
  const values: Record<string, unknown> = {};
  if (missing.length === 0) return values;
  const generator = generators.get(model) ?? { makers: new Map<string, Maker>(), count: 0 };
  generators.set(model, generator);
  generator.count += 1;
  const { makers, count } = generator;
  for (const field of missing) {
    const maker = makers.get(field) ?? (await findMaker(model, fields, field));
    makers.set(field, maker);
    const value = maker(count);
    if (value !== undefined) values[field] = value;
  }
  return values;
}

async function findMaker(
  model: ModelDescription,
  fields: FieldValues,
  field: string,
): Promise<Maker> {
  const example = declaredFields(model)?.examples.get(field);
  const makers: readonly Maker[] = [
    ...(example === undefined ? [] : [() => example]),
    () => new Date(),
    (number) => number,
    (number) => BigInt(number),
    ...SOME_VALUES.map((value) => () => value),
    () => null,
  ];
  for (const maker of makers) {
    const entity = { ...fields, [field]: maker(1) };
    if (!isRefused(await askSchema(model, entity), entity, field)) return maker;
  }
  return () => undefined;
}
