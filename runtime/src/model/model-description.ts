import type { StandardSchemaV1 } from '@standard-schema/spec';
import { InvalidModelError } from '../errors/model-errors.js';
import { shown } from '../errors/shown.js';

/** What the runtime knows of a model. */
export interface ModelDescription {
  readonly name: string;
  readonly schema: StandardSchemaV1<unknown, object>;
  /** Makes ids; `database` leaves it to the table's key. */
  readonly generateId?: (() => string) | 'database' | undefined;
  /** The fields that the database computes. */
  readonly generated: ReadonlySet<string>;
}

/** The static property in which a model's class carries its description. */
export const modelDescription: unique symbol = Symbol('justscale.model');

const NAME = /^[A-Za-z][\w-]{0,62}$/;

/** Checks what a model was defined with and puts it together. */
export function describeModel(
  name: unknown,
  schema: unknown,
  options: { readonly generated?: unknown; readonly generateId?: unknown } = {},
): ModelDescription {
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw new InvalidModelError(
      typeof name === 'string' ? name : shown(name),
      'a name is letters, digits, _ and -, begins with a letter and has at most 63 characters',
    );
  }
  if (!isStandardSchema(schema)) {
    throw new InvalidModelError(
      name,
      'the second argument must be a Standard Schema of an object (zod, valibot, arktype …)',
    );
  }
  const { generated = [], generateId } = options;
  return Object.freeze({
    name,
    schema,
    generated: generatedFields(name, generated),
    generateId: idGenerator(name, generateId),
  });
}

function idGenerator(name: string, generateId: unknown): ModelDescription['generateId'] {
  if (generateId === undefined || generateId === 'database') return generateId;
  if (typeof generateId === 'function') return generateId as () => string;
  throw new InvalidModelError(
    name,
    `generateId must be a function or 'database', not ${shown(generateId)}`,
  );
}

/**
 * The description of a model's class.
 *
 * @throws {@link InvalidModelError} when the value was not made by `defineModel`
 */
export function descriptionOf(model: unknown): ModelDescription {
  const description =
    typeof model === 'function'
      ? (model as { [modelDescription]?: ModelDescription })[modelDescription]
      : undefined;
  if (description === undefined) {
    const name =
      typeof model === 'function' ? String((model as { name: unknown }).name) : shown(model);
    throw new InvalidModelError(name, 'it was not made by defineModel()');
  }
  return description;
}

function generatedFields(name: string, generated: unknown): ReadonlySet<string> {
  if (Array.isArray(generated) && generated.every((field) => typeof field === 'string'))
    return new Set(generated);
  throw new InvalidModelError(name, `generated must be a list of fields, not ${shown(generated)}`);
}

function isStandardSchema(schema: unknown): schema is StandardSchemaV1<unknown, object> {
  if ((typeof schema !== 'object' && typeof schema !== 'function') || schema === null) return false;
  try {
    const standard: unknown = (schema as Record<string, unknown>)['~standard'];
    return (
      typeof standard === 'object' &&
      standard !== null &&
      typeof (standard as Record<string, unknown>)['validate'] === 'function'
    );
  } catch {
    return false;
  }
}
