import type { Awaitable } from './adapter.js';

/**
 * Continues with what `start` returns: at once when it is a value, later when it is a promise. An adapter without I/O
 * so runs a whole mutation without a single turn of the event loop.
 */
export function continueWith<A, B>(
  start: () => Awaitable<A>,
  next: (value: A) => Awaitable<B>,
  failed: (error: unknown) => Awaitable<B> = rethrow,
): Awaitable<B> {
  let value: Awaitable<A>;
  try {
    value = start();
  } catch (error) {
    return failed(error);
  }
  return value instanceof Promise ? value.then(next, failed) : next(value);
}

/** `Promise.try`, which Node 20 and 22 lack: what `start` throws is a rejection; a promise that it returns stays that promise. */
export function promiseTry<R>(start: () => Awaitable<R>): Promise<R> {
  try {
    return Promise.resolve(start());
  } catch (error) {
    return Promise.reject(error);
  }
}

function rethrow(error: unknown): never {
  throw error;
}
