import type { Awaitable } from '../adapter/adapter.js';
import { shown } from '../errors/shown.js';
import { InvalidOptionError } from '../errors/store-errors.js';

/** @throws {@link InvalidOptionError} */
export function checkSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  throw new InvalidOptionError('signal', `must be an AbortSignal, not ${shown(signal)}`);
}

/**
 * Does work, and waits for it no longer than until a signal is aborted.
 *
 * @param onAbort - is told then, before the caller is
 * @throws the reason of the signal; without beginning the work when it is aborted already
 */
export function untilAborted<R>(
  signal: AbortSignal | undefined,
  work: () => Awaitable<R>,
  onAbort?: (reason: unknown) => void,
): Awaitable<R> {
  if (signal === undefined) return work();
  signal.throwIfAborted();
  const result = work();
  if (!(result instanceof Promise)) return result;
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      onAbort?.(signal.reason);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
    const forget = (): void => signal.removeEventListener('abort', abort);
    result.then(resolve, reject).then(forget, forget);
  });
}
