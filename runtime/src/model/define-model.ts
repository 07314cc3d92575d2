import type { StandardSchemaV1 } from '@standard-schema/spec';
import { InvalidModelError } from '../errors/model-errors.js';
import { claimReceiver } from './class-members.js';
import { registerDraft } from './drafts.js';
import { describeModel, modelDescription, type ModelDescription } from './model-description.js';
import type { Fields, ModelBase } from './model-types.js';
import { refuseUnknownOptions } from './option-names.js';
import { ownEntries } from './own-entries.js';
import { refOf } from './refs.js';
import type { CheckedSchema, DraftFields, NewFields } from './schema-types.js';
import type { InstanceIn, NewEntity, Ref, Refable } from './states.js';

/** How an entity looks to the methods of its class, and before it is stored. */
export type ModelInstance<Name extends string, F> = DraftFields<F> & ModelBase<Name, F> & NewEntity;

/** The class that `defineModel` returns, to be extended by the model. */
export interface ModelClass<Name extends string, F extends object, Input = F> {
  /**
   * Makes a new entity, not stored yet.
   *
   * @param fields - what the model's schema takes: a field with a default need not be named. Checked when it is saved
   * @param options - `id` names the entity; without it `save` gives it one, and until then it has none
   */
  new (fields: Input, options?: { readonly id?: string }): ModelInstance<Name, F>;

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

  /** `instanceof` tells the model, not the state: snapshots and locks are instances of the class as well. */
  [Symbol.hasInstance]<T extends ModelBase<Name, F>, Value>(
    this: abstract new (...args: never) => T,
    value: Value,
  ): value is Value & InstanceIn<Value, T>;
}

/** What a model can be told beside its fields. */
export interface ModelOptions<Generated extends string = string> {
  /**
   * Fields that the database computes: identity columns, generated columns, what a trigger writes. They may be left out of
   * a new entity, and are always there when it is read.
   */
  readonly generated?: readonly Generated[];
  /**
   * Makes the id of a new entity that was given none: a function, such as that of nanoid or cuid. `database` says that the
   * database counts them up, so that a store in memory does the same and orders them as numbers. Without it the
   * default or identity of the table's key gives the id, or else it is a UUIDv7.
   */
  readonly generateId?: (() => string) | 'database';
}

/**
 * Defines a model: a named entity whose fields a schema describes. Extend the result:
 * `class Account extends defineModel('account', z.object({ … })) {}`.
 *
 * The schema is applied to what is inserted and to the merged entity of every update, so it must
 * accept its own output (a schema that changes a value's type on the way does not).
 *
 * Fields and private members that the class adds are not stored. Every object has its own: to make those of a snapshot or a lock, the
 * class's constructor runs without arguments. One that cannot be run so, or that assigns fields, is for new entities only, and
 * then nothing is added to others.
 *
 * @param name - letters, digits, `_` and `-`, beginning with a letter; at most 63 bytes, as it names a table
 * @param schema - any Standard Schema (https://standardschema.dev) of an object type
 * @param options - `generated` names the fields that the database computes, `generateId` makes ids
 * @throws {@link InvalidModelError} when the name, the schema or an option cannot be used
 */
export function defineModel<
  const Name extends string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the input of a schema is contravariant here: only `any` accepts all
  S extends StandardSchemaV1<any, object>,
  const Generated extends keyof StandardSchemaV1.InferOutput<S> & string = never,
>(
  name: Name,
  schema: CheckedSchema<S>,
  options: ModelOptions<Generated> = {},
): ModelClass<
  Name,
  StandardSchemaV1.InferOutput<S>,
  NewFields<StandardSchemaV1.InferInput<S>, Generated>
> {
  const description: ModelDescription = describeModel(name, schema, options);

  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- who extends it makes instances
  class Model {
    static readonly [modelDescription]: ModelDescription = description;
    static readonly modelName: Name = name;

    static ref(of: unknown): unknown {
      return refOf(description, of);
    }

    constructor(fields: object, options: { readonly id?: string } = {}) {
      const stored = claimReceiver(new.target);
      if (stored !== undefined) return stored;
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
      refuseUnknownOptions<{ id?: string }>(`new ${name}()`, options, { id: true });
      registerDraft(
        this,
        description,
        options.id,
        entries.map(([key]) => key),
      );
    }
  }

  return Model as unknown as ModelClass<
    Name,
    StandardSchemaV1.InferOutput<S>,
    NewFields<StandardSchemaV1.InferInput<S>, Generated>
  >;
}

/** The fields of a model's class. */
export type FieldsOf<C extends abstract new (...args: never) => unknown> = Fields<InstanceType<C>>;
