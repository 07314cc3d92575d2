import { StoreClosedError } from '../errors/store-errors.js';

/** A piece of work that runs on a store. */
export interface WorkPiece {
  /** Ends it before it is over, if that can be done: its caller is told the reason. */
  readonly interrupt: ((reason: Error) => void) | undefined;
}

/** What runs on a store, so that closing it can wait, and need not wait for ever. */
export class OpenWork {
  readonly #pieces = new Set<WorkPiece>();
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
  enter(interrupt?: WorkPiece['interrupt']): WorkPiece {
    this.assertOpen();
    const piece = { interrupt };
    this.#pieces.add(piece);
    return piece;
  }

  /** Notes that a piece of work is over. */
  leave(piece: WorkPiece): void {
    this.#pieces.delete(piece);
    if (this.#pieces.size === 0) this.#onIdle?.();
  }

  /**
   * Runs one piece of work.
   *
   * @throws {@link StoreClosedError} after `close`, without running it
   */
  async run<R>(work: () => R | Promise<R>, interrupt?: WorkPiece['interrupt']): Promise<R> {
    const piece = this.enter(interrupt);
    try {
      return await work();
    } finally {
      this.leave(piece);
    }
  }

  /** Ends what runs, as far as that can be done. */
  interrupt(reason: Error): void {
    for (const piece of [...this.#pieces]) piece.interrupt?.(reason);
  }

  /** Refuses new work from now on; resolves when the running work is done. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#pieces.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }
}
