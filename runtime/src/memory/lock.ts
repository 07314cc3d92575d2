import type { LockWait } from '../adapter/adapter.js';
import { DeadlockError, LockTimeoutError } from '../errors/lock-errors.js';

/** What a lock is asked for, for the errors: a model and ids, or a name. */
export interface LockSubject {
  readonly name: string;
  readonly ids: readonly string[];
}

/** One wait for a lock. */
export interface LockRequest {
  readonly lock: Lock;
  /** Ends the wait: the lock is given, unless there is nothing to lock any more. Returns whether it was taken. */
  grant(): boolean;
  /** Ends the wait in vain. */
  refuse(error: Error): void;
}

/** Holds locks, and waits for at most one at a time: so who waits for whom is a chain, never a tree. */
export class LockOwner {
  /** What it holds, in the order in which it came to hold it. */
  readonly held: Lock[] = [];
  /** What it waits for. */
  request: LockRequest | undefined;
  #end: Lock | undefined;

  /**
   * A lock that it holds while others wait for this owner, whatever it holds. Taken anew whenever it is asked for: one that was
   * taken in a savepoint is given back with that, and this owner goes on.
   */
  get end(): Lock {
    this.#end ??= new Lock();
    this.#end.take(this);
    return this.#end;
  }

  /** Gives back all that it holds, and takes back what it still asks for. */
  releaseAll(reason: () => Error): void {
    this.releaseAfter(0, reason);
  }

  /** Gives back all but the first `count`, and takes back what it still asks for. */
  releaseAfter(count: number, reason: () => Error): void {
    this.request?.refuse(reason());
    for (const lock of this.held.splice(count)) lock.release();
  }
}

/** An exclusive lock, given in the order in which it was asked for. */
export class Lock {
  #holder: LockOwner | undefined;
  #queue: LockRequest[] | undefined;

  /** Who holds it. */
  get holder(): LockOwner | undefined {
    return this.#holder;
  }

  /** Takes it if it is free; returns whether `owner` holds it now. */
  take(owner: LockOwner): boolean {
    if (this.#holder === undefined) {
      this.#holder = owner;
      owner.held.push(this);
    }
    return this.#holder === owner;
  }

  /**
   * Waits for a lock that somebody else holds.
   *
   * @param isWanted - asked when it is free: whether there is still something to lock
   * @returns whether `owner` holds it now
   * @throws {@link DeadlockError} at once when its holder waits, through any number of others, for `owner`
   * @throws {@link LockTimeoutError}
   */
  wait(
    owner: LockOwner,
    { timeoutMs, signal }: LockWait,
    subject: LockSubject,
    isWanted: () => boolean,
  ): Promise<boolean> {
    if (this.#isBehind(owner)) throw new DeadlockError(subject.name);
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const queue = (this.#queue ??= []);
      const abort = (): void => request.refuse(signal?.reason as Error);
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        owner.request = undefined;
      };
      const request: LockRequest = {
        lock: this,
        grant: () => {
          settle();
          const isTaken = isWanted() && this.take(owner);
          resolve(isTaken);
          return isTaken;
        },
        refuse: (error) => {
          settle();
          queue.splice(queue.indexOf(request), 1);
          reject(error);
        },
      };
      if (timeoutMs !== undefined) {
        timer = setTimeout(
          () => request.refuse(new LockTimeoutError(subject.name, subject.ids)),
          timeoutMs,
        );
      }
      signal?.addEventListener('abort', abort, { once: true });
      owner.request = request;
      queue.push(request);
    });
  }

  /** Gives it to the next who wants it. */
  release(): void {
    this.#holder = undefined;
    for (let next = this.#queue?.shift(); next !== undefined; next = this.#queue?.shift()) {
      if (next.grant()) return;
    }
    this.onFree();
  }

  /** Called when it was released and nobody waits for it. */
  protected onFree(): void {}

  /** Whether the holder waits, through any number of others, for `owner`. */
  #isBehind(owner: LockOwner): boolean {
    for (let next = this.#holder; next !== undefined; next = next.request?.lock.holder) {
      if (next === owner) return true;
    }
    return false;
  }
}
