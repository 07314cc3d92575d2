import { setTimeout as delay } from 'node:timers/promises';

/** "Canceling statement". */
const CANCELLED = '57014';
/** How long a cancellation may take before the connection is given up, in milliseconds. */
const CANCELLING_MS = 2_000;
/** After how long it is cancelled again: a cancellation that comes between two statements does nothing. */
const CANCEL_AGAIN_MS = 50;

/** A connection, as far as what it does can be ended. */
export interface Interruptible {
  /** Whether nothing is under way. */
  readonly isIdle: boolean;
  /** Asks the server to cancel what it is doing. */
  cancel(): Promise<void>;
  /** Gives it up. */
  destroy(cause?: unknown): void;
}

/** The end of statements before their time. */
interface Interruption {
  readonly reason: Error | undefined;
  /** Resolves when they have ended, and no cancellation can hit another statement. */
  readonly over: Promise<void>;
  /** Called when one of them has ended, or the connection has. */
  wake(): void;
}

/** Ends what was sent on one connection and has no reply: the server is asked to cancel, until all has failed. */
export class Interruptions {
  readonly #connection: Interruptible;
  #current: Interruption | undefined;

  constructor(connection: Interruptible) {
    this.#connection = connection;
  }

  /**
   * Ends what is under way; a connection on which that cannot be done is given up.
   *
   * @param reason - what it fails with, instead of the server's error
   */
  begin(reason: Error | undefined): void {
    if (this.#current !== undefined || this.#connection.isIdle) return;
    let wake: () => void = () => undefined;
    const woken = new Promise<void>((resolve) => (wake = resolve));
    const timer = setTimeout(() => this.#connection.destroy(reason), CANCELLING_MS);
    const over = this.#cancelAll(woken)
      .catch((error: unknown) => this.#connection.destroy(error))
      .then(() => {
        clearTimeout(timer);
        this.#current = undefined;
      });
    this.#current = { reason, over, wake };
  }

  /** What a statement fails with that the server has answered with this error. */
  reasonFor(error: unknown): unknown {
    const { code } = error as { readonly code?: string };
    return (code === CANCELLED ? this.#current?.reason : undefined) ?? error;
  }

  /** Hands an outcome on: once no cancellation can hit what is sent because of it. */
  settle(handOn: () => void): void {
    const current = this.#current;
    if (current === undefined) {
      handOn();
      return;
    }
    current.wake();
    void current.over.then(handOn);
  }

  /** The connection has ended. */
  stop(): void {
    this.#current?.wake();
  }

  /** @param woken - resolves when something has ended */
  async #cancelAll(woken: Promise<void>): Promise<void> {
    while (!this.#connection.isIdle) {
      await this.#connection.cancel();
      await Promise.race([woken, delay(CANCEL_AGAIN_MS)]);
    }
  }
}
