import type { Connection } from './connection.js';
import type { PostgresSettings } from './postgres-options.js';

const LONGEST_PAUSE_MS = 10_000;

interface Age {
  readonly openedAt: number;
  usedAt: number;
}

/** Knows which connections of a pool are open, or unused, for too long, and has those looked for that nobody uses. */
export class ConnectionAges {
  readonly #idleTimeoutMs: number;
  readonly #maxLifetimeMs: number;
  readonly #ages = new WeakMap<Connection, Age>();
  readonly #timer: NodeJS.Timeout | undefined;

  /** @param sweep - called again and again while there are limits, to close what is over */
  constructor(settings: PostgresSettings, sweep: () => void) {
    this.#idleTimeoutMs = settings.idleTimeoutMs ?? Infinity;
    this.#maxLifetimeMs = settings.maxLifetimeMs ?? Infinity;
    const pauseMs = Math.min(this.#idleTimeoutMs, this.#maxLifetimeMs) / 2;
    if (pauseMs < Infinity)
      this.#timer = setInterval(sweep, Math.min(pauseMs, LONGEST_PAUSE_MS)).unref();
  }

  opened(connection: Connection): void {
    const now = performance.now();
    this.#ages.set(connection, { openedAt: now, usedAt: now });
  }

  /** Notes that it was used until now. */
  used(connection: Connection): void {
    if (this.#timer === undefined) return;
    const age = this.#ages.get(connection);
    if (age !== undefined) age.usedAt = performance.now();
  }

  isOver(connection: Connection): boolean {
    const age = this.#timer === undefined ? undefined : this.#ages.get(connection);
    if (age === undefined) return false;
    const now = performance.now();
    return now - age.usedAt >= this.#idleTimeoutMs || now - age.openedAt >= this.#maxLifetimeMs;
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
