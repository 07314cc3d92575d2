import type { AdapterTransaction } from '../adapter/adapter.js';
import { TransactionRolledBackError } from '../errors/store-errors.js';
import type { CommitEffects } from './commit-effects.js';
import type { HeldLocks } from './held-locks.js';
import type { Savepoint } from './savepoints.js';
import type { TransactionState } from './transaction-state.js';
import type { TransactionStatements } from './transaction-statements.js';

/** What a part of a transaction can be undone of. */
interface Parts {
  readonly rows: AdapterTransaction;
  readonly state: TransactionState;
  readonly locks: HeldLocks;
  readonly effects: CommitEffects;
  readonly statements: TransactionStatements;
}

/**
 * Runs `work` as a part of a transaction that is undone alone when it fails.
 *
 * @param outer - the part that it is a part of
 */
export async function runSavepoint<R>(
  { rows, state, locks, effects, statements }: Parts,
  outer: Savepoint | undefined,
  work: () => R | PromiseLike<R>,
): Promise<R> {
  state.assertActive(undefined);
  state.savepoints.assertInside(outer);
  await statements.sendQueued(() => rows.savepoint?.());
  const [lockMark, effectMark, { failure }] = [locks.mark(), effects.mark(), state];
  const savepoint = state.savepoints.create(outer);
  try {
    const result = await state.savepoints.run(savepoint, work);
    statements.flush();
    await statements.settled();
    if (state.failure !== failure)
      throw new TransactionRolledBackError({ cause: state.failure?.error });
    await statements.sendQueued(() => rows.releaseSavepoint?.());
    return result;
  } catch (error) {
    statements.flush();
    if (state.isActive) {
      await statements.settled();
      state.recover(failure);
      await statements.sendQueued(() => rows.rollbackToSavepoint?.());
      savepoint.isRolledBack = true;
      locks.restore(lockMark, statements.next());
      effects.takeBack(effectMark);
    }
    throw error;
  }
}
