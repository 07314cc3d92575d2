import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Fields, ModelBase, Ref, Refable, STATE } from './states.js';
import { InvalidModelError } from '../errors/model-errors.js';
import { registerDraft } from './drafts.js';
import { describeModel, modelDescription, type ModelDescription } from './model-description.js';
import { ownEntries } from './own-entries.js';
import { refOf } from './refs.js';

/** Names that a field cannot have: they belong to the states or would change what an object is. */
export type ReservedFieldName = 'id' | 'constructor' | '__proto__' | 'toJSON' | 'then';

type ReservedIn<F> = Extract<keyof F, ReservedFieldName>;

/** The schema itself, or the reason why it describes no model. */
type CheckedSchema<S extends StandardSchemaV1<unknown, object>> =
  ReservedIn<StandardSchemaV1.InferOutput<S>> extends never
    ? S
    : `a model's field must not be named ${ReservedIn<StandardSchemaV1.InferOutput<S>> & string}`;

/** The class that `defineModel` returns, to be extended by the model. */
export interface ModelClass<Name extends string, F extends object> {
  /**
   * Makes a new entity, not stored yet.
   *
   * @param fields - the fields; checked by the model's schema when it is saved
   * @param options - `id` names the entity; without it `save` gives it a UUIDv7
   */
  new (
    fields: F,
    options?: { readonly id?: string },
  ): F & ModelBase<Name, F> & { readonly [STATE]: 'transient' };

  /** The model's name: its default table, and its name on the wire. */
  readonly modelName: Name;

  /**
   * The identity of an entity: from its id, or from a `Ref`, `Persistent` or `Locked` of this model.
   *
   * @throws {@link InvalidRefError} when the id is not a non-empty string, or the value belongs to another model
   */
  ref<T extends ModelBase<Name, F>>(
    this: abstract new (...args: never) => T,
    of: string | Refable<T>,
  ): Ref<T>;
}

/**
 * Defines a model: a named entity whose fields a schema describes. Extend the result:
 * `class Account extends defineModel('account', z.object({ … })) {}`.
 *
 * The schema is applied to what is inserted and to the merged entity of every update, so it must
 * accept its own output (a schema that changes a value's type on the way does not).
 *
 * @param name - letters, digits, `_` and `-`, beginning with a letter; at most 63 bytes, as it names a table
 * @param schema - any Standard Schema (https://standardschema.dev) of an object type
 * @throws {@link InvalidModelError} when the name or the schema cannot be used
 */
export function defineModel<
  const Name extends string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the input of a schema is contravariant here: only `any` accepts all
  S extends StandardSchemaV1<any, object>,
>(name: Name, schema: CheckedSchema<S>): ModelClass<Name, StandardSchemaV1.InferOutput<S>> {
  const description: ModelDescription = describeModel(name, schema);

  class Model {
    static readonly [modelDescription]: ModelDescription = description;
    static readonly modelName: Name = name;

    static ref(of: unknown): unknown {
      return refOf(description, of);
    }

    constructor(fields: object, options: { readonly id?: string } = {}) {
      const entries = ownEntries(fields);
      if (typeof entries === 'string')
        throw new InvalidModelError(name, `the fields of new ${name}(fields): it ${entries}`);
      for (const [key, value] of entries) {
        Object.defineProperty(this, key, {
          value,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      }
      registerDraft(this, description, options.id);
    }
  }

  return Model as unknown as ModelClass<Name, StandardSchemaV1.InferOutput<S>>;
}

/** The fields of a model's class. */
export type FieldsOf<C extends abstract new (...args: never) => unknown> = Fields<InstanceType<C>>;
