import { LockReleasedError, LockTimeoutError } from '@justscale/runtime';
import type { LockWait } from '@justscale/runtime/adapter';

/** What is asked for, for the errors. */
export interface LockSubject {
  readonly name: string;
  readonly ids: readonly string[];
}

interface Waiter {
  readonly owner: object;
  grant(): void;
  refuse(error: Error): void;
}

/** One lock for everything, given in the order in which it was asked for. */
export class WriteLock {
  #holder: object | undefined;
  readonly #waiters: Waiter[] = [];

  isHeldBy(owner: object): boolean {
    return this.#holder === owner;
  }

  /** Takes it, or says that it was skipped. */
  async take(owner: object, { mode, timeoutMs }: LockWait, subject: LockSubject): Promise<boolean> {
    if (this.#holder === undefined || this.#holder === owner) {
      this.#holder = owner;
      return true;
    }
    if (mode === 'skip') return false;
    if (mode === 'fail') throw new LockTimeoutError(subject.name, subject.ids);
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = { owner, grant: resolve, refuse: reject };
      this.#waiters.push(waiter);
      if (timeoutMs === undefined) return;
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(new LockTimeoutError(subject.name, subject.ids));
      }, timeoutMs);
      waiter.grant = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return true;
  }

  /** Gives it to the next; takes back what `owner` still waits for. */
  release(owner: object): void {
    const waiting = this.#waiters.findIndex((waiter) => waiter.owner === owner);
    for (const { refuse } of waiting === -1 ? [] : this.#waiters.splice(waiting, 1))
      refuse(new LockReleasedError(undefined, undefined, 'has ended'));
    if (this.#holder !== owner) return;
    const next = this.#waiters.shift();
    this.#holder = next?.owner;
    next?.grant();
  }
}
