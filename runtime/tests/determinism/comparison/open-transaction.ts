import { AsyncLocalStorage } from 'node:async_hooks';
import type { Store } from '@justscale/runtime';

/** A transaction whose work comes step by step. */
export interface OpenTransaction {
  /** Calls `work` as code of the transaction. */
  run<R>(work: () => R): R;
  commit(): Promise<void>;
  /** Rolls it back, by a throw in its work. */
  rollBack(): Promise<void>;
}

class RolledBackOnPurpose extends Error {}

/** Begins a transaction that stays open until it is told to end. */
export async function openTransaction(store: Store): Promise<OpenTransaction> {
  let end: { resolve: () => void; reject: (error: Error) => void } | undefined;
  let enter: OpenTransaction['run'] = (work) => work();
  const ended = new Promise<void>((resolve, reject) => (end = { resolve, reject }));
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
