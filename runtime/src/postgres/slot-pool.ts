import { setMaxListeners } from 'node:events';
import type { Awaitable } from '../adapter/adapter.js';
import { PoolTimeoutError, StoreClosedError } from '../errors/store-errors.js';
import type { ConnectionSlot } from './connection-slot.js';
import { connectionError } from './connection-errors.js';
import type { Driver } from './driver.js';

interface Waiter {
  readonly timer: NodeJS.Timeout;
  resolve(slot: ConnectionSlot): void;
  reject(error: Error): void;
}

/** Connections that are opened when needed, handed out in order of request, and dropped when they are lost. */
export class SlotPool {
  readonly #driver: Driver;
  readonly #size: number;
  readonly #idle: ConnectionSlot[] = [];
  readonly #slots = new Set<ConnectionSlot>();
  readonly #openings = new Set<Promise<void>>();
  readonly #waiters: Waiter[] = [];
  readonly #closing = new AbortController();

  /** @param size - the most connections at a time */
  constructor(driver: Driver, size: number) {
    this.#driver = driver;
    this.#size = size;
    // Each connection that is being opened listens: Node would warn of a leak from the eleventh on.
    setMaxListeners(size, this.#closing.signal);
  }

  /** A connection that is open and that nobody uses or waits for; {@link release} gives it back. */
  takeIdle(): ConnectionSlot | undefined {
    return this.#waiters.length === 0 ? this.#idle.pop() : undefined;
  }

  /**
   * A connection that nobody else uses; {@link release} gives it back.
   *
   * @param deadline - the latest moment, in milliseconds of `performance.now()`
   * @throws {@link PoolTimeoutError}, {@link ConnectionFailedError}, {@link StoreClosedError}
   */
  acquire(deadline: number = Infinity): Awaitable<ConnectionSlot> {
    return this.takeIdle() ?? this.#wait(deadline);
  }

  /** Gives a connection back, with no transaction open on it. */
  release(slot: ConnectionSlot): void {
    if (slot.isDead) return;
    this.#idle.push(slot);
    this.#serve();
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const { timer, reject } of this.#waiters.splice(0)) {
      clearTimeout(timer);
      reject(new StoreClosedError());
    }
    await Promise.all(this.#openings);
    await Promise.all([...this.#slots].map((slot) => slot.close()));
  }

  #wait(deadline: number): Promise<ConnectionSlot> {
    if (this.#closing.signal.aborted) return Promise.reject(new StoreClosedError());
    const since = performance.now();
    const limit = Math.min(this.#driver.settings.acquireTimeoutMs, Math.max(0, deadline - since));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(this.#timeoutError(since));
      }, limit);
      const waiter: Waiter = { timer, resolve, reject };
      this.#waiters.push(waiter);
      this.#serve();
    });
  }

  #timeoutError(since: number): Error {
    // Whoever waits while there is no connection waits for one that is being opened.
    return this.#slots.size === 0
      ? connectionError({ code: 'CONNECT_TIMEOUT' }, this.#driver.server)
      : new PoolTimeoutError(this.#size, Math.round(performance.now() - since));
  }

  #serve(): void {
    while (this.#waiters.length > 0 && this.#idle.length > 0) {
      const slot = this.#idle.pop();
      if (slot !== undefined) this.#shiftWaiter()?.resolve(slot);
    }
    while (
      this.#waiters.length > this.#openings.size &&
      this.#slots.size + this.#openings.size < this.#size
    ) {
      const opening = this.#open().finally(() => {
        this.#openings.delete(opening);
        this.#serve();
      });
      this.#openings.add(opening);
    }
  }

  /** Opens one more connection; when it cannot, the one who waits longest hears why. */
  async #open(): Promise<void> {
    try {
      const slot = await this.#driver.connect(
        { onDead: (dead) => this.#forget(dead) },
        this.#closing.signal,
      );
      if (slot.isDead) return;
      this.#slots.add(slot);
      this.#idle.push(slot);
    } catch (error) {
      this.#shiftWaiter()?.reject(error as Error);
    }
  }

  #shiftWaiter(): Waiter | undefined {
    const waiter = this.#waiters.shift();
    clearTimeout(waiter?.timer);
    return waiter;
  }

  #forget(dead: ConnectionSlot): void {
    this.#slots.delete(dead);
    const index = this.#idle.indexOf(dead);
    if (index !== -1) this.#idle.splice(index, 1);
    this.#serve();
  }
}
