import { randomUUID } from 'node:crypto';
import { Echo } from '../adapter/remote/echo.js';
import { ECHO_TIMEOUT_MS, type ListeningConnection } from '../adapter/remote/remote-listener.js';
import type { TopicListener } from '../adapter/signal-transport.js';
import { SignalDecodeError, SignalsUnheardError } from '../errors/signal-errors.js';
import { connectionError } from './connection-errors.js';
import type { Connection } from './connection.js';
import type { ConnectionFactory } from './connection-factory.js';
import { decodePayload } from './signal-payload.js';
import { simpleStatement, type Statement } from './statement.js';

const LONGEST_REPLY_MS = 5_000;

const MEND =
  'LISTEN passes no pooler that shares its connections (PgBouncer in transaction mode): give listenUrl, the address of the ' +
  'server itself, or carry the signals by redisSignals(). Both addresses have to lead to the same database.';

/** Sends an empty notification, on another connection than the one that listens. */
export type Notify = (channel: string) => Promise<void>;

/**
 * The connection that listens. What it sends itself goes through another one, by the way that topics take, and back on a channel
 * that nobody else hears: a pooler answers LISTEN, and even hands over what is sent on the same connection.
 */
export class ListenConnection implements ListeningConnection {
  readonly #factory: ConnectionFactory;
  readonly #listener: TopicListener;
  readonly #notify: Notify;
  readonly #echo = new Echo();
  readonly #echoChannel = `justscale_echo_${randomUUID()}`;
  #hasHeard = false;
  #connection: Connection | undefined;

  constructor(factory: ConnectionFactory, listener: TopicListener, notify: Notify) {
    this.#factory = factory;
    this.#listener = listener;
    this.#notify = notify;
  }

  /**
   * Connects.
   *
   * @throws ConnectionFailedError
   */
  async open(onLost: () => void, signal: AbortSignal): Promise<void> {
    const { channel } = this.#factory.settings;
    this.#connection = await this.#factory.connect(
      {
        onDead: () => {
          this.#echo.lost();
          onLost();
        },
        onNotify: (from, payload) => {
          this.#hasHeard = true;
          if (from === this.#echoChannel) this.#echo.heard();
          else if (from === channel) this.#receive(payload);
        },
      },
      signal,
    );
  }

  get isDead(): boolean {
    return this.#connection?.isDead ?? true;
  }

  async hearItself(): Promise<void> {
    const connection = this.#opened();
    const { server, settings } = this.#factory;
    const hasHeard = this.#hasHeard;
    try {
      // Also when it listens already: it has to answer, and costs no more than `select 1`.
      await connection.execute(this.#statement(), Math.min(settings.heartbeatMs, LONGEST_REPLY_MS));
    } catch (error) {
      connection.destroy();
      throw connectionError(error, server);
    }
    // What comes with the reply may be what a pooler's connection had for somebody else.
    this.#hasHeard = false;
    if (hasHeard) return;
    if (await this.#echo.of(() => this.#notify(this.#echoChannel), ECHO_TIMEOUT_MS)) return;
    if (connection.isDead) throw connectionError({ code: 'ECONNRESET' }, server);
    throw new SignalsUnheardError(`NOTIFY ${settings.channel} over ${server}`, MEND);
  }

  destroy(): void {
    this.#opened().destroy();
  }

  close(): Promise<void> {
    return this.#opened().close();
  }

  #statement(): Statement {
    const channels = [this.#factory.settings.channel, this.#echoChannel];
    // Not as identifiers of the driver, for which a dot separates two names.
    const listen = channels.map((name) => `listen "${name.replaceAll('"', '""')}"`);
    return simpleStatement(listen.join('; '));
  }

  #opened(): Connection {
    if (this.#connection === undefined) throw new Error('open() comes first');
    return this.#connection;
  }

  #receive(payload: string): void {
    const topic = decodePayload(payload);
    if (topic !== undefined) this.#listener.topic(topic);
    else this.#listener.error(new SignalDecodeError(this.#factory.settings.channel, payload));
  }
}
