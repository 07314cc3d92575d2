import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { PendingQuery, Row as DriverRow } from 'postgres';
import { diagnostics } from '../adapter/diagnostics.js';
import { ReadTimeoutError } from '../errors/store-errors.js';
import { CancelRequests, type Backend } from './cancel-requests.js';
import { Interruptions } from './interruptions.js';
import type { Endpoint } from './endpoint.js';
import { LostConnection } from './lost-connection.js';
import { Conversation } from './protocol/conversation.js';
import type { Delivery } from './protocol/pending-statement.js';
import type { Rows } from './protocol/rows.js';
import { ReplyWatch, type ReplyLimit } from './reply-watch.js';
import type { Statement } from './statement.js';

export type { ClientHooks, Endpoint } from './endpoint.js';
export { LostConnection } from './lost-connection.js';
export type { Rows } from './protocol/rows.js';

export interface ConnectionEvents {
  /** The connection was lost or destroyed; called once. */
  onDead?(connection: Connection): void;
  /** A notification arrived. */
  onNotify?(channel: string, payload: string): void;
}

/** How long a goodbye may take, in milliseconds. */
const CLOSE_WITHIN_MS = 1_000;

/** The first query of the driver, with what its types do not name. */
interface Opening extends PendingQuery<DriverRow[]> {
  /** Ends it here; a reply that comes later is dropped. */
  reject(error: Error): void;
}

/**
 * One connection, for its whole life. The driver opens it: it authenticates, and knows every way to a server. From then on a
 * {@link Conversation} has the socket. The driver would open another connection under the same name when it loses one, and a write
 * would then run outside its transaction: it gets one socket and never a second, and once that is lost, every statement
 * under way fails at once.
 */
export class Connection {
  readonly #endpoint: Endpoint;
  readonly #events: ConnectionEvents;
  readonly #cancelRequests = new CancelRequests(() => this.#open());
  readonly #interruptions = new Interruptions(this);
  readonly #watch: ReplyWatch;
  readonly #death = new AbortController();
  #opening: Opening | undefined;
  #socket: Socket | undefined;
  /** Who listened to the socket before the driver did. */
  #listeners: ReadonlySet<unknown> = new Set();
  #conversation: Conversation | undefined;
  #backend: Backend | undefined;
  #isDead = false;
  #onIdle: (() => void) | undefined;
  /** Resolves when the last statement of whoever used it before has its reply. */
  #passed: Promise<void> | undefined;

  constructor(endpoint: Endpoint, events: ConnectionEvents) {
    this.#endpoint = endpoint;
    this.#events = events;
    this.#watch = new ReplyWatch((limit) => this.#onLate(limit));
  }

  /** Connects. Rejects with the driver's or the server's error, or with {@link LostConnection} around it. */
  async connect(timeoutMs: number): Promise<void> {
    const timer = setTimeout(() => this.#die({ code: 'CONNECT_TIMEOUT' }), timeoutMs);
    try {
      const client = await this.#endpoint.createClient({
        socket: () => this.#provideSocket(),
        onclose: () => this.#die(),
      });
      if (this.#isDead) throw new LostConnection(false);
      this.#opening = client.unsafe('select 1') as Opening;
      const { state } = await this.#opening;
      this.#takeOver(state);
    } catch (error) {
      if (error instanceof LostConnection) throw error;
      this.#die(error);
      throw isServerError(error) ? error : new LostConnection(true, { cause: error });
    } finally {
      this.#opening = undefined;
      clearTimeout(timer);
    }
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Whether no reply is to come. */
  get isIdle(): boolean {
    return this.#isDead || (this.#conversation?.isIdle ?? true);
  }

  /** Whether it holds so many prepared statements that others have to go without, again and again: a new one does better. */
  get isWornOut(): boolean {
    return this.#conversation?.isWornOut ?? false;
  }

  /** Whether a transaction is open on it, as the server said last. */
  get isInTransaction(): boolean {
    return this.#conversation?.isInTransaction ?? false;
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
    const limit =
      replyTimeoutMs === undefined ? undefined : { timeoutMs: replyTimeoutMs, whenLate };
    return new Promise((resolve, reject) =>
      this.#send(statement, { resolve, reject }, false, limit),
    );
  }

  /**
   * Sends a statement as {@link execute} does, and what is sent right after it in the same turn with it: they are answered
   * together, and none of them is executed when it fails.
   */
  executeShared(statement: Statement): Promise<Rows> {
    return new Promise((resolve, reject) => this.#send(statement, { resolve, reject }, true));
  }

  /**
   * The same for a statement of which only a failure counts.
   *
   * @param failed - is told why
   */
  sendShared(statement: Statement, failed: (error: unknown) => void): void {
    this.#send(statement, { resolve: ignore, reject: failed }, true);
  }

  /**
   * Lets somebody else use it, although its last statement has no reply yet. What they send comes behind it, and what they
   * cancel is nothing of whoever used it before.
   */
  passOn(last: Promise<unknown>): void {
    const passed = last.then(ignore, ignore).then(() => {
      if (this.#passed === passed) this.#passed = undefined;
    });
    this.#passed = passed;
  }

  /** Resolves when whoever used it before has all replies; `undefined` when they have. */
  get passed(): Promise<void> | undefined {
    return this.#passed;
  }

  /** Resolves when no reply is to come any more. */
  idle(): Promise<void> {
    if (this.isIdle) return Promise.resolve();
    return new Promise((resolve) => (this.#onIdle = resolve));
  }

  /**
   * Asks the server to cancel what it is doing now, and waits until it has taken note.
   *
   * @throws when the server could not be asked, or may take note later: what comes next on this connection could be hit
   */
  async cancel(): Promise<void> {
    if (this.#passed !== undefined) await this.#passed;
    if (this.#backend === undefined || this.isIdle) return;
    await this.#cancelRequests.send(this.#backend);
    if (this.#isDead) throw new LostConnection(false);
  }

  /**
   * Ends what was sent and has no reply: what the server is doing is cancelled, and fails. A connection on which that cannot be
   * done is given up.
   *
   * @param reason - what it fails with, instead of the server's error
   */
  interrupt(reason?: Error): void {
    if (this.#passed === undefined) this.#interruptions.begin(reason);
    else void this.#passed.then(() => this.#interruptions.begin(reason));
  }

  /**
   * Closes the connection at once; what is under way fails.
   *
   * @param cause - why, for the errors
   */
  destroy(cause?: unknown): void {
    this.#die(cause);
  }

  /** Waits for what is under way, says goodbye to the server and closes the connection. Never throws. */
  async close(): Promise<void> {
    const socket = this.#socket;
    if (!this.#isDead && this.#conversation !== undefined && socket !== undefined) {
      const patience = new AbortController();
      const late = delay(CLOSE_WITHIN_MS, undefined, { signal: patience.signal, ref: false }).catch(
        () => undefined,
      );
      await Promise.race([this.#sayGoodbye(this.#conversation, socket), late]);
      patience.abort();
    }
    this.#die();
  }

  async #sayGoodbye(conversation: Conversation, socket: Socket): Promise<void> {
    await this.idle();
    if (this.#isDead) return;
    const closed = once(socket, 'close').catch(() => undefined);
    conversation.end();
    await closed;
  }

  #send(statement: Statement, to: Delivery, isShared: boolean, limit?: ReplyLimit): void {
    const conversation = this.#conversation;
    if (this.#isDead || conversation === undefined) {
      to.reject(new LostConnection(false));
      return;
    }
    const since = diagnostics.statement.hasSubscribers ? performance.now() : undefined;
    const delivery: Delivery = {
      resolve: (rows) => {
        if (since !== undefined) publishStatement(statement, since, rows.count);
        this.#watch.settle(delivery);
        this.#interruptions.settle(() => to.resolve(rows));
      },
      reject: (error) => {
        if (since !== undefined) publishStatement(statement, since, undefined, error);
        const reason = this.#interruptions.reasonFor(error);
        this.#watch.settle(delivery);
        this.#interruptions.settle(() => to.reject(reason));
      },
    };
    if (limit !== undefined) this.#watch.expect(delivery, limit);
    conversation.send(statement, delivery, isShared);
  }

  #onLate({ timeoutMs, whenLate }: ReplyLimit): void {
    if (whenLate === 'cancel') this.interrupt(new ReadTimeoutError(timeoutMs));
    else this.#die(new Error(`the server gave no reply within replyTimeoutMs (${timeoutMs} ms)`));
  }

  /** The one socket that the driver gets. */
  async #provideSocket(): Promise<Socket> {
    if (this.#isDead || this.#socket !== undefined) throw new LostConnection(false);
    const socket = await this.#open();
    this.#socket = socket;
    if (socket.connecting) await once(socket, 'connect');
    this.#listeners = new Set(socket.listeners('data'));
    return socket;
  }

  async #open(): Promise<Socket> {
    const socket = await this.#endpoint.openSocket(this.#death.signal);
    if (!this.#isDead) return socket;
    // Nobody listens to it: an error, as for those that are waited for, would end the process.
    socket.destroy();
    throw new LostConnection(false);
  }

  /** The driver has opened the connection; from here on it reads nothing. */
  #takeOver(backend: Backend): void {
    const socket = this.#socket;
    if (this.#isDead || socket === undefined) throw new LostConnection(true);
    for (const listener of socket.listeners('data')) {
      if (!this.#listeners.has(listener)) socket.off('data', listener as () => void);
    }
    this.#backend = backend;
    this.#conversation = new Conversation(socket, this.#endpoint.mayPrepare !== false, {
      onNotify: (channel, payload) => {
        if (!this.#isDead) this.#events.onNotify?.(channel, payload);
      },
      onNotice: (fields) => this.#endpoint.onNotice?.(fields),
      onBroken: (cause) => this.#die(cause),
      onIdle: () => this.#onIdle?.(),
    });
  }

  #die(cause?: unknown): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#death.abort();
    for (const socket of [this.#socket, ...this.#cancelRequests.sockets]) {
      if (socket !== undefined) destroySocket(socket);
    }
    this.#watch.stop();
    this.#interruptions.stop();
    const why = cause ?? this.#conversation?.lastWord;
    this.#opening?.reject(new LostConnection(true, { cause: why }));
    for (const { reject } of this.#conversation?.abandon() ?? [])
      reject(new LostConnection(true, { cause: why }));
    this.#onIdle?.();
    this.#events.onDead?.(this);
  }
}

function ignore(): void {
  // Told elsewhere.
}

function publishStatement(
  { text }: Statement,
  since: number,
  rows: number | undefined,
  error?: unknown,
): void {
  const event = { store: 'postgres', durationMs: performance.now() - since, text, rows };
  diagnostics.statement.publish(error === undefined ? event : { ...event, error });
}

function destroySocket(socket: Socket): void {
  // Whoever waits for it to connect has to hear that it never will.
  if (socket.connecting) socket.destroy(new LostConnection(false));
  else socket.destroy();
}

function isServerError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'PostgresError';
}
