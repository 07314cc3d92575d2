import { InvalidModelError } from '../errors/model-errors.js';
import { classMembers } from './class-members.js';
import { idProblem } from './entity-id.js';
import type { ModelDescription } from './model-description.js';
import { uuidV7 } from './uuid-v7.js';

/** What is known of a `Transient`. */
export interface Draft {
  readonly description: ModelDescription;
  /** The names of the fields that it was made with. */
  readonly given: readonly string[];
  /** Its id; given by its maker, or when it is first saved. */
  id: string | undefined;
  /** Whether its maker, or the model's generator, chose the id. */
  isIdChosen: boolean;
  /** The transaction, or the savepoint, that stored it under an id of the database's. */
  storedIn: { readonly isRolledBack: boolean } | undefined;
}

const drafts = new WeakMap<object, Draft>();

/** Notes that `entity` came from a model's constructor. */
export function registerDraft(
  entity: object,
  description: ModelDescription,
  id: unknown,
  given: readonly string[],
): void {
  if (id !== undefined) assertId(description, id);
  drafts.set(entity, {
    description,
    given,
    id: id as string | undefined,
    isIdChosen: id !== undefined,
    storedIn: undefined,
  });
}

/** The model of a `Transient`; `undefined` for everything else. */
export function draftModel(entity: unknown): ModelDescription | undefined {
  return typeof entity === 'object' && entity !== null
    ? drafts.get(entity)?.description
    : undefined;
}

/**
 * What is known of a `Transient` that is to be stored. It gets its id now if it has none: saving the same object twice is the
 * same entity twice.
 *
 * @throws {@link InvalidModelError} when the model's generator makes no id
 */
export function draftToStore(entity: object): Draft & { readonly id: string } {
  const draft = drafts.get(entity);
  if (draft === undefined) throw new TypeError('not a Transient');
  if (draft.id === undefined) {
    const { generateId } = draft.description;
    draft.isIdChosen = typeof generateId === 'function';
    draft.id = typeof generateId === 'function' ? generateId() : uuidV7();
    assertId(draft.description, draft.id);
  }
  return draft as Draft & { readonly id: string };
}

/** The fields of a `Transient`: all that it has but what its class gives to each of its objects. */
export function draftFields(entity: object): object {
  const prototype = Object.getPrototypeOf(entity) as object;
  const { names } = classMembers(prototype, () => {
    const given = drafts.get(entity)?.given ?? [];
    const values = Object.fromEntries(given.map((name) => [name, valueOf(entity, name)]));
    const properties = Object.getOwnPropertyDescriptors(values);
    return Object.freeze(Object.create(prototype, properties) as object);
  });
  if (names.size === 0) return entity;
  const fields = Object.keys(entity).filter((name) => !names.has(name));
  return Object.fromEntries(fields.map((name) => [name, valueOf(entity, name)]));
}

function valueOf(entity: object, name: string): unknown {
  return (entity as Readonly<Record<string, unknown>>)[name];
}

function assertId({ name }: ModelDescription, id: unknown): void {
  const problem = idProblem(id);
  if (problem !== undefined) throw new InvalidModelError(name, `the id ${problem}`);
}
