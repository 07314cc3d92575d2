import type { TopicListener } from '../adapter/signal-transport.js';
import { SignalDecodeError } from '../errors/signal-errors.js';
import { StoreClosedError } from '../errors/store-errors.js';
import { connectionError } from './connection-errors.js';
import type { Connection } from './connection.js';
import type { ConnectionFactory } from './connection-factory.js';
import { decodePayload } from './signal-payload.js';
import { simpleStatement } from './statement.js';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;
const LONGEST_REPLY_MS = 5_000;

const PING = simpleStatement('select 1');

/** The one LISTEN connection of a store: opened again, for as long as it takes, whenever it is lost. */
export class SignalListener {
  /** Resolves when it listens for the first time; rejects when it is closed before that. */
  readonly ready: Promise<void>;
  readonly #factory: ConnectionFactory;
  readonly #listener: TopicListener;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #wake: () => void = () => undefined;

  constructor(factory: ConnectionFactory, listener: TopicListener) {
    this.#factory = factory;
    this.#listener = listener;
    let onReady: () => void = () => undefined;
    this.ready = new Promise((resolve, reject) => {
      onReady = resolve;
      this.#closing.signal.addEventListener('abort', () => reject(new StoreClosedError()));
    });
    this.ready.catch(() => undefined);
    this.#running = this.#run(onReady);
  }

  /** Stops listening. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake();
    await this.#running;
  }

  async #run(onReady: () => void): Promise<void> {
    let hasListened = false;
    let pauseMs = FIRST_PAUSE_MS;
    let reported: string | undefined;
    while (!this.#closing.signal.aborted) {
      try {
        const connection = await this.#connect();
        pauseMs = FIRST_PAUSE_MS;
        reported = undefined;
        if (hasListened) this.#listener.gap();
        hasListened = true;
        onReady();
        await this.#watch(connection);
        await connection.close();
      } catch (error) {
        // Once for each reason: what is wrong is news, that it still is wrong is not.
        const { message } = error as Error;
        if (message !== reported && !this.#closing.signal.aborted)
          this.#listener.error(error as Error);
        reported = message;
      }
      // Not all processes at the same moment.
      await this.#sleep(pauseMs * (0.5 + Math.random() / 2));
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  /** Opens a connection that listens. */
  async #connect(): Promise<Connection> {
    const { channel } = this.#factory.settings;
    const connection = await this.#factory.connect(
      {
        onDead: () => this.#wake(),
        onNotify: (from, payload) => {
          if (from === channel) this.#receive(payload);
        },
      },
      this.#closing.signal,
    );
    try {
      // Not as an identifier of the driver, for which a dot separates two names.
      const listen = simpleStatement(`listen "${channel.replaceAll('"', '""')}"`);
      await connection.execute(listen, LONGEST_REPLY_MS);
      return connection;
    } catch (error) {
      connection.destroy();
      throw connectionError(error, this.#factory.server);
    }
  }

  /** Returns when the connection is lost, or does not answer: one that is half-open would be silent for ever. */
  async #watch(connection: Connection): Promise<void> {
    const { heartbeatMs } = this.#factory.settings;
    while (!connection.isDead && !this.#closing.signal.aborted) {
      await this.#sleep(heartbeatMs);
      if (connection.isDead || this.#closing.signal.aborted) return;
      const replyTimeoutMs = Math.min(heartbeatMs, LONGEST_REPLY_MS);
      await connection.execute(PING, replyTimeoutMs).catch(() => connection.destroy());
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

  #receive(payload: string): void {
    const topic = decodePayload(payload);
    if (topic !== undefined) this.#listener.topic(topic);
    else this.#listener.error(new SignalDecodeError(this.#factory.settings.channel, payload));
  }
}
