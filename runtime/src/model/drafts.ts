import { InvalidModelError } from '../errors/model-errors.js';
import { idProblem } from './entity-id.js';
import type { ModelDescription } from './model-description.js';
import { uuidV7 } from './uuid-v7.js';

interface Draft {
  readonly description: ModelDescription;
  id: string | undefined;
}

const drafts = new WeakMap<object, Draft>();

/** Notes that `entity` came from a model's constructor. */
export function registerDraft(entity: object, description: ModelDescription, id: unknown): void {
  if (id !== undefined) {
    const problem = idProblem(id);
    if (problem !== undefined) throw new InvalidModelError(description.name, `the id ${problem}`);
  }
  drafts.set(entity, { description, id: id as string | undefined });
}

/** The model of a `Transient`; `undefined` for everything else. */
export function draftModel(entity: unknown): ModelDescription | undefined {
  return typeof entity === 'object' && entity !== null
    ? drafts.get(entity)?.description
    : undefined;
}

/** The id of a `Transient`, given now if it has none: saving the same object twice is the same entity twice. */
export function draftId(entity: object): string {
  const draft = drafts.get(entity);
  if (draft === undefined) throw new TypeError('not a Transient');
  return (draft.id ??= uuidV7());
}
