import { Lock } from './lock.js';

/** The advisory locks that somebody holds, by name. */
export class LockNames {
  readonly #locks = new Map<string, Lock>();

  /** The lock of a name; to be taken at once or waited for. */
  get(name: string): Lock {
    let lock = this.#locks.get(name);
    if (lock === undefined) {
      lock = new NamedLock(() => this.#locks.delete(name));
      this.#locks.set(name, lock);
    }
    return lock;
  }
}

class NamedLock extends Lock {
  readonly #forget: () => void;

  constructor(forget: () => void) {
    super();
    this.#forget = forget;
  }

  protected override onFree(): void {
    this.#forget();
  }
}
