import type { SignalLimits, SignalTransport, TopicListener } from '../adapter/signal-transport.js';
import { ConnectionLostError } from '../errors/store-errors.js';
import type { Connection } from './connection.js';
import type { ConnectionFactory } from './connection-factory.js';
import { ConnectionPool } from './connection-pool.js';
import { LostConnection } from './connection.js';
import { statementError } from './postgres-errors.js';
import { encodePayloads, MAX_TOPIC_BYTES } from './signal-payload.js';
import { RemoteListener, type Listen } from '../adapter/remote/remote-listener.js';
import { ListenConnection } from './listen-connection.js';
import type { Statement } from './statement.js';
import { notifyStatement } from './transaction-statements.js';

/** The most topics of a statement, and the most statements on their way, so that the server need not wait for the next. */
const MAX_TOPICS = 500;
const MAX_ON_THE_WAY = 4;

/** The connection of the statements that are on their way. */
interface Sender {
  readonly pool: ConnectionPool;
  readonly connection: Promise<Connection>;
  statements: number;
}

/**
 * Signals on one NOTIFY channel. Each NOTIFY takes a lock on the whole database at its COMMIT, so many topics are one statement.
 * It uses a connection of the pool when one is idle, else one of its own, so that no transaction is waited for.
 */
export class PostgresSignals implements SignalTransport {
  readonly name = 'postgres';
  readonly limits: SignalLimits = {
    topicBytes: MAX_TOPIC_BYTES,
    topicsAtOnce: MAX_TOPICS,
    callsAtOnce: MAX_ON_THE_WAY,
  };
  readonly #factory: ConnectionFactory;
  readonly #listenFactory: ConnectionFactory;
  readonly #shared: ConnectionPool;
  readonly #own: ConnectionPool;
  #sender: Sender | undefined;
  #listener: RemoteListener | undefined;

  /**
   * @param factory - of the connections that send
   * @param listenFactory - of the connection that listens
   * @param shared - the connections of the transactions
   */
  constructor(
    factory: ConnectionFactory,
    listenFactory: ConnectionFactory,
    shared: ConnectionPool,
  ) {
    this.#factory = factory;
    this.#listenFactory = listenFactory;
    this.#shared = shared;
    this.#own = new ConnectionPool(factory, 1);
  }

  async publish(topics: readonly string[]): Promise<void> {
    const { channel, replyTimeoutMs } = this.#factory.settings;
    const statement = notifyStatement(channel, encodePayloads(topics));
    const sender = (this.#sender ??= this.#takeConnection());
    sender.statements += 1;
    try {
      const connection = await sender.connection;
      await connection.execute(statement, replyTimeoutMs);
    } catch (error) {
      if (error instanceof LostConnection && error.wasSent)
        throw new ConnectionLostError('unknown', { cause: error });
      throw statementError(error, { name: `NOTIFY ${channel}` });
    } finally {
      sender.statements -= 1;
      if (sender.statements === 0) this.#release(sender);
    }
  }

  /** Sends any number of topics at once. */
  async publishAll(topics: readonly string[]): Promise<void> {
    const calls: Promise<void>[] = [];
    for (let at = 0; at < topics.length; at += MAX_TOPICS)
      calls.push(this.publish(topics.slice(at, at + MAX_TOPICS)));
    await Promise.all(calls);
  }

  listen(listener: TopicListener): Promise<void> {
    const listen: Listen = async (to, onLost, signal) => {
      const notify = (channel: string): Promise<void> => this.#echo(channel, signal);
      const connection = new ListenConnection(this.#listenFactory, to, notify);
      await connection.open(onLost, signal);
      return connection;
    };
    this.#listener = new RemoteListener(listen, listener, this.#factory.settings.heartbeatMs);
    return this.#listener.ready;
  }

  async close(): Promise<void> {
    await this.#listener?.close();
    await this.#own.close();
  }

  /** The statements that send topics as part of a transaction. */
  statements(topics: readonly string[]): Statement[] {
    const payloads = encodePayloads(topics);
    const statements: Statement[] = [];
    for (let at = 0; at < payloads.length; at += MAX_TOPICS) {
      const some = payloads.slice(at, at + MAX_TOPICS);
      statements.push(notifyStatement(this.#factory.settings.channel, some));
    }
    return statements;
  }

  /** Sends an empty notification; a connection that has to be opened for it is not kept. */
  async #echo(channel: string, signal: AbortSignal): Promise<void> {
    const pool = this.#shared;
    const idle = pool.takeIdle();
    const connection = idle ?? (await this.#factory.connect({}, signal));
    try {
      const statement = notifyStatement(channel, ['']);
      await connection.execute(statement, this.#factory.settings.replyTimeoutMs);
    } catch (error) {
      throw statementError(error, { name: `NOTIFY ${channel}` });
    } finally {
      if (idle === undefined) await connection.close();
      else pool.release(idle);
    }
  }

  #takeConnection(): Sender {
    const idle = this.#shared.takeIdle();
    return {
      pool: idle === undefined ? this.#own : this.#shared,
      connection: Promise.resolve(idle ?? this.#own.acquire()),
      statements: 0,
    };
  }

  #release(sender: Sender): void {
    if (this.#sender === sender) this.#sender = undefined;
    sender.connection.then(
      (connection) => sender.pool.release(connection),
      () => undefined,
    );
  }
}
