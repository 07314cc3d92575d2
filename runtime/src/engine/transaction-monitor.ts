import { diagnostics, type SlowLockEvent } from '../adapter/diagnostics.js';
import type { StoreStats } from '../store/store-stats.js';
import type { HeldLocks } from './held-locks.js';
import { closesCycle } from './lock-cycles.js';
import type { LockRequest, RowRequest } from './statements-in-flight.js';

type Outcome = 'committed' | 'rolled back';

/** What the monitor looks at in a transaction. */
export interface WatchedTransaction {
  readonly state: { readonly failure: { readonly error: unknown } | undefined };
  readonly locks: HeldLocks;
  readonly lockedNames: readonly string[];
  readonly waitingFor: LockRequest | undefined;
}

/** What the monitor is told of one transaction. */
export interface TransactionWatch {
  /** A lock was asked for, and the statement has been answered. */
  locked(request: LockRequest, since: number | undefined, error?: unknown): void;
  ended(outcome: Outcome): void;
  /** Whether it would wait for itself if it waited for these rows. */
  closesCycle(request: RowRequest): boolean;
}

/** Counts the transactions of one store, and tells whoever listens what took how long. */
export class TransactionMonitor {
  readonly #store: string;
  readonly #slowLockMs: number | undefined;
  readonly #onSlowLock: (event: SlowLockEvent) => void;
  readonly #running = new Set<WatchedTransaction>();
  #committed = 0;
  #rolledBack = 0;
  #repeated = 0;

  /**
   * @param store - the kind of the store
   * @param slowLockMs - after how long a lock that is held is an event, in milliseconds
   */
  constructor(
    store: string,
    slowLockMs: number | undefined,
    onSlowLock: (event: SlowLockEvent) => void,
  ) {
    this.#store = store;
    this.#slowLockMs = slowLockMs;
    this.#onSlowLock = onSlowLock;
  }

  /** Watches a transaction that begins. */
  watch(transaction: WatchedTransaction): TransactionWatch {
    this.#running.add(transaction);
    const begun = diagnostics.transaction.hasSubscribers ? performance.now() : undefined;
    let timer: NodeJS.Timeout | undefined;
    return {
      locked: (request, since, error) => {
        if (since !== undefined) this.#publishLock(request, since, error);
        if (error === undefined && this.#slowLockMs !== undefined)
          timer ??= setTimeout(() => this.#tellSlow(transaction), this.#slowLockMs).unref();
      },
      closesCycle: (request) => closesCycle(transaction, request, this.#running),
      ended: (outcome) => {
        clearTimeout(timer);
        this.#running.delete(transaction);
        const failure = outcome === 'rolled back' ? transaction.state.failure : undefined;
        if (outcome === 'committed') this.#committed += 1;
        // Without a failure there was nothing to commit.
        else if (failure !== undefined) this.#rolledBack += 1;
        if (begun !== undefined && (outcome === 'committed' || failure !== undefined)) {
          const { error } = failure ?? {};
          diagnostics.transaction.publish({ ...this.#timed(begun, error), outcome });
        }
      },
    };
  }

  /** Notes that another attempt begins. */
  repeated(): void {
    this.#repeated += 1;
  }

  /** See `Store.stats`. */
  get stats(): Omit<StoreStats, 'pool'> {
    const running = [...this.#running];
    return {
      transactions: {
        running: running.length,
        committed: this.#committed,
        rolledBack: this.#rolledBack,
        repeated: this.#repeated,
      },
      locks: {
        held: running.reduce((sum, { locks }) => sum + locks.held.length, 0),
        waiting: running.filter(({ waitingFor }) => waitingFor !== undefined).length,
      },
    };
  }

  #publishLock({ subject, ids }: LockRequest, since: number, error: unknown): void {
    diagnostics.lock.publish({ ...this.#timed(since, error), subject, ids });
  }

  #tellSlow(transaction: WatchedTransaction): void {
    const locks = transaction.locks.held.map(
      ({ table, stored }) => `${table.model.name} ${stored.id}`,
    );
    const names = transaction.lockedNames;
    if (locks.length === 0 && names.length === 0) return;
    const event: SlowLockEvent = {
      store: this.#store,
      durationMs: this.#slowLockMs ?? 0,
      locks,
      names,
    };
    diagnostics.slowLock.publish(event);
    this.#onSlowLock(event);
  }

  #timed(since: number, error: unknown): { store: string; durationMs: number; error?: unknown } {
    const durationMs = performance.now() - since;
    return error === undefined
      ? { store: this.#store, durationMs }
      : { store: this.#store, durationMs, error };
  }
}
