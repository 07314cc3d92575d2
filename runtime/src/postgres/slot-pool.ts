import type { Awaitable } from '../adapter/adapter.js';
import { ConnectionLostError, PoolTimeoutError } from '../errors/store-errors.js';
import { ConnectionSlot } from './connection-slot.js';
import type { Driver } from './driver.js';
import { connectionError } from './postgres-errors.js';
import type { PostgresSettings } from './postgres-options.js';

interface Waiter {
  readonly since: number;
  resolve(slot: ConnectionSlot): void;
  reject(error: Error): void;
}

/** The connections of a store: opened when needed, handed out in order of request, dropped when they are lost. */
export class SlotPool {
  readonly #driver: Driver;
  readonly #settings: PostgresSettings;
  readonly #idle: ConnectionSlot[] = [];
  readonly #slots = new Set<ConnectionSlot>();
  readonly #waiters: Waiter[] = [];
  #opening = 0;

  constructor(driver: Driver, settings: PostgresSettings) {
    this.#driver = driver;
    this.#settings = settings;
  }

  /**
   * A connection that nobody else uses; {@link release} gives it back.
   *
   * @param deadline - the latest moment, in milliseconds of `performance.now()`
   * @throws {@link PoolTimeoutError}, {@link ConnectionFailedError}
   */
  acquire(deadline?: number): Awaitable<ConnectionSlot> {
    const slot = this.#waiters.length === 0 ? this.#idle.pop() : undefined;
    return slot ?? this.#wait(deadline);
  }

  /** Gives a connection back, with no transaction open on it. */
  release(slot: ConnectionSlot): void {
    if (slot.isDead) return;
    this.#idle.push(slot);
    this.#serve();
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    for (const waiter of this.#waiters.splice(0))
      waiter.reject(new ConnectionLostError('rolled back'));
    await Promise.all([...this.#slots].map((slot) => slot.close()));
    this.#slots.clear();
    this.#idle.length = 0;
  }

  #wait(deadline: number | undefined): Promise<ConnectionSlot> {
    const now = performance.now();
    const limit = Math.min(
      this.#settings.acquireTimeoutMs,
      Math.max(0, (deadline ?? Infinity) - now),
    );
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(
          new PoolTimeoutError(this.#settings.maxConnections, Math.round(performance.now() - now)),
        );
      }, limit);
      const waiter: Waiter = {
        since: now,
        resolve: (slot) => {
          clearTimeout(timer);
          resolve(slot);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#waiters.push(waiter);
      this.#serve();
    });
  }

  #serve(): void {
    while (this.#waiters.length > 0 && this.#idle.length > 0) {
      const slot = this.#idle.pop();
      if (slot !== undefined) this.#waiters.shift()?.resolve(slot);
    }
    while (this.#waiters.length > this.#opening && this.#slots.size < this.#settings.maxConnections)
      void this.#open();
  }

  async #open(): Promise<void> {
    this.#opening += 1;
    const slot = new ConnectionSlot(
      (onclose) => this.#driver.open(onclose),
      (dead) => this.#forget(dead),
    );
    this.#slots.add(slot);
    try {
      await slot.connect();
      this.#opening -= 1;
      this.release(slot);
    } catch (error) {
      this.#opening -= 1;
      this.#waiters.shift()?.reject(connectionError(error, this.#driver.server));
      await slot.destroy();
      this.#serve();
    }
  }

  #forget(dead: ConnectionSlot): void {
    this.#slots.delete(dead);
    const index = this.#idle.indexOf(dead);
    if (index !== -1) this.#idle.splice(index, 1);
    // The place of a connection that was lost is free for those who wait; not in this turn, in which the driver cleans up.
    setImmediate(() => this.#serve());
  }
}
