import { setImmediate } from 'node:timers/promises';
import type { Ref } from '../../model/states.js';
import type { ConformanceWorld } from '../conformance-case.js';
import { ConformanceAccount } from '../conformance-models.js';
import { openTransaction, type OpenTransaction } from '../open-transaction.js';

/** A transaction that has its connection already, so that what it does next is under way at once. */
export async function begin(world: ConformanceWorld): Promise<OpenTransaction> {
  const transaction = await openTransaction(world.store);
  await transaction.run(() => world.accounts.get(ConformanceAccount.ref('nobody')));
  return transaction;
}

/** Long enough for what is under way to reach the database: it leaves on the next tick. */
export async function settle({ accounts }: ConformanceWorld): Promise<void> {
  await setImmediate();
  for (let count = 0; count < 10; count++) await accounts.get(ConformanceAccount.ref('nobody'));
}

/** Waits until somebody holds the lock of a row. */
export async function untilHeld(
  { store, accounts }: ConformanceWorld,
  ref: Ref<ConformanceAccount>,
): Promise<void> {
  const isFree = (): Promise<boolean> =>
    store.transaction(async () => (await accounts.lock(ref, { wait: 'skip' })) !== null);
  while (await isFree()) await setImmediate();
}

/** Waits for a lock and then commits; rolls back when the lock is refused. */
export async function finish(
  transaction: OpenTransaction,
  lock: () => Promise<unknown>,
): Promise<void> {
  try {
    await transaction.run(lock);
  } catch (error) {
    await transaction.rollBack();
    throw error;
  }
  await transaction.commit();
}

export function codes(results: readonly PromiseSettledResult<unknown>[]): unknown[] {
  return results.flatMap((result) =>
    result.status === 'rejected' ? [(result.reason as { code?: unknown }).code] : [],
  );
}
