import { setMaxListeners } from 'node:events';
import type { Awaitable } from '../adapter/adapter.js';
import { diagnostics, type PoolEvent } from '../adapter/diagnostics.js';
import type { PoolStats } from '../adapter/pool-stats.js';
import { PoolTimeoutError, StoreClosedError } from '../errors/store-errors.js';
import { ConnectionAges } from './connection-ages.js';
import { ConnectionDemand } from './connection-demand.js';
import type { Connection } from './connection.js';
import { connectionError } from './connection-errors.js';
import { now, startTimer, stopTimer } from './real-time.js';
import type { ConnectionFactory } from './connection-factory.js';

interface Waiter {
  /** In milliseconds of {@link now}. */
  readonly since: number;
  /** Called when it no longer waits. */
  leave(): void;
  resolve(connection: Connection): void;
  reject(error: Error): void;
}

/** Connections that are opened when needed, handed out in order of request, and dropped when they are lost. */
export class ConnectionPool {
  readonly #factory: ConnectionFactory;
  readonly #size: number;
  readonly #idle: Connection[] = [];
  readonly #connections = new Set<Connection>();
  readonly #openings = new Set<Promise<void>>();
  readonly #retiring = new Set<Promise<void>>();
  readonly #waiters: Waiter[] = [];
  readonly #closing = new AbortController();
  readonly #ages: ConnectionAges;
  readonly #demand: ConnectionDemand;
  #lateTimer: NodeJS.Timeout | undefined;

  /** @param size - the most connections at a time */
  constructor(factory: ConnectionFactory, size: number) {
    this.#factory = factory;
    this.#size = size;
    this.#demand = new ConnectionDemand(size);
    this.#ages = new ConnectionAges(factory.settings, () => {
      for (const connection of this.#idle.filter((each) => this.#ages.isOver(each)))
        this.#retire(connection);
    });
    // Each connection that is being opened listens: Node would warn of a leak from the eleventh on.
    setMaxListeners(size, this.#closing.signal);
  }

  get stats(): PoolStats {
    return {
      size: this.#size,
      open: this.#connections.size,
      idle: this.#idle.length,
      waiting: this.#waiters.length,
    };
  }

  /** A connection that is open and that nobody uses or waits for; {@link release} gives it back. */
  takeIdle(): Connection | undefined {
    return this.#waiters.length === 0 ? this.#idle.pop() : undefined;
  }

  /**
   * A connection that nobody else uses; {@link release} gives it back.
   *
   * @param deadline - the latest moment, in milliseconds of `performance.now()`
   * @param signal - ends the wait, with its reason
   * @throws {@link PoolTimeoutError}, {@link ConnectionFailedError}, {@link StoreClosedError}
   */
  acquire(deadline: number = Infinity, signal?: AbortSignal): Awaitable<Connection> {
    const mayTake = this.#used < this.#demand.limit;
    return (mayTake ? this.takeIdle() : undefined) ?? this.#wait(deadline, signal);
  }

  /** Gives a connection back, with no transaction open on it. */
  release(connection: Connection): void {
    if (connection.isDead) return;
    this.#ages.used(connection);
    if (!this.#isFit(connection)) {
      this.#retire(connection);
      return;
    }
    this.#idle.push(connection);
    this.#serve();
  }

  /**
   * Lets the one who has waited longest use a connection whose COMMIT is under way: what comes next leaves with it.
   *
   * @returns whether somebody does; else it is still to be released
   */
  passOn(connection: Connection): boolean {
    const mayGoOn = this.#used <= this.#demand.limit && this.#isFit(connection);
    if (this.#waiters.length === 0 || !mayGoOn) return false;
    this.#shiftWaiter()?.resolve(connection);
    return true;
  }

  /** Whether a connection can go on in the hands of somebody who has not asked for one yet: nobody waits who has. */
  isSpare(connection: Connection): boolean {
    return this.#waiters.length === 0 && this.#isFit(connection);
  }

  /** Closes all connections; what still runs on them is cancelled. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#ages.close();
    stopTimer(this.#lateTimer);
    for (const { leave, reject } of this.#waiters.splice(0)) {
      leave();
      reject(new StoreClosedError());
    }
    for (const connection of this.#connections) connection.interrupt(new StoreClosedError());
    await Promise.all([...this.#openings, ...this.#retiring]);
    await Promise.all([...this.#connections].map((connection) => connection.close()));
  }

  #wait(deadline: number, signal: AbortSignal | undefined): Promise<Connection> {
    if (this.#closing.signal.aborted) return Promise.reject(new StoreClosedError());
    const since = performance.now();
    const limit = Math.min(this.#factory.settings.acquireTimeoutMs, Math.max(0, deadline - since));
    return new Promise((resolve, reject) => {
      const giveUp = (reason: unknown): void => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        waiter.leave();
        reject(reason);
      };
      const timer = setTimeout(() => giveUp(this.#timeoutError(since)), limit);
      const abort = (): void => giveUp(signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      const leave = (): void => {
        this.#publish('waited', since);
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      const waiter: Waiter = { since: now(), leave, resolve, reject };
      this.#waiters.push(waiter);
      this.#serve();
    });
  }

  #timeoutError(since: number): Error {
    // Whoever waits while there is no connection waits for one that is being opened.
    return this.#connections.size === 0
      ? connectionError({ code: 'CONNECT_TIMEOUT' }, this.#factory.server)
      : new PoolTimeoutError(this.#size, Math.round(performance.now() - since));
  }

  /** How many connections somebody uses. */
  get #used(): number {
    return this.#connections.size - this.#idle.length;
  }

  #serve(): void {
    const [first] = this.#waiters;
    if (first === undefined || this.#closing.signal.aborted) return;
    const late = this.#lateCount();
    if (late > 0) this.#demand.raise(this.#used + late);
    const { limit } = this.#demand;
    while (this.#waiters.length > 0 && this.#idle.length > 0 && this.#used < limit) {
      const connection = this.#idle.pop();
      if (connection !== undefined) this.#shiftWaiter()?.resolve(connection);
    }
    if (this.#waiters.length === 0) return;
    const count = this.#connections.size + this.#openings.size;
    const coming = this.#openings.size + this.#idle.length;
    // Where transactions are short a few connections do more than many: whoever waits for a moment waits for one that is open.
    const atOnce = Math.min(this.#waiters.length - coming, this.#demand.always - count);
    const wanted = Math.max(atOnce, this.#lateCount() - coming);
    for (let missing = Math.min(wanted, this.#size - count); missing > 0; missing -= 1) {
      const opening = this.#open().finally(() => {
        this.#openings.delete(opening);
        this.#serve();
      });
      this.#openings.add(opening);
    }
    if (this.#idle.length > 0 || count < this.#size)
      this.#lateTimer ??= startTimer(() => {
        this.#lateTimer = undefined;
        this.#serve();
      }, this.#demand.patienceMs);
  }

  /** How many have waited for so long that another connection is worth its while. */
  #lateCount(): number {
    const late = now() - this.#demand.patienceMs;
    const inTime = this.#waiters.findIndex(({ since }) => since > late);
    return inTime === -1 ? this.#waiters.length : inTime;
  }

  /** Opens one more connection; when it cannot, the one who waits longest hears why. */
  async #open(): Promise<void> {
    const since = performance.now();
    try {
      const connection = await this.#factory.connect(
        { onDead: (dead) => this.#forget(dead) },
        this.#closing.signal,
      );
      if (connection.isDead) return;
      this.#connections.add(connection);
      this.#ages.opened(connection);
      this.#idle.push(connection);
      this.#publish('opened', since);
    } catch (error) {
      this.#publish('opened', since, error);
      this.#shiftWaiter()?.reject(error as Error);
    }
  }

  #publish(event: PoolEvent['event'], since: number, error?: unknown): void {
    if (!diagnostics.pool.hasSubscribers) return;
    const { open, waiting } = this.stats;
    const durationMs = performance.now() - since;
    const told = { store: 'postgres', event, durationMs, open, waiting };
    diagnostics.pool.publish(error === undefined ? told : { ...told, error });
  }

  #shiftWaiter(): Waiter | undefined {
    const waiter = this.#waiters.shift();
    waiter?.leave();
    return waiter;
  }

  #isFit(connection: Connection): boolean {
    return !connection.isDead && !connection.isWornOut && !this.#ages.isOver(connection);
  }

  /** Closes a connection, so that another one takes its place when it is needed. */
  #retire(connection: Connection): void {
    this.#forget(connection);
    const closed = connection.close().finally(() => this.#retiring.delete(closed));
    this.#retiring.add(closed);
  }

  #forget(dead: Connection): void {
    if (this.#connections.delete(dead)) this.#publish('closed', performance.now());
    const index = this.#idle.indexOf(dead);
    if (index !== -1) this.#idle.splice(index, 1);
    this.#serve();
  }
}
