import type { StandardJSONSchemaV1 } from '@standard-schema/spec';
import type { ModelDescription } from './model-description.js';

/** The parts of a JSON Schema that say which properties an object has. */
interface JsonSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** What a model's schema tells of its fields. */
export interface DeclaredFields {
  readonly names: ReadonlySet<string>;
  /** Those that every entity has. */
  readonly required: ReadonlySet<string>;
  /** Those of them that cannot be null. */
  readonly neverNull: ReadonlySet<string>;
  /** A value of each field for which the schema names one: its default, or one of those that it lists. */
  readonly examples: ReadonlyMap<string, unknown>;
  /** Whether there are no others. */
  readonly isClosed: boolean;
}

const known = new WeakMap<ModelDescription, { readonly fields: DeclaredFields | undefined }>();

/**
 * The fields of a model, as far as its schema tells them: through Standard JSON Schema
 * (https://standardschema.dev/json-schema). `undefined` when it does not tell.
 */
export function declaredFields(model: ModelDescription): DeclaredFields | undefined {
  let entry = known.get(model);
  if (entry === undefined) known.set(model, (entry = { fields: readFields(model) }));
  return entry.fields;
}

/** The names of a model's fields, if its schema tells them and has no others. */
export function fieldNames(model: ModelDescription): ReadonlySet<string> | undefined {
  const fields = declaredFields(model);
  return fields?.isClosed === true ? fields.names : undefined;
}

function readFields({ schema }: ModelDescription): DeclaredFields | undefined {
  const standard = schema['~standard'] as { jsonSchema?: StandardJSONSchemaV1.Converter };
  try {
    const output = standard.jsonSchema?.output({
      target: 'draft-2020-12',
      // What JSON lacks is no reason for zod to refuse: only the names matter here.
      libraryOptions: { unrepresentable: 'any' },
    });
    return output === undefined ? undefined : fieldsOf(output);
  } catch {
    // A schema that no JSON Schema can describe.
    return undefined;
  }
}

function fieldsOf(schema: JsonSchema): DeclaredFields | undefined {
  const { properties, required = [], additionalProperties, allOf, anyOf, oneOf } = schema;
  const [parts, ...more] = [allOf, anyOf, oneOf].filter((schemas) => schemas !== undefined);
  // Properties in more than one place at once: better none than some of them.
  if (parts !== undefined && (more.length > 0 || properties !== undefined)) return undefined;
  if (parts === undefined) {
    if (properties === undefined) return undefined;
    return {
      names: new Set(Object.keys(properties)),
      required: new Set(required),
      neverNull: new Set(required.filter((name) => refusesNull(properties[name]))),
      examples: new Map(Object.entries(properties).flatMap(exampleOf)),
      // Without this the schema takes properties that it does not list.
      isClosed: additionalProperties === false,
    };
  }
  const all = parts.map(fieldsOf).filter((fields) => fields !== undefined);
  if (all.length < parts.length) return undefined;
  const names = all.flatMap((fields) => [...fields.names]);
  const where = (has: (fields: DeclaredFields, name: string) => boolean): Set<string> =>
    new Set(
      names.filter((name) => {
        const test = (fields: DeclaredFields): boolean => has(fields, name);
        return allOf === undefined ? all.every(test) : all.some(test);
      }),
    );
  return {
    names: new Set(names),
    required: where(({ required }, name) => required.has(name)),
    neverNull: where(({ neverNull }, name) => neverNull.has(name)),
    examples: new Map(all.flatMap(({ examples }) => [...examples])),
    isClosed: all.every((fields) => fields.isClosed),
  };
}

function exampleOf([name, property]: [string, unknown]): [string, unknown][] {
  const {
    default: preset,
    const: only,
    enum: listed,
  } = Object(property) as {
    default?: unknown;
    const?: unknown;
    enum?: unknown;
  };
  const example: unknown = preset ?? only ?? (Array.isArray(listed) ? listed[0] : undefined);
  return example === undefined ? [] : [[name, example]];
}

/** Whether a property can certainly not be null. */
function refusesNull(property: unknown): boolean {
  if (typeof property !== 'object' || property === null) return false;
  const {
    type,
    enum: values,
    anyOf,
    oneOf,
  } = property as {
    type?: unknown;
    enum?: unknown;
    anyOf?: unknown;
    oneOf?: unknown;
  };
  const alternatives = anyOf ?? oneOf;
  if (Array.isArray(alternatives)) return alternatives.every(refusesNull);
  if (Array.isArray(values)) return !values.includes(null);
  return Array.isArray(type) ? !type.includes('null') : typeof type === 'string' && type !== 'null';
}
