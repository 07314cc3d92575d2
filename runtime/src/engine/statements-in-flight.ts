import type { Table } from '../adapter/adapter.js';

/** The rows of a table that a transaction waits for, however long that takes. */
export interface RowRequest {
  readonly table: Table;
  readonly ids: readonly string[];
}

/** What a transaction waits for: a model and ids, or a name. */
export interface LockRequest {
  readonly subject: string;
  readonly ids: readonly string[];
  /** The rows, when it waits for them however long that takes. */
  readonly rows?: RowRequest | undefined;
}

/** The statements of a transaction that have not been answered. */
export class StatementsInFlight {
  #count = 0;
  #locks: readonly LockRequest[] = [];
  #onIdle: (() => void) | undefined;

  get isIdle(): boolean {
    return this.#count === 0;
  }

  /** Resolves when all are answered. */
  idle(): Promise<void> {
    return new Promise((resolve) => (this.#onIdle = resolve));
  }

  /** A lock that is waited for right now. */
  get waitingFor(): LockRequest | undefined {
    return this.#locks[0];
  }

  /** @param lock - what the statement waits for, if it does */
  add(lock: LockRequest | undefined): void {
    this.#count += 1;
    if (lock !== undefined) this.#locks = [...this.#locks, lock];
  }

  settle(lock: LockRequest | undefined): void {
    if (lock !== undefined) this.#locks = this.#locks.filter((other) => other !== lock);
    this.#count -= 1;
    if (this.#count === 0) this.#onIdle?.();
  }
}
