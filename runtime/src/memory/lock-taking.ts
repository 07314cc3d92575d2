import type { Awaitable, LockWait, StoredRow } from '../adapter/adapter.js';
import { LockTimeoutError } from '../errors/lock-errors.js';
import type { Lock, LockOwner, LockSubject } from './lock.js';
import type { MemoryRow } from './memory-row.js';

/** A row that a statement is going to lock, as it was when the statement began. */
export interface LockTarget {
  readonly row: MemoryRow;
  readonly generation: number;
}

/** What a statement has locked so far, and what it wants: the conditions may no longer hold when a wait is over. */
export interface LockResult {
  readonly isWanted: (row: StoredRow) => boolean;
  readonly limit: number;
  readonly found: StoredRow[];
}

const LOCK_ALL = (): LockResult => ({ isWanted: () => true, limit: Infinity, found: [] });

/** Takes the locks of one transaction: at once, unless one has to be waited for. */
export class LockTaking {
  readonly #owner: LockOwner;

  constructor(owner: LockOwner) {
    this.#owner = owner;
  }

  /**
   * Locks rows in their order, and returns those that are wanted under the lock.
   *
   * @param first - which of them is the next
   */
  rows(
    targets: readonly LockTarget[],
    wait: LockWait,
    subject: LockSubject,
    result: LockResult = LOCK_ALL(),
    first = 0,
  ): Awaitable<StoredRow[]> {
    for (let index = first; index < targets.length && result.found.length < result.limit; index++) {
      const target = targets[index];
      if (target === undefined) continue;
      const { row, generation } = target;
      const isThere = (): boolean => row.generation === generation;
      const taken = this.take(row, wait, subject, isThere);
      if (taken instanceof Promise) {
        return taken.then((isTaken) => {
          if (isTaken) this.#addLocked(row, result);
          return this.rows(targets, wait, subject, result, index + 1);
        });
      }
      if (taken) this.#addLocked(row, result);
    }
    return result.found;
  }

  #addLocked(row: MemoryRow, { isWanted, found }: LockResult): void {
    const stored = row.read(this.#owner);
    if (stored !== undefined && isWanted(stored)) found.push(stored);
  }

  /** Takes a lock or waits for it; `false` when it is skipped, or there is nothing to lock any more. */
  take(
    lock: Lock,
    wait: LockWait,
    subject: LockSubject,
    isWanted: () => boolean,
  ): Awaitable<boolean> {
    wait.signal?.throwIfAborted();
    if (!isWanted()) return false;
    if (lock.take(this.#owner)) return true;
    if (wait.mode === 'skip') return false;
    if (wait.mode === 'fail') throw new LockTimeoutError(subject.name, subject.ids);
    return lock.wait(this.#owner, wait, subject, isWanted);
  }
}
