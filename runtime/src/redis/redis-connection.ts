import { createClient } from 'redis';
import { ConnectionFailedError, ConnectionLostError } from '../errors/store-errors.js';
import { connectionReason, replyError } from './redis-errors.js';
import type { RedisClientSettings, RedisSettings } from './redis-options.js';

type Client = ReturnType<typeof createClient>;

/**
 * One connection, for its whole life: the client neither connects again of its own accord nor keeps commands until it has, so
 * that it is known what was sent and what may have been missed.
 */
export class RedisConnection {
  /** The server, as `host:port`, for messages. */
  readonly server: string;
  readonly #client: Client;
  readonly #settings: RedisSettings;
  readonly #onLost: () => void;
  #isDead = false;

  /** @param onLost - called once when it is lost or destroyed */
  constructor(client: RedisClientSettings, settings: RedisSettings, onLost: () => void) {
    this.server = describeServer(client);
    this.#settings = settings;
    this.#onLost = onLost;
    const { connectTimeoutMs } = settings;
    this.#client = createClient({
      ...client,
      // All that is needed, on servers of every age; it asks for none of the notices of a newer one.
      RESP: 2,
      disableOfflineQueue: true,
      socket: { ...client.socket, connectTimeout: connectTimeoutMs, reconnectStrategy: false },
    });
    for (const event of ['error', 'terminated', 'end'])
      this.#client.on(event, () => this.destroy());
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /**
   * Connects.
   *
   * @param signal - gives up
   * @throws ConnectionFailedError
   */
  async open(signal: AbortSignal): Promise<this> {
    const abort = (): void => this.destroy();
    signal.addEventListener('abort', abort);
    try {
      signal.throwIfAborted();
      await within(this.#settings.connectTimeoutMs, this.#client.connect());
      signal.throwIfAborted();
      return this;
    } catch (error) {
      this.destroy();
      throw new ConnectionFailedError(this.server, connectionReason(error), { cause: error });
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /**
   * Sends messages, in their order.
   *
   * @throws ConnectionLostError with `outcome: 'unknown'`, SignalTransportError for what the server refused
   */
  async publish(channel: string, messages: readonly string[]): Promise<void> {
    await this.#reply(
      Promise.all(messages.map((message) => this.#client.publish(channel, message))),
    );
  }

  /**
   * Hands over what arrives on some channels.
   *
   * @throws ConnectionLostError, SignalTransportError
   */
  async subscribe(
    channels: readonly string[],
    listener: (message: string, channel: string) => void,
  ): Promise<void> {
    await this.#reply(this.#client.subscribe([...channels], listener));
  }

  /** Asks for a reply. @throws ConnectionLostError */
  async ping(): Promise<void> {
    await this.#reply(this.#client.ping());
  }

  /** Closes it at once. */
  destroy(): void {
    if (this.#isDead) return;
    this.#isDead = true;
    if (this.#client.isOpen) this.#client.destroy();
    this.#onLost();
  }

  /** Waits for a reply. */
  async #reply(reply: Promise<unknown>): Promise<void> {
    try {
      await within(this.#settings.replyTimeoutMs, reply);
    } catch (error) {
      const refusal = replyError(error);
      if (refusal !== undefined) throw refusal;
      this.destroy();
      throw new ConnectionLostError('unknown', {
        cause: error,
        message: `The connection to ${this.server} was lost while signals were sent: they may have arrived or not.`,
      });
    }
  }
}

async function within<R>(timeoutMs: number, promise: Promise<R>): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no reply within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Never with a password. */
function describeServer({ url, socket }: RedisClientSettings): string {
  const { path, host, port } = (socket ?? {}) as { path?: string; host?: string; port?: number };
  if (path !== undefined) return path;
  const parsed = url === undefined ? undefined : new URL(url);
  const portText = port?.toString() ?? (parsed?.port === '' ? undefined : parsed?.port) ?? '6379';
  return `${host ?? parsed?.hostname ?? 'localhost'}:${portText}`;
}
