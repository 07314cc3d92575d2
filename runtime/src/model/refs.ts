import { InvalidRefError } from '../errors/model-errors.js';
import { draftModel } from './drafts.js';
import { idProblem } from './entity-id.js';
import type { ModelDescription } from './model-description.js';
import { storedIdentity } from './stored-identity.js';

/** A `Ref` at run time: frozen, and recognised by a private member that no copy has. */
class EntityRef {
  readonly #model: string;
  readonly model: string;
  readonly id: string;

  constructor(model: string, id: string) {
    this.#model = model;
    this.model = model;
    this.id = id;
    Object.freeze(this);
  }

  /** Whether it looks like one, as a copy does. */
  static isLike(value: unknown): boolean {
    try {
      return value instanceof EntityRef;
    } catch {
      return false;
    }
  }

  static modelOf(value: unknown): string | undefined {
    return typeof value === 'object' && value !== null && #model in value
      ? value.#model
      : undefined;
  }
}

/** The model's name of a `Ref`; `undefined` for everything else. */
export function refModel(value: unknown): string | undefined {
  return EntityRef.modelOf(value);
}

/**
 * Makes the `Ref` that `Model.ref(of)` returns.
 *
 * @throws {@link InvalidRefError} when `of` names no entity of this model
 */
export function refOf(description: ModelDescription, of: unknown): EntityRef {
  const { name } = description;
  if (typeof of === 'string') {
    const problem = idProblem(of);
    if (problem !== undefined) throw new InvalidRefError(name, `the id ${problem}`);
    return new EntityRef(name, of);
  }

  const model = EntityRef.modelOf(of);
  if (model === name) return of as EntityRef;
  if (model !== undefined) throw new InvalidRefError(name, `it is a Ref to ${model}`);
  if (EntityRef.isLike(of)) throw new InvalidRefError(name, 'it is a copy of a Ref');

  const stored = storedIdentity(of);
  if (stored !== undefined) {
    if (stored.model === name) return new EntityRef(name, stored.id);
    throw new InvalidRefError(name, `it is an entity of ${stored.model}`);
  }
  if (draftModel(of) !== undefined) {
    throw new InvalidRefError(
      name,
      'the entity is not saved yet; take the ref of what save() returns',
    );
  }
  throw new InvalidRefError(
    name,
    'expected an id, a Ref, or an entity that a repository returned (a copy of one has no identity)',
  );
}

/**
 * The id in `ref`.
 *
 * @throws {@link InvalidRefError} when it is no `Ref` to `description`'s model
 */
export function refId(description: ModelDescription, ref: unknown): string {
  if (EntityRef.modelOf(ref) === undefined) {
    throw new InvalidRefError(
      description.name,
      `expected a Ref: write Model.ref(${typeof ref === 'string' ? 'id' : 'entity'})`,
    );
  }
  return refOf(description, ref).id;
}
