import type { Awaitable, StoredRow, Table } from '../adapter/adapter.js';
import { continueWith, promiseTry } from '../adapter/awaitable.js';
import { LockStaleError } from '../errors/lock-errors.js';
import { validatePatch } from './entity-validation.js';
import type { LockedRow } from './lock-record.js';
import type { LockedViewFactory } from './locked-view.js';
import { MAX_ATTEMPTS } from './mutation.js';
import type { Transaction } from './transaction.js';

/** Writes patches to locked rows of one table: those of one row one after another, each checked against what the one before has left. */
export class EntityUpdater {
  readonly #table: Table;
  readonly #views: LockedViewFactory;

  constructor(table: Table, views: LockedViewFactory) {
    this.#table = table;
    this.#views = views;
  }

  /** Writes a patch that is there already; returns the row as it is then. */
  update(row: LockedRow, transaction: Transaction, patch: unknown): Promise<StoredRow> {
    return this.#inTurn(row, transaction, () => patch, row.surprises);
  }

  /**
   * Writes a patch that is computed from the row.
   *
   * @param patch - computes it, when the updates before it are done; again when the row has changed under its lock meanwhile
   */
  async mutate(row: LockedRow, transaction: Transaction, patch: () => unknown): Promise<StoredRow> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#inTurn(row, transaction, patch);
      } catch (error) {
        // The row has changed under its lock, which shows it again as it is.
        if (!(error instanceof LockStaleError) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /** @param surprises - how many there were when the patch was computed, if it was computed before */
  #inTurn(
    row: LockedRow,
    transaction: Transaction,
    patch: () => unknown,
    surprises?: number,
  ): Promise<StoredRow> {
    const write = (): Promise<StoredRow> =>
      promiseTry(() => this.#write(row, transaction, patch, surprises));
    const updated = row.turn === undefined ? write() : row.turn.then(write, write);
    row.turn = updated;
    const over = (): void => {
      if (row.turn === updated) row.turn = undefined;
    };
    updated.then(over, over);
    return updated;
  }

  /** Validates and writes a patch; returns the row as it is then. */
  #write(
    row: LockedRow,
    transaction: Transaction,
    patch: () => unknown,
    surprises = row.surprises,
  ): Awaitable<StoredRow> {
    const computed = patch();
    transaction.locks.assertUnchanged(row);
    const { model } = this.#table;
    const { id, fields } = row.stored;
    return continueWith(
      () => validatePatch(model, id, fields, computed),
      (changes): Awaitable<StoredRow> => {
        if (Object.keys(changes).length > 0)
          return transaction.update(row, changes, surprises).then((stored) => {
            this.#views.show(stored.fields);
            return stored;
          });
        transaction.state.assertOpen(model.name, id);
        return row.stored;
      },
    );
  }
}
