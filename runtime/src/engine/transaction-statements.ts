import type { Awaitable } from '../adapter/adapter.js';
import { diagnostics } from '../adapter/diagnostics.js';
import { continueWith } from '../adapter/awaitable.js';
import { LockReleasedError } from '../errors/lock-errors.js';
import { untilAborted } from './abort-signal.js';
import { StatementQueue } from './statement-queue.js';
import { StatementsInFlight, type LockRequest } from './statements-in-flight.js';
import type { TransactionWatch } from './transaction-monitor.js';
import { unawaited, type TransactionState } from './transaction-state.js';

/** What is known of a statement before it is sent. */
export interface StatementOptions {
  /** What it waits for, if it locks. */
  readonly lock?: LockRequest;
  /** Ends the wait for it. */
  readonly signal?: AbortSignal | undefined;
}

/** Sends the statements of one transaction, and knows which have not been answered. One that fails lets the transaction fail. */
export class TransactionStatements {
  readonly #state: TransactionState;
  readonly #watch: TransactionWatch;
  readonly #queue = new StatementQueue();
  readonly #inFlight = new StatementsInFlight();
  #sent = 0;

  constructor(state: TransactionState, watch: TransactionWatch) {
    this.#state = state;
    this.#watch = watch;
  }

  /** A lock that is waited for right now. */
  get waitingFor(): LockRequest | undefined {
    return this.#inFlight.waitingFor;
  }

  /** The number of the next statement: what one with a higher number reads is newer. */
  next(): number {
    return (this.#sent += 1);
  }

  /** Sends a statement at once. */
  send<R>(statement: () => Awaitable<R>, { lock, signal }: StatementOptions = {}): Awaitable<R> {
    return untilAborted(
      signal,
      () => this.#send(statement, lock),
      (reason) => this.#state.fail(reason),
    );
  }

  /** Sends a statement behind those that wait for the end of the turn. */
  sendQueued<R>(statement: () => Awaitable<R>): Awaitable<R> {
    this.#queue.flush();
    return this.send(statement);
  }

  /** Makes a write when the current turn of the event loop is over. */
  write<R>(model: string, id: string, statement: () => Awaitable<R>): Promise<R> {
    const { savepoints } = this.#state;
    const savepoint = savepoints.current;
    return new Promise((resolve, reject) => {
      this.#queue.add(() => {
        const settle = (result: R): void => {
          if (!this.#state.isRolledBack) resolve(result);
          else {
            const why = 'is gone: its transaction was rolled back, this write with it';
            reject(new LockReleasedError(model, id, why));
          }
        };
        const send = (): Awaitable<R> => {
          if (this.#state.isRolledBack) throw unawaited(model, id);
          this.#state.assertActive(model, id);
          savepoints.assertInside(savepoint);
          return statement();
        };
        void continueWith(send, settle, reject);
      });
    });
  }

  /** Sends at once what waits for the end of the turn. */
  flush(): void {
    this.#queue.flush();
  }

  /** Waits for the replies to all that was sent; at once when all are there. */
  settled(): Awaitable<void> {
    return this.#inFlight.isIdle ? undefined : this.#inFlight.idle();
  }

  #send<R>(statement: () => Awaitable<R>, lock: LockRequest | undefined): Awaitable<R> {
    const since =
      lock !== undefined && diagnostics.lock.hasSubscribers ? performance.now() : undefined;
    const failed = (error: unknown): never => {
      if (lock !== undefined) this.#watch.locked(lock, since, error);
      this.#state.fail(error);
      throw this.#state.explain(error);
    };
    let result: Awaitable<R>;
    try {
      result = statement();
    } catch (error) {
      return failed(error);
    }
    if (!(result instanceof Promise)) {
      if (lock !== undefined) this.#watch.locked(lock, since);
      return result;
    }
    this.#inFlight.add(lock);
    return result.then(
      (value) => {
        this.#inFlight.settle(lock);
        if (lock !== undefined) this.#watch.locked(lock, since);
        return value;
      },
      (error: unknown) => {
        this.#inFlight.settle(lock);
        return failed(error);
      },
    );
  }
}
