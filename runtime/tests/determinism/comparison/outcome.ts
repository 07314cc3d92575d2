import {
  DuplicateEntityError,
  EntityNotFoundError,
  JustScaleError,
  LockTimeoutError,
  ValidationError,
  type Persistent,
  type Locked,
} from '@justscale/runtime';
import type { Item } from './schema.js';

/** What an operation came to, in a form that two stores can be compared by. */
export type Outcome = { readonly value: unknown } | { readonly error: readonly unknown[] };

/** The outcome of a promise. */
export async function outcomeOf(result: Promise<unknown>): Promise<Outcome> {
  try {
    return { value: (await result) ?? null };
  } catch (error) {
    if (!(error instanceof JustScaleError)) throw error;
    return { error: [error.constructor.name, ...detailsOf(error)] };
  }
}

function detailsOf(error: JustScaleError): readonly unknown[] {
  if (error instanceof DuplicateEntityError) return [error.model, error.constraint];
  if (error instanceof EntityNotFoundError) return [error.model, error.ids];
  if (error instanceof LockTimeoutError) return [error.subject, error.ids];
  return error instanceof ValidationError ? [error.paths] : [];
}

/** What a row shows; of what the database made, that it is there. */
export function shown(item: Persistent<Item> | Locked<Item> | null): unknown {
  return item === null ? null : [item.id, item.amount, item.note ?? null, typeof item.number];
}
