import type { Awaitable, LockWait } from '../adapter/adapter.js';
import { DeadlockError, LockTimeoutError } from '../errors/lock-errors.js';

/** What a lock is asked for, for the errors. */
export interface LockSubject {
  readonly name: string;
  readonly ids: readonly string[];
}

interface Request {
  readonly owner: object;
  readonly key: string;
  grant(): void;
  refuse(error: Error): void;
}

interface Lock {
  holder: object;
  readonly queue: Request[];
}

/** Exclusive locks by key, granted in order of request. */
export class LockTable {
  readonly #locks = new Map<string, Lock>();
  readonly #held = new Map<object, Set<string>>();
  readonly #waiting = new Map<object, Set<Request>>();

  /** Whether anybody holds the lock. */
  isHeld(key: string): boolean {
    return this.#locks.has(key);
  }

  /** Whether `owner` holds the lock. */
  isHeldBy(owner: object, key: string): boolean {
    return this.#locks.get(key)?.holder === owner;
  }

  /**
   * Takes a lock for `owner`, at once when it is free.
   *
   * @returns `false` when it is held and `wait` says to skip it
   * @throws {@link LockTimeoutError}, {@link DeadlockError}
   */
  acquire(owner: object, key: string, wait: LockWait, subject: LockSubject): Awaitable<boolean> {
    const lock = this.#locks.get(key);
    if (lock === undefined) {
      this.#locks.set(key, { holder: owner, queue: [] });
      this.#note(owner, key);
      return true;
    }
    if (lock.holder === owner) return true;
    if (wait.mode === 'skip') return false;
    if (wait.mode === 'fail') throw new LockTimeoutError(subject.name, subject.ids);
    if (this.#wouldDeadlock(owner, lock)) throw new DeadlockError(subject.name);
    return this.#enqueue(owner, key, lock, wait.timeoutMs, subject);
  }

  /** Gives one lock back. */
  release(owner: object, key: string): void {
    const lock = this.#locks.get(key);
    if (lock?.holder !== owner) return;
    this.#held.get(owner)?.delete(key);
    const next = lock.queue.shift();
    if (next === undefined) {
      this.#locks.delete(key);
      return;
    }
    lock.holder = next.owner;
    this.#note(next.owner, key);
    next.grant();
  }

  /** Gives back everything that `owner` holds, and takes back what it still asks for. */
  releaseAll(owner: object, reason: Error): void {
    for (const request of [...(this.#waiting.get(owner) ?? [])]) request.refuse(reason);
    const held = this.#held.get(owner);
    if (held === undefined) return;
    for (const key of held) this.release(owner, key);
    this.#held.delete(owner);
  }

  #note(owner: object, key: string): void {
    const held = this.#held.get(owner);
    if (held === undefined) this.#held.set(owner, new Set([key]));
    else held.add(key);
  }

  #enqueue(
    owner: object,
    key: string,
    lock: Lock,
    timeoutMs: number | undefined,
    subject: LockSubject,
  ): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const settle = (): void => {
        clearTimeout(timer);
        const own = this.#waiting.get(owner);
        own?.delete(request);
        if (own?.size === 0) this.#waiting.delete(owner);
      };
      const request: Request = {
        owner,
        key,
        grant: () => {
          settle();
          resolve(true);
        },
        refuse: (error) => {
          settle();
          lock.queue.splice(lock.queue.indexOf(request), 1);
          reject(error);
        },
      };
      if (timeoutMs !== undefined) {
        timer = setTimeout(
          () => request.refuse(new LockTimeoutError(subject.name, subject.ids)),
          timeoutMs,
        );
      }
      lock.queue.push(request);
      const own = this.#waiting.get(owner);
      if (own === undefined) this.#waiting.set(owner, new Set([request]));
      else own.add(request);
    });
  }

  /** Whether those whom `owner` would wait for already wait, one behind the other, for `owner`. */
  #wouldDeadlock(owner: object, lock: Lock): boolean {
    const seen = new Set<object>();
    const open = [lock.holder, ...lock.queue.map((request) => request.owner)];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === owner) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      for (const request of this.#waiting.get(next) ?? []) open.push(...this.#blockers(request));
    }
    return false;
  }

  /** Who has to let go before a request is granted: the holder, and those who asked before. */
  #blockers(request: Request): object[] {
    const lock = this.#locks.get(request.key);
    if (lock === undefined) return [];
    const before = lock.queue.slice(0, lock.queue.indexOf(request));
    return [lock.holder, ...before.map(({ owner }) => owner)];
  }
}
