import type { SlowLockEvent } from '../adapter/diagnostics.js';
import type { StoreEvents } from '../store/store.js';
import { shown } from '../errors/shown.js';
import { InvalidOptionError } from '../errors/store-errors.js';

type Listener<E extends keyof StoreEvents> = (...args: StoreEvents[E]) => void;

/** The listeners of a store's events. */
export class EventHub {
  readonly #listeners = {
    error: new Set<Listener<'error'>>(),
    gap: new Set<Listener<'gap'>>(),
    slowLock: new Set<Listener<'slowLock'>>(),
  };

  /** See `Store.on`. */
  on<E extends keyof StoreEvents>(event: E, listener: Listener<E>): () => void {
    if (typeof event !== 'string' || !Object.hasOwn(this.#listeners, event))
      throw new InvalidOptionError(
        'event',
        `must be 'error', 'gap' or 'slowLock', not ${shown(event)}`,
      );
    const listeners = this.#listeners[event] as Set<Listener<E>>;
    // A function of its own, so that the same listener can be added twice and each be stopped alone.
    const entry: Listener<E> = (...args) => listener(...args);
    listeners.add(entry);
    return () => void listeners.delete(entry);
  }

  /** Reports what no caller waits for; a process warning when nobody listens. */
  error(error: Error): void {
    if (this.#listeners.error.size === 0) process.emitWarning(error);
    for (const listener of [...this.#listeners.error]) {
      try {
        listener(error);
      } catch (thrown) {
        process.emitWarning(asError(thrown));
      }
    }
  }

  /** Reports that signals may have been missed. */
  gap(): void {
    for (const listener of [...this.#listeners.gap]) this.#call(listener);
  }

  /** Reports that locks are held for long. */
  slowLock(event: SlowLockEvent): void {
    for (const listener of [...this.#listeners.slowLock]) this.#call(() => listener(event));
  }

  #call(listener: () => void): void {
    try {
      listener();
    } catch (thrown) {
      this.error(asError(thrown));
    }
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(shown(thrown));
}
