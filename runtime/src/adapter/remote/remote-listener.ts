import { SignalsUnheardError } from '../../errors/signal-errors.js';
import { ConnectionLostError, StoreClosedError } from '../../errors/store-errors.js';
import type { TopicListener } from '../signal-transport.js';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/** How long what a connection sends itself may take to arrive, counted from when it was sent. */
export const ECHO_TIMEOUT_MS = 5_000;

/** A connection on which topics arrive. */
export interface ListeningConnection {
  /** Whether it was lost. */
  readonly isDead: boolean;
  /**
   * Sends itself something and waits until it arrives, within {@link ECHO_TIMEOUT_MS}.
   *
   * @throws SignalsUnheardError when it does not arrive, ConnectionLostError when it could not be sent or the connection is lost
   */
  hearItself(): Promise<void>;
  /** Closes it at once. */
  destroy(): void;
  /** Says goodbye and closes it. Never throws. */
  close(): Promise<void>;
}

/** Opens a connection that hands over what arrives, and calls `onLost` when it is lost. */
export type Listen = (
  listener: TopicListener,
  onLost: () => void,
  signal: AbortSignal,
) => Promise<ListeningConnection>;

/** Listens on one connection: opened again, for as long as it takes, whenever it is lost. */
export class RemoteListener {
  /**
   * Resolves when it has heard itself for the first time. Rejects when it is closed before that, or cannot hear itself: it goes
   * on trying then, and once it does it reports a gap.
   */
  readonly ready: Promise<void>;
  readonly #listen: Listen;
  readonly #listener: TopicListener;
  readonly #heartbeatMs: number;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #wake: () => void = () => undefined;

  /** @param heartbeatMs - how often to check that it still hears itself */
  constructor(listen: Listen, listener: TopicListener, heartbeatMs: number) {
    this.#listen = listen;
    this.#listener = listener;
    this.#heartbeatMs = heartbeatMs;
    let onReady: () => void = () => undefined;
    let onUnheard: (error: Error) => void = () => undefined;
    this.ready = new Promise((resolve, reject) => {
      onReady = resolve;
      onUnheard = reject;
      this.#closing.signal.addEventListener('abort', () => reject(new StoreClosedError()));
    });
    this.ready.catch(() => undefined);
    this.#running = this.#run(onReady, onUnheard);
  }

  /** Stops listening. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake();
    await this.#running;
  }

  async #run(onReady: () => void, onUnheard: (error: Error) => void): Promise<void> {
    let mayHaveMissed = false;
    let pauseMs = FIRST_PAUSE_MS;
    let reported: string | undefined;
    while (!this.#closing.signal.aborted) {
      try {
        const connection = await this.#connect();
        pauseMs = FIRST_PAUSE_MS;
        reported = undefined;
        if (mayHaveMissed) this.#listener.gap();
        mayHaveMissed = true;
        onReady();
        await this.#watch(connection);
        await connection.close();
      } catch (error) {
        // Once for each reason: what is wrong is news, that it still is wrong is not.
        const { message } = error as Error;
        if (message !== reported && !this.#closing.signal.aborted)
          this.#listener.error(error as Error);
        reported = message;
        if (error instanceof SignalsUnheardError) {
          mayHaveMissed = true;
          onUnheard(error);
        }
      }
      // Not all processes at the same moment.
      await this.#sleep(pauseMs * (0.5 + Math.random() / 2));
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  /** Opens a connection that hears itself. */
  async #connect(): Promise<ListeningConnection> {
    const { signal } = this.#closing;
    const connection = await this.#listen(this.#listener, () => this.#wake(), signal);
    try {
      await this.#check(connection);
      return connection;
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }

  /**
   * Returns when the connection is lost; a half-open one, or one that a pooler has given to others, would be silent for ever.
   *
   * @throws SignalsUnheardError
   */
  async #watch(connection: ListeningConnection): Promise<void> {
    while (!connection.isDead && !this.#closing.signal.aborted) {
      await this.#sleep(this.#heartbeatMs);
      if (connection.isDead || this.#closing.signal.aborted) return;
      try {
        await this.#check(connection);
      } catch (error) {
        if (connection.isDead) return;
        // What could not be sent proves nothing: others may be heard all the same.
        if (error instanceof ConnectionLostError) continue;
        connection.destroy();
        throw error;
      }
    }
  }

  async #check(connection: ListeningConnection): Promise<void> {
    const { signal } = this.#closing;
    // Who closes does not wait for what may never come.
    const abort = (): void => connection.destroy();
    signal.addEventListener('abort', abort);
    try {
      await connection.hearItself();
      signal.throwIfAborted();
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Resolves after some time, or when something happened. */
  async #sleep(ms: number): Promise<void> {
    if (this.#closing.signal.aborted) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }
}
