import { ValidationError } from '../errors/model-errors.js';

/**
 * Computes the patch of a `mutate`.
 *
 * @throws {@link ValidationError} when `change` returned a promise: the lock would be held while it waits
 * @throws what `change` throws
 */
export function applyChange<E>(
  model: string,
  id: string,
  change: (entity: E) => unknown,
  entity: E,
): unknown {
  const patch = change(entity);
  if (isThenable(patch)) {
    // The promise is dropped here; its failure would otherwise be an unhandled rejection.
    Promise.resolve(patch).catch(() => undefined);
    throw new ValidationError(model, id, [
      {
        path: '',
        message:
          'the change of mutate() must not be async; read what it needs before, or use transaction()',
      },
    ]);
  }
  return patch;
}

function isThenable(patch: unknown): boolean {
  try {
    return (
      typeof patch === 'object' &&
      patch !== null &&
      typeof (patch as { then?: unknown }).then === 'function'
    );
  } catch {
    // It is no promise: that it cannot be read is told when its fields are.
    return false;
  }
}
