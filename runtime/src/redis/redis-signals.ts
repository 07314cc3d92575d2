import { RemoteListener, type Listen } from '../adapter/remote/remote-listener.js';
import type { SignalLimits, SignalTransport, TopicListener } from '../adapter/signal-transport.js';
import { RedisConnection } from './redis-connection.js';
import { RedisListenConnection } from './redis-listen-connection.js';
import { encodeMessages } from './redis-message.js';
import {
  checkSettings,
  clientSettings,
  type RedisClientSettings,
  type RedisSettings,
  type RedisSignalsOptions,
} from './redis-options.js';

/**
 * Carries the signals of one store over Redis or Valkey (pub/sub) instead of its database: `postgresStore(url, { signals:
 * redisSignals(redisUrl) })`. They are sent after the COMMIT, and never for a rollback; a process that crashes between the two
 * loses them, and so does a subscriber without a connection: it hears a gap when it is back. Nothing is kept on the server.
 *
 * It uses two connections, one to send and one to listen, which are opened when they are first needed.
 *
 * @param urlOrOptions - a `redis://` url, or `rediss://` for TLS, or the options of the client, the package `redis`
 * @throws {@link InvalidOptionError} for a url or an option that cannot be used
 */
export function redisSignals(
  urlOrOptions: string | RedisClientSettings,
  options: RedisSignalsOptions = {},
): SignalTransport {
  return new RedisSignals(clientSettings(urlOrOptions), checkSettings(options));
}

class RedisSignals implements SignalTransport {
  readonly name = 'redis';
  /** The longest topic is that of Postgres, so that what works here works there. */
  readonly limits: SignalLimits = { topicBytes: 7_900, topicsAtOnce: 1_000, callsAtOnce: 4 };
  readonly #client: RedisClientSettings;
  readonly #settings: RedisSettings;
  readonly #closing = new AbortController();
  #sender:
    { readonly opened: Promise<RedisConnection>; readonly connection: RedisConnection } | undefined;
  #listener: RemoteListener | undefined;

  constructor(client: RedisClientSettings, settings: RedisSettings) {
    this.#client = client;
    this.#settings = settings;
  }

  async publish(topics: readonly string[]): Promise<void> {
    await this.#send(this.#settings.channel, encodeMessages(topics));
  }

  listen(listener: TopicListener): Promise<void> {
    const listen: Listen = async (to, onLost, signal) => {
      const send = (channel: string): Promise<void> => this.#send(channel, ['']);
      const connection = new RedisListenConnection(this.#client, this.#settings, to, send, onLost);
      await connection.open(signal);
      return connection;
    };
    this.#listener = new RemoteListener(listen, listener, this.#settings.heartbeatMs);
    return this.#listener.ready;
  }

  async close(): Promise<void> {
    await this.#listener?.close();
    this.#closing.abort();
    const sender = this.#sender;
    sender?.connection.destroy();
    await sender?.opened.catch(() => undefined);
  }

  async #send(channel: string, messages: readonly string[]): Promise<void> {
    const connection = await this.#connected();
    await connection.publish(channel, messages);
  }

  /** The connection that sends; another one when it was lost. */
  #connected(): Promise<RedisConnection> {
    if (this.#sender === undefined || this.#sender.connection.isDead) {
      const connection = new RedisConnection(this.#client, this.#settings, () => undefined);
      this.#sender = { connection, opened: connection.open(this.#closing.signal) };
    }
    return this.#sender.opened;
  }
}
