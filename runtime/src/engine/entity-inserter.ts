import type { NewRow, StoredRow, Table } from '../adapter/adapter.js';
import { DuplicateEntityError } from '../errors/entity-errors.js';
import { draftFields, draftToStore } from '../model/drafts.js';
import { validateNew } from './entity-validation.js';
import type { Transaction } from './transaction.js';
import type { TransactionRunner } from './transaction-runner.js';

/** Sends new rows. */
type SendRows = (
  transaction: Transaction,
  rows: readonly NewRow[],
) => Promise<readonly StoredRow[]>;

/** Stores new entities of one table, each of them once. */
export class EntityInserter {
  readonly #runner: TransactionRunner;
  readonly #table: Table;

  constructor(runner: TransactionRunner, table: Table) {
    this.#runner = runner;
    this.#table = table;
  }

  /** Stores one, in the running transaction or in one of its own. */
  async insert(
    entity: object,
    writing: (id: string | undefined) => Transaction,
  ): Promise<StoredRow> {
    const [stored] = await this.#insert([entity], writing, async (transaction, [row]) =>
      row === undefined ? [] : [await transaction.insert(this.#table, row)],
    );
    return stored as StoredRow;
  }

  /**
   * Stores several, all or none.
   *
   * @param writing - the running transaction, when it may write
   */
  insertMany(
    entities: readonly object[],
    writing: (id: string | undefined) => Transaction,
  ): Promise<readonly StoredRow[]> {
    return this.#insert(entities, writing, (transaction, rows) =>
      transaction.insertMany(this.#table, rows),
    );
  }

  #insert(
    entities: readonly object[],
    writing: (id: string | undefined) => Transaction,
    send: SendRows,
  ): Promise<readonly StoredRow[]> {
    const { model, name } = this.#table;
    const drafts = entities.map((entity) => draftToStore(entity));
    const insert = async (): Promise<readonly StoredRow[]> => {
      const rows: NewRow[] = [];
      for (const [index, { id, isIdChosen }] of drafts.entries()) {
        const fields = await validateNew(model, id, draftFields(entities[index] as object));
        rows.push({ id, isIdOpen: !isIdChosen, fields });
      }
      const transaction = writing(drafts[0]?.id);
      for (const draft of drafts) {
        if (draft.storedIn?.isRolledBack === false)
          throw new DuplicateEntityError(model.name, `${name}_pkey`);
        draft.storedIn = transaction.state.part;
      }
      const stored = await send(transaction, rows);
      for (const [index, draft] of drafts.entries()) {
        // Under its own id the database knows it again.
        if (stored[index]?.id === draft.id) draft.storedIn = undefined;
      }
      return stored;
    };
    return this.#runner.current === undefined ? this.#runner.run(insert) : insert();
  }
}
