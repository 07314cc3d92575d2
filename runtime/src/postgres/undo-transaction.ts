import type { Connection } from './connection.js';
import { rollbackStatement } from './transaction-statements.js';

/** How long a rollback waits for what is under way, in milliseconds, before it cancels it, and before it gives the connection up. */
const CANCEL_AFTER_MS = 50;
const GIVE_UP_AFTER_MS = 2_000;

/**
 * Undoes the transaction of a connection, whatever state that is in.
 *
 * @throws when it takes too long, or the connection is lost
 */
export async function undoTransaction(connection: Connection): Promise<void> {
  if (connection.passed !== undefined) await connection.passed;
  await within(GIVE_UP_AFTER_MS, undo(connection));
}

/** Waits for what is under way; cancels it when it takes long, as a wait for a lock may. */
async function undo(connection: Connection): Promise<void> {
  try {
    await within(CANCEL_AFTER_MS, connection.idle());
  } catch {
    await connection.cancel();
    // Only now can the cancellation no longer hit a statement that comes later.
    await connection.idle();
  }
  await connection.execute(rollbackStatement);
}

/** Rejects when it takes longer. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it took too long')), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
