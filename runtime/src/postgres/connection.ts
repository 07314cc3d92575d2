import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { PendingQuery, Row, RowList } from 'postgres';
import { ReadTimeoutError } from '../errors/store-errors.js';
import type { Client } from './client.js';
import { ReplyWatch, type ReplyLimit } from './reply-watch.js';
import { simpleStatement, type Statement } from './statement.js';

/** The rows of a statement, with `count` and `command`; all values are text or `null`. */
export type Rows = RowList<Row[]>;

/** What the driver is given so that it can use a connection, but not replace it. */
export interface ClientHooks {
  readonly socket: () => Promise<Socket>;
  readonly onclose: () => void;
  readonly onnotify: (channel: string, payload: string) => void;
}

/** What a connection leads to. */
export interface Endpoint {
  /** Begins to open a socket to the server. */
  openSocket(): Socket | Promise<Socket>;
  /** Makes a client of the driver; it connects with its first query. */
  createClient(hooks: ClientHooks): Promise<Client>;
}

export interface ConnectionEvents {
  /** The connection was lost or destroyed; called once. */
  onDead?(connection: Connection): void;
  /** A notification arrived. */
  onNotify?(channel: string, payload: string): void;
}

/** The connection was lost. */
export class LostConnection extends Error {
  override readonly name = 'LostConnection';
  /** Whether the statement had been handed to the connection: it may have been executed. */
  readonly wasSent: boolean;

  constructor(wasSent: boolean, options?: ErrorOptions) {
    super('the connection is gone', options);
    this.wasSent = wasSent;
  }
}

/** A query of the driver, with what its types do not name. */
interface Query extends PendingQuery<Row[]> {
  /** What `cancel()` calls: it drops this promise, so a failure would be an unhandled rejection. */
  readonly canceller: ((query: unknown) => Promise<unknown>) | null;
  /** What is bound in place of the arguments. */
  parameters?: readonly (string | null)[];
  /** Ends it here; a reply that comes later is dropped. */
  reject(error: Error): void;
}

/**
 * The errors upon which the driver prepares a statement again and repeats it (see its `connection.js`), without holding
 * back what is sent meanwhile: replies would go to the wrong statements.
 */
const REPEATED_BY_DRIVER: ReadonlySet<string> = new Set([
  'FetchPreparedStatement',
  'RevalidateCachedQuery',
  'transformAssignedExpr',
]);

/**
 * The most statements that a connection prepares: the server keeps some 30 kB for each, for as long as the connection lives. One
 * beyond them takes a round trip more.
 */
const MAX_PREPARED = 400;
/** How many of those a connection may have sent before the pool opens another one in its place. */
const MAX_UNPREPARED = 400;

const PING = simpleStatement('select 1');

/** "Canceling statement". */
const CANCELLED = '57014';
/** How long a cancellation may take before the connection is given up, in milliseconds. */
const CANCELLING_MS = 2_000;

/** The end of a statement before its time. */
interface Interruption {
  readonly query: Query;
  readonly reason: Error;
  /** Resolves when it can no longer hit another statement. */
  readonly over: Promise<void>;
  readonly timer: NodeJS.Timeout;
  onDead(): void;
}

/**
 * One connection, for its whole life. When the driver loses a connection it opens another one under the same name, and sends
 * there whatever waits: a write would then run outside its transaction. Here it gets one socket and never a second,
 * so there is no other connection to send anything on; and once it is lost, every statement under way fails at once.
 */
export class Connection {
  readonly #endpoint: Endpoint;
  readonly #events: ConnectionEvents;
  /** What a reply is to come for, in the order in which it will. */
  readonly #pending = new Set<Query>();
  readonly #watch: ReplyWatch;
  readonly #cancelSockets = new Set<Socket>();
  /** The texts of the statements that the server keeps for this connection. */
  readonly #prepared = new Set<string>();
  /** How many statements went without that. */
  #unprepared = 0;
  #client: Client | undefined;
  #socket: Socket | undefined;
  #isDead = false;
  #isCancelling = false;
  #onIdle: (() => void) | undefined;
  #interruption: Interruption | undefined;

  constructor(endpoint: Endpoint, events: ConnectionEvents) {
    this.#endpoint = endpoint;
    this.#events = events;
    this.#watch = new ReplyWatch((limit) => this.#onLate(limit));
  }

  /** Connects. Rejects with the driver's or the server's error, or with {@link LostConnection} around it. */
  async connect(timeoutMs: number): Promise<void> {
    const timer = setTimeout(() => this.#die({ code: 'CONNECT_TIMEOUT' }), timeoutMs);
    try {
      this.#client = await this.#endpoint.createClient({
        socket: () => this.#provideSocket(),
        onclose: () => this.#die(),
        onnotify: (channel, payload) => {
          if (!this.#isDead) this.#events.onNotify?.(channel, payload);
        },
      });
      await this.execute(PING);
    } finally {
      clearTimeout(timer);
    }
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Whether it holds so many prepared statements that others have to go without, again and again: a new one does better. */
  get isWornOut(): boolean {
    return this.#unprepared >= MAX_UNPREPARED;
  }

  /**
   * Sends a statement right behind those before it; the replies come in the same order.
   *
   * @param replyTimeoutMs - how long to wait for a reply, counted from now; without it, only the operating system gives up on a
   *   connection that is half-open, after many minutes
   * @param whenLate - what to do then
   * @throws LostConnection when the connection is lost, else the server's error
   * @throws {@link ReadTimeoutError} for a read that was cancelled
   */
  execute(
    statement: Statement,
    replyTimeoutMs?: number,
    whenLate: ReplyLimit['whenLate'] = 'give up',
  ): Promise<Rows> {
    const client = this.#client;
    if (this.#isDead || client === undefined) return Promise.reject(new LostConnection(false));
    const query = toQuery(client, statement, this.#mayPrepare(statement));
    this.#pending.add(query);
    if (replyTimeoutMs !== undefined)
      this.#watch.expect(query, { timeoutMs: replyTimeoutMs, whenLate });
    return query.then(
      (rows) => {
        const interruption = this.#settle(query);
        const result = rows as unknown as Rows;
        return interruption === undefined ? result : interruption.over.then(() => result);
      },
      (error: unknown) => {
        const interruption = this.#settle(query);
        if (interruption === undefined || (error as { code?: string }).code !== CANCELLED)
          throw this.#failure(error);
        return interruption.over.then(() => {
          throw interruption.reason;
        });
      },
    );
  }

  /** Resolves when no reply is to come any more. */
  idle(): Promise<void> {
    if (this.#pending.size === 0) return Promise.resolve();
    return new Promise((resolve) => (this.#onIdle = resolve));
  }

  /**
   * Asks the server to cancel what it is doing now, and waits until it has taken note.
   *
   * @throws when the server could not be asked, or may take note later: what comes next on this connection could be hit
   */
  async cancel(): Promise<void> {
    const [query] = this.#pending;
    if (query === undefined) return;
    // The driver asks for the socket of the cancellation before this returns; there is no second one for anything else.
    this.#isCancelling = true;
    const cancelled = query.canceller?.(query);
    this.#isCancelling = false;
    await cancelled;
  }

  /**
   * Ends what the server is doing now: that fails with the reason, what was sent behind it goes on. A connection on which that
   * cannot be done is given up.
   */
  interrupt(reason: Error): void {
    const [query] = this.#pending;
    if (query === undefined || this.#interruption !== undefined) return;
    const timer = setTimeout(() => this.#die(reason), CANCELLING_MS);
    let onDead: () => void = () => undefined;
    const dead = new Promise<void>((resolve) => (onDead = resolve));
    const cancelled = this.cancel().catch((error: unknown) => this.#die(error));
    const over = Promise.race([cancelled, dead]);
    this.#interruption = { query, reason, over, timer, onDead };
  }

  /**
   * Closes the connection at once; what is under way fails.
   *
   * @param cause - why, for the errors
   */
  destroy(cause?: unknown): void {
    this.#die(cause);
  }

  /** Says goodbye to the server and closes the connection. Never throws. */
  async close(): Promise<void> {
    if (!this.#isDead) await this.#client?.end({ timeout: 1 }).catch(() => undefined);
    this.#die();
  }

  /** Whether a statement is to be prepared; one that goes by the simple protocol never is. */
  #mayPrepare({ text, parameters, isForeign }: Statement): boolean {
    if (parameters.length === 0 || isForeign === true) return false;
    if (this.#prepared.has(text)) return true;
    if (this.#prepared.size < MAX_PREPARED) {
      this.#prepared.add(text);
      return true;
    }
    this.#unprepared += 1;
    return false;
  }

  #onLate({ timeoutMs, whenLate }: ReplyLimit): void {
    if (whenLate === 'cancel') this.interrupt(new ReadTimeoutError(timeoutMs));
    else this.#die(new Error(`the server gave no reply within replyTimeoutMs (${timeoutMs} ms)`));
  }

  /** @returns its interruption, if it has one */
  #settle(query: Query): Interruption | undefined {
    this.#pending.delete(query);
    this.#watch.settle(query);
    if (this.#pending.size === 0) this.#onIdle?.();
    const interruption = this.#interruption;
    if (interruption?.query !== query) return undefined;
    void interruption.over.then(() => {
      clearTimeout(interruption.timer);
      if (this.#interruption === interruption) this.#interruption = undefined;
    });
    return interruption;
  }

  #failure(error: unknown): unknown {
    if (error instanceof LostConnection) return error;
    if (!isServerError(error)) {
      this.#die(error);
      return new LostConnection(true, { cause: error });
    }
    if (REPEATED_BY_DRIVER.has(error.routine)) this.#die(error);
    return error;
  }

  async #provideSocket(): Promise<Socket> {
    if (this.#isDead || (this.#socket !== undefined && !this.#isCancelling))
      throw new LostConnection(false);
    const socket = await this.#endpoint.openSocket();
    if (this.#isDead) {
      // Nobody listens to it: an error, as for those that are waited for, would end the process.
      socket.destroy();
      throw new LostConnection(false);
    }
    if (this.#socket === undefined) this.#socket = socket;
    else {
      this.#cancelSockets.add(socket);
      socket.once('close', () => this.#cancelSockets.delete(socket));
    }
    if (socket.connecting) await once(socket, 'connect');
    return socket;
  }

  #die(cause?: unknown): void {
    if (this.#isDead) return;
    this.#isDead = true;
    for (const socket of [this.#socket, ...this.#cancelSockets]) {
      if (socket !== undefined) destroySocket(socket);
    }
    this.#watch.stop();
    clearTimeout(this.#interruption?.timer);
    this.#interruption?.onDead();
    const lost = [...this.#pending];
    this.#pending.clear();
    for (const query of lost) query.reject(new LostConnection(true, { cause }));
    this.#onIdle?.();
    this.#events.onDead?.(this);
  }
}

function toQuery(
  client: Client,
  { text, parameters, isForeign }: Statement,
  isPrepared: boolean,
): Query {
  if (isForeign === true) {
    const query = client.unsafe(text, [], { prepare: false, simple: false } as never) as Query;
    // Given like this the driver does not ask for their types first, which would be a round trip.
    query.parameters = parameters.map(({ value }) => value);
    return query.values() as unknown as Query;
  }
  const typed = parameters.map(({ value, type }) => client.typed(value as never, type));
  return client.unsafe(text, typed, { prepare: isPrepared }) as Query;
}

function destroySocket(socket: Socket): void {
  // Whoever waits for it to connect has to hear that it never will.
  if (socket.connecting) socket.destroy(new LostConnection(false));
  else socket.destroy();
}

function isServerError(error: unknown): error is Error & { routine: string } {
  return error instanceof Error && error.name === 'PostgresError';
}
