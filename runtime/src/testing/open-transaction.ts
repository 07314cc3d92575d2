import { AsyncLocalStorage } from 'node:async_hooks';
import type { Store } from '../store/store.js';

/** A transaction whose work comes step by step, for tests of what happens between two of them. */
export interface OpenTransaction {
  /** Calls `work` as code of the transaction. */
  run<R>(work: () => R): R;
  /** Ends it. Rejects as `Store.transaction` does. */
  commit(): Promise<void>;
  /** Rolls it back, by a throw in its work. */
  rollBack(): Promise<void>;
}

class RolledBackOnPurpose extends Error {}

/**
 * Begins a transaction that stays open until it is told to end, so that a test decides which of two goes first:
 * `const tx = await openTransaction(store); await tx.run(() => accounts.lock(ref)); …; await tx.commit();`
 */
export async function openTransaction(store: Store): Promise<OpenTransaction> {
  let end: { resolve: () => void; reject: (error: Error) => void } | undefined;
  let enter: OpenTransaction['run'] = (work) => work();
  const ended = new Promise<void>((resolve, reject) => (end = { resolve, reject }));
  // Nobody waits for it in a transaction that was refused before its work began.
  ended.catch(() => undefined);
  const outcome = store.transaction(async () => {
    const within = AsyncLocalStorage.snapshot();
    enter = (work) => within(work);
    await ended;
  });
  outcome.catch(() => undefined);
  await Promise.resolve();
  return {
    run: (work) => enter(work),
    commit: () => {
      end?.resolve();
      return outcome;
    },
    rollBack: async () => {
      end?.reject(new RolledBackOnPurpose());
      await outcome.catch((error: unknown) => {
        if (!(error instanceof RolledBackOnPurpose)) throw error;
      });
    },
  };
}
