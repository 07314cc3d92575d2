import type { HeldLocks } from './held-locks.js';
import type { LockRequest, RowRequest } from './statements-in-flight.js';

/** What is known of a transaction that may wait for another one. */
export interface LockingTransaction {
  readonly locks: HeldLocks;
  readonly waitingFor: LockRequest | undefined;
}

/**
 * Whether a transaction that waited for these rows would wait for itself: for one that holds them, and that waits, perhaps by way of
 * others, for a row of its own. A server finds that only after its `deadlock_timeout`, a second, for which all who want the
 * rows wait as well; those of other processes it alone can find.
 *
 * @param running - the transactions of the store
 */
export function closesCycle(
  own: LockingTransaction,
  request: RowRequest,
  running: Iterable<LockingTransaction>,
): boolean {
  const others = new Set([...running].filter((other) => other !== own && waits(other)));
  const wanted = [request];
  for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
    for (const other of others) {
      const { rows } = other.waitingFor ?? {};
      if (rows === undefined || !holds(other, next)) continue;
      if (holds(own, rows)) return true;
      others.delete(other);
      wanted.push(rows);
    }
  }
  return false;
}

function waits({ waitingFor }: LockingTransaction): boolean {
  return waitingFor?.rows !== undefined;
}

function holds({ locks }: LockingTransaction, { table, ids }: RowRequest): boolean {
  return ids.some((id) => locks.holds(table, id));
}
