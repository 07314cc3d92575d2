import { StoreClosedError } from '../errors/store-errors.js';

/** Counts what runs on a store, so that closing it can wait. */
export class OpenWork {
  #count = 0;
  #closed = false;
  #onIdle: (() => void) | undefined;

  /** @throws {@link StoreClosedError} after `close` */
  assertOpen(): void {
    if (this.#closed) throw new StoreClosedError();
  }

  /**
   * Notes that a piece of work begins; {@link leave} has to follow.
   *
   * @throws {@link StoreClosedError} after `close`
   */
  enter(): void {
    this.assertOpen();
    this.#count += 1;
  }

  /** Notes that a piece of work is over. */
  leave(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#onIdle?.();
  }

  /**
   * Runs one piece of work.
   *
   * @throws {@link StoreClosedError} after `close`, without running it
   */
  async run<R>(work: () => R | Promise<R>): Promise<R> {
    this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  /** Refuses new work from now on; resolves when the running work is done. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#count > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }
}
