import type { StandardJSONSchemaV1 } from '@standard-schema/spec';
import type { ModelDescription } from './model-description.js';

/** The parts of a JSON Schema that say which properties an object has. */
interface JsonSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly additionalProperties?: unknown;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

const known = new WeakMap<ModelDescription, { readonly names: ReadonlySet<string> | undefined }>();

/**
 * The names of a model's fields, as far as its schema tells them: through Standard JSON Schema
 * (https://standardschema.dev/json-schema), and only when it has no others. `undefined` when it does not tell.
 */
export function fieldNames(model: ModelDescription): ReadonlySet<string> | undefined {
  let entry = known.get(model);
  if (entry === undefined) known.set(model, (entry = { names: readNames(model) }));
  return entry.names;
}

function readNames({ schema }: ModelDescription): ReadonlySet<string> | undefined {
  const standard = schema['~standard'] as { jsonSchema?: StandardJSONSchemaV1.Converter };
  try {
    const output = standard.jsonSchema?.output({
      target: 'draft-2020-12',
      // What JSON lacks is no reason for zod to refuse: only the names matter here.
      libraryOptions: { unrepresentable: 'any' },
    });
    return output === undefined ? undefined : propertyNames(output);
  } catch {
    // A schema that no JSON Schema can describe.
    return undefined;
  }
}

function propertyNames(schema: JsonSchema): ReadonlySet<string> | undefined {
  const { properties, additionalProperties, ...combined } = schema;
  const [parts, ...more] = [combined.allOf, combined.anyOf, combined.oneOf].filter(
    (schemas) => schemas !== undefined,
  );
  // Properties in more than one place at once: better none than some of them.
  if (parts !== undefined && (more.length > 0 || properties !== undefined)) return undefined;
  if (parts !== undefined) {
    const all = parts.map(propertyNames);
    return all.includes(undefined)
      ? undefined
      : new Set(all.flatMap((names) => [...(names ?? [])]));
  }
  // Without this the schema takes properties that it does not list.
  if (additionalProperties !== false || properties === undefined) return undefined;
  return new Set(Object.keys(properties));
}
