import { LockReleasedError } from '../errors/lock-errors.js';
import { TransactionRolledBackError } from '../errors/store-errors.js';
import type { AdapterTransaction, Awaitable, LockWait } from '../adapter/adapter.js';
import { promiseTry } from '../adapter/awaitable.js';
import type { LockedRow } from './lock-record.js';

/** A locked row, and the view of it that each repository has handed out. */
export interface HeldLock {
  readonly row: LockedRow;
  readonly views: Map<object, object>;
}

/** What a transaction waits for: a model and ids, or a name. */
export interface LockRequest {
  readonly subject: string;
  readonly ids: readonly string[];
}

/**
 * One running transaction: which locks it holds, what it still has to send, whether it can still commit.
 * When its work is over nothing more is sent, whoever asks.
 */
export class Transaction {
  readonly adapter: AdapterTransaction;
  #locks: Map<string, HeldLock> | undefined;
  readonly #rows: LockedRow[] = [];
  readonly #topics: string[] = [];
  #state: 'active' | 'committing' | 'rolled back' = 'active';
  #failure: { readonly error: unknown } | undefined;
  #queue: (() => void)[] = [];
  #waiting: readonly LockRequest[] = [];
  readonly #deadline: number | undefined;
  #inFlight = 0;
  #onIdle: (() => void) | undefined;

  /**
   * @param adapter - what it runs on
   * @param deadline - when it has to be over, in milliseconds of `performance.now()`
   */
  constructor(adapter: AdapterTransaction, deadline?: number) {
    this.adapter = adapter;
    this.#deadline = deadline;
  }

  /** Whether work may still be added. */
  get isActive(): boolean {
    return this.#state === 'active';
  }

  /** Why it can only roll back; `undefined` while it can commit. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Remembers the first failure: from now on it can only roll back. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /**
   * Refuses work that comes too late.
   *
   * @throws {@link LockReleasedError} when it ended, {@link TransactionRolledBackError} when something in it failed
   */
  assertOpen(model: string | undefined, id?: string): void {
    if (this.#state !== 'active') {
      throw new LockReleasedError(
        model,
        id,
        'is gone: its transaction has ended, and this work was not awaited in it',
      );
    }
    if (this.#failure !== undefined)
      throw new TransactionRolledBackError({ cause: this.#failure.error });
  }

  /** Sends a read at once. */
  run<R>(statement: () => Awaitable<R>): Promise<R> {
    return this.#send(statement, undefined);
  }

  /**
   * Sends a write when the current turn of the event loop is over: a write that nobody awaits is then refused, because its
   * transaction has ended, instead of racing with the COMMIT.
   *
   * @throws {@link LockReleasedError} when the transaction ended before it was sent, or was rolled back after
   */
  write<R>(model: string, id: string, statement: () => Awaitable<R>): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#enqueue(() => {
        try {
          this.assertOpen(model, id);
        } catch (error) {
          reject(error as Error);
          return;
        }
        this.#send(statement, undefined).then((result) => {
          if (this.#state !== 'rolled back') {
            resolve(result);
            return;
          }
          const why = 'is gone: its transaction was rolled back, this write with it';
          reject(new LockReleasedError(model, id, why));
        }, reject);
      });
    });
  }

  /** Takes locks at once, and lets {@link waitingFor} tell which while it waits. */
  takeLock<R>(
    subject: string,
    ids: readonly string[],
    wait: LockWait,
    statement: (wait: LockWait) => Awaitable<R>,
  ): Promise<R> {
    return this.#send(() => statement(this.#boundedWait(wait)), { subject, ids });
  }

  /** A lock that it waits for right now. */
  get waitingFor(): LockRequest | undefined {
    const [first] = this.#waiting;
    return first;
  }

  /** The lock that this transaction holds on a row. */
  heldLock(key: string): HeldLock | undefined {
    return this.#locks?.get(key);
  }

  /** Notes a lock that was just taken. */
  holdLock(key: string, lock: HeldLock): void {
    this.#locks ??= new Map();
    this.#locks.set(key, lock);
    this.#rows.push(lock.row);
  }

  /** Forgets the lock of a deleted row. */
  dropLock(key: string): void {
    this.#locks?.delete(key);
  }

  /** Keeps a signal until the commit. */
  addTopic(topic: string): void {
    this.#topics.push(topic);
  }

  /** How many signals wait for the commit. */
  get topicCount(): number {
    return this.#topics.length;
  }

  /** Takes back the signals that came after the first `count`. */
  truncateTopics(count: number): void {
    this.#topics.length = count;
  }

  /**
   * Ends the work without waiting for anything: no statement is accepted any more, all locks read as released.
   *
   * @returns the signals to commit with
   */
  seal(): readonly string[] {
    this.#end('committing');
    return this.#topics;
  }

  /**
   * Ends the work and commits, once what was sent has settled.
   *
   * @throws {@link TransactionRolledBackError} when something in it failed; everything is rolled back then
   */
  async commit(): Promise<void> {
    const topics = this.seal();
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    if (this.#failure !== undefined) {
      await this.rollback();
      throw new TransactionRolledBackError({ cause: this.#failure.error });
    }
    try {
      await this.adapter.commit(topics);
    } catch (error) {
      await this.rollback();
      throw error;
    }
  }

  /** Ends the work and undoes it. Never throws. */
  async rollback(): Promise<void> {
    this.#end('rolled back');
    await this.adapter.rollback();
  }

  #send<R>(statement: () => Awaitable<R>, request: LockRequest | undefined): Promise<R> {
    this.#inFlight += 1;
    if (request !== undefined) this.#waiting = [...this.#waiting, request];
    return promiseTry(statement).then(
      (result) => {
        this.#settle(request);
        return result;
      },
      (error: unknown) => {
        this.fail(error);
        this.#settle(request);
        if (this.#state !== 'rolled back') throw error;
        throw new LockReleasedError(undefined, undefined, 'was rolled back while this work ran', {
          cause: error,
        });
      },
    );
  }

  #settle(request: LockRequest | undefined): void {
    if (request !== undefined) this.#waiting = this.#waiting.filter((other) => other !== request);
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#onIdle?.();
  }

  #end(state: 'committing' | 'rolled back'): void {
    this.#state = state;
    for (const row of this.#rows) row.state = 'released';
    this.#flush();
  }

  #boundedWait(wait: LockWait): LockWait {
    if (this.#deadline === undefined) return wait;
    const left = Math.max(1, Math.ceil(this.#deadline - performance.now()));
    return { mode: wait.mode, timeoutMs: Math.min(wait.timeoutMs ?? left, left) };
  }

  #enqueue(send: () => void): void {
    this.#queue.push(send);
    if (this.#queue.length === 1) process.nextTick(() => this.#flush());
  }

  #flush(): void {
    const queue = this.#queue;
    this.#queue = [];
    for (const send of queue) send();
  }
}
