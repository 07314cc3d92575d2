import { randomUUID } from 'node:crypto';
import { Echo } from '../adapter/remote/echo.js';
import { ECHO_TIMEOUT_MS, type ListeningConnection } from '../adapter/remote/remote-listener.js';
import type { TopicListener } from '../adapter/signal-transport.js';
import { SignalDecodeError, SignalsUnheardError } from '../errors/signal-errors.js';
import { RedisConnection } from './redis-connection.js';
import { decodeMessage } from './redis-message.js';
import type { RedisClientSettings, RedisSettings } from './redis-options.js';

const MEND = 'Let the address lead to one server, or to one cluster, that passes pub/sub on.';

/** Sends an empty message, on the connection that sends. */
type Send = (channel: string) => Promise<void>;

/** The connection that listens. What it sends itself comes by the way that topics take, on a channel that nobody else hears. */
export class RedisListenConnection implements ListeningConnection {
  readonly #connection: RedisConnection;
  readonly #channel: string;
  readonly #echoChannel: string;
  readonly #listener: TopicListener;
  readonly #send: Send;
  readonly #echo = new Echo();
  #hasHeard = false;

  constructor(
    client: RedisClientSettings,
    settings: RedisSettings,
    listener: TopicListener,
    send: Send,
    onLost: () => void,
  ) {
    this.#connection = new RedisConnection(client, settings, () => {
      this.#echo.lost();
      onLost();
    });
    this.#channel = settings.channel;
    this.#echoChannel = `${settings.channel}_echo:${randomUUID()}`;
    this.#listener = listener;
    this.#send = send;
  }

  /**
   * Connects and subscribes.
   *
   * @param signal - gives up
   * @throws ConnectionFailedError, ConnectionLostError, SignalTransportError
   */
  async open(signal: AbortSignal): Promise<void> {
    await this.#connection.open(signal);
    try {
      const channels = [this.#channel, this.#echoChannel];
      await this.#connection.subscribe(channels, (message, channel) => {
        this.#hasHeard = true;
        if (channel === this.#channel) this.#receive(message);
        else this.#echo.heard();
      });
      this.#hasHeard = false;
    } catch (error) {
      this.#connection.destroy();
      throw error;
    }
  }

  get isDead(): boolean {
    return this.#connection.isDead;
  }

  async hearItself(): Promise<void> {
    if (this.#hasHeard) {
      this.#hasHeard = false;
      return;
    }
    await this.#connection.ping();
    const isHeard = await this.#echo.of(() => this.#send(this.#echoChannel), ECHO_TIMEOUT_MS);
    if (!isHeard) {
      throw new SignalsUnheardError(`Channel ${this.#channel} of ${this.#connection.server}`, MEND);
    }
  }

  destroy(): void {
    this.#connection.destroy();
  }

  async close(): Promise<void> {
    this.#connection.destroy();
  }

  #receive(message: string): void {
    const topics = decodeMessage(message);
    if (topics === undefined) this.#listener.error(new SignalDecodeError(this.#channel, message));
    else for (const topic of topics) this.#listener.topic(topic);
  }
}
