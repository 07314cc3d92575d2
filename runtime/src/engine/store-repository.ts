import { EntityNotFoundError } from '../errors/entity-errors.js';
import {
  LockForeignError,
  LockNotHeldError,
  LockOutsideTransactionError,
  LockReleasedError,
} from '../errors/lock-errors.js';
import { shown } from '../errors/shown.js';
import { InvalidOptionError } from '../errors/store-errors.js';
import { draftId, draftModel } from '../model/drafts.js';
import { refId } from '../model/refs.js';
import { createSnapshot } from '../model/snapshot.js';
import type { AnyModel, Locked, Persistent, Ref, Transient, UpdateData } from '../model/states.js';
import { Repository, type FindOptions, type LockOptions, type Where } from '../store/repository.js';
import type { LockWait, StoredRow, Table } from '../adapter/adapter.js';
import { promiseTry } from '../adapter/awaitable.js';
import type { Query } from '../adapter/query.js';
import { parseWhere } from './conditions.js';
import { validateNew, validatePatch } from './entity-validation.js';
import type { LockedRow } from './lock-record.js';
import { LockedViewFactory, lockRecordOf } from './locked-view.js';
import { MutationCombiner } from './mutation-combiner.js';
import { applyChange } from './mutation.js';
import { buildQuery, BY_ID } from './query-options.js';
import type { StoreContext } from './store-context.js';
import type { HeldLock, Transaction } from './transaction.js';
import { checkTimeout } from './transaction-runner.js';

const BLOCK: LockWait = { mode: 'block', timeoutMs: undefined };

/** The repository that every store hands out: checks each call, then lets the adapter move the rows. */
export class StoreRepository<T extends AnyModel> extends Repository<T> {
  readonly #context: StoreContext;
  readonly #table: Table;
  readonly #prototype: object;
  readonly #views: LockedViewFactory;
  readonly #combiner: MutationCombiner;

  /**
   * @param context - the store it belongs to
   * @param table - where its entities are
   * @param prototype - the prototype of the model's class
   */
  constructor(context: StoreContext, table: Table, prototype: object) {
    super();
    this.#context = context;
    this.#table = table;
    this.#prototype = prototype;
    this.#views = new LockedViewFactory(table.model.name, prototype);
    this.#combiner = new MutationCombiner(
      { runner: context.runner, table, views: this.#views, snapshot: (row) => this.#snapshot(row) },
      context.work,
      context.combineMutations,
    );
  }

  async get(ref: Ref<T>): Promise<Persistent<T> | null> {
    const row = await this.#read(refId(this.#table.model, ref));
    return row === undefined ? null : this.#snapshot(row);
  }

  async findOne(where: Where<T>): Promise<Persistent<T> | null> {
    const [row] = await this.#find(first(parseWhere(this.#table.model, where)));
    return row === undefined ? null : this.#snapshot(row);
  }

  async find(where: Where<T> = {}, options: FindOptions<T> = {}): Promise<Persistent<T>[]> {
    const query = await buildQuery(this.#table.model, where, options, (id) => this.#read(id));
    const rows = await this.#find(query);
    return rows.map((row) => this.#snapshot(row));
  }

  async lock(ref: Ref<T>, options: LockOptions = {}): Promise<Locked<T> | null> {
    const id = refId(this.#table.model, ref);
    const wait = lockWait(options);
    const transaction = this.#lockingTransaction(id);
    const held = this.#heldView(transaction, id);
    if (held !== undefined) return held as Locked<T>;
    const [row] = await this.#takeLocks(transaction, [id], wait);
    return row === undefined ? null : (this.#hold(transaction, row) as Locked<T>);
  }

  async lockMany(refs: readonly Ref<T>[]): Promise<Locked<T>[]> {
    const ids = Array.from(refs, (ref) => refId(this.#table.model, ref));
    const transaction = this.#lockingTransaction(undefined);
    const taken = new Map<string, object>();
    const unheld = [...new Set(ids)].filter((id) => this.#heldView(transaction, id) === undefined);
    if (unheld.length > 0) {
      const rows = await this.#takeLocks(transaction, unheld, BLOCK);
      for (const row of rows) taken.set(row.id, this.#hold(transaction, row));
    }
    const views = ids.map(
      (id) =>
        // A column of type uuid gives an id back in lower case, however it was asked for.
        this.#heldView(transaction, id) ?? taken.get(id) ?? taken.get(id.toLowerCase()),
    );
    const missing = ids.filter((_, index) => views[index] === undefined);
    if (missing.length > 0)
      throw new EntityNotFoundError(this.#table.model.name, [...new Set(missing)]);
    return views as Locked<T>[];
  }

  async update(entity: Locked<T>, patch: UpdateData<T>): Promise<Persistent<T>> {
    const { row, transaction } = this.#writable(entity, 'update');
    const write = (): Promise<StoredRow> => this.#write(row, transaction, patch);
    const updated = row.turn === undefined ? write() : row.turn.then(write, write);
    row.turn = updated;
    try {
      return this.#snapshot(await updated);
    } finally {
      if (row.turn === updated) row.turn = undefined;
    }
  }

  async save(entity: Transient<T> | Locked<T>): Promise<Persistent<T>> {
    if (draftModel(entity)?.name !== this.#table.model.name)
      return this.update(entity as Locked<T>, {});

    const { model } = this.#table;
    const id = draftId(entity);
    const current = this.#context.runner.current;
    const fields = await validateNew(model, id, entity);
    const insert = async (): Promise<StoredRow> => {
      const transaction = this.#lockingTransaction(id);
      return transaction.write(model.name, id, () =>
        transaction.adapter.insert(this.#table, { id, fields }),
      );
    };
    const { runner, work } = this.#context;
    return this.#snapshot(
      await (current === undefined ? work.run(() => runner.run(insert)) : insert()),
    );
  }

  async delete(entity: Locked<T>): Promise<void> {
    const { row, transaction } = this.#writable(entity, 'delete');
    row.state = 'deleted';
    transaction.dropLock(this.#lockKey(row.id));
    await row.turn?.catch(ignore);
    await transaction.write(this.#table.model.name, row.id, () =>
      transaction.adapter.delete(this.#table, row.id),
    );
  }

  mutate(ref: Ref<T>, change: (entity: Locked<T>) => UpdateData<T>): Promise<Persistent<T> | null> {
    return promiseTry(() => {
      const id = refId(this.#table.model, ref);
      if (this.#context.runner.current?.isActive === true) return this.#mutateHere(ref, id, change);
      const job = change as (entity: object) => unknown;
      return this.#combiner.mutate(id, job) as Promise<Persistent<T> | null>;
    });
  }

  /** In the running transaction. */
  async #mutateHere(
    ref: Ref<T>,
    id: string,
    change: (entity: Locked<T>) => UpdateData<T>,
  ): Promise<Persistent<T> | null> {
    const entity = await this.lock(ref);
    if (entity === null) return null;
    return this.update(
      entity,
      applyChange(this.#table.model.name, id, change, entity) as UpdateData<T>,
    );
  }

  /** Validates and writes a patch; returns the row as it is then. */
  async #write(row: LockedRow, transaction: Transaction, patch: unknown): Promise<StoredRow> {
    const { name } = this.#table.model;
    const validated = validatePatch(this.#table.model, row.id, row.fields, patch);
    const changes = validated instanceof Promise ? await validated : validated;
    if (Object.keys(changes).length === 0) {
      transaction.assertOpen(name, row.id);
      return row;
    }
    const stored = await transaction.write(name, row.id, () =>
      transaction.adapter.update(this.#table, row.id, changes),
    );
    row.fields = stored.fields;
    this.#views.show(stored.fields);
    return stored;
  }

  /** Checks that a value is the very object that `lock` of this repository returned, held by the current transaction. */
  #writable(entity: unknown, method: string): { row: LockedRow; transaction: Transaction } {
    const { name } = this.#table.model;
    const record = lockRecordOf(entity);
    if (record === undefined) throw new LockNotHeldError(name, `The argument of ${method}()`);
    const { id, row } = record;
    if (row.state === 'released')
      throw new LockReleasedError(record.model, id, 'was released when its transaction ended');
    if (row.state === 'deleted')
      throw new LockReleasedError(record.model, id, 'is gone: the entity was deleted');
    if (record.repository !== this) throw new LockForeignError(record.model, id, 'repository');
    const transaction = this.#context.runner.current;
    if (transaction === undefined || transaction !== row.transaction)
      throw new LockForeignError(name, id, 'transaction');
    transaction.assertOpen(name, id);
    return { row, transaction };
  }

  #lockingTransaction(id: string | undefined): Transaction {
    const transaction = this.#context.runner.current;
    if (transaction === undefined) {
      this.#context.work.assertOpen();
      throw new LockOutsideTransactionError(this.#table.model.name);
    }
    transaction.assertOpen(this.#table.model.name, id);
    return transaction;
  }

  /** Locks rows; returns those that exist and were not skipped. */
  async #takeLocks(
    transaction: Transaction,
    ids: readonly string[],
    wait: LockWait,
  ): Promise<StoredRow[]> {
    const { name } = this.#table.model;
    const rows = await transaction.takeLock(name, ids, wait, (bounded) =>
      transaction.adapter.lock(this.#table, ids, bounded),
    );
    transaction.assertOpen(name, ids[0]);
    return rows;
  }

  /** This repository's view of a row that the transaction has locked already. */
  #heldView(transaction: Transaction, id: string): object | undefined {
    const held = transaction.heldLock(this.#lockKey(id));
    return held === undefined ? undefined : this.#view(held);
  }

  #hold(transaction: Transaction, { id, fields }: StoredRow): object {
    const key = this.#lockKey(id);
    // Two calls were under way for the same row: the first one's stays the only one.
    let held = transaction.heldLock(key);
    if (held === undefined) {
      held = { row: { id, transaction, fields, state: 'held', turn: undefined }, views: new Map() };
      transaction.holdLock(key, held);
    }
    return this.#view(held);
  }

  #view({ row, views }: HeldLock): object {
    const known = views.get(this);
    if (known !== undefined) return known;
    const view = this.#views.create({
      kind: 'locked',
      model: this.#table.model.name,
      id: row.id,
      repository: this,
      row,
    });
    views.set(this, view);
    return view;
  }

  #lockKey(id: string): string {
    return `${this.#table.name}\0${id}`;
  }

  async #read(id: string): Promise<StoredRow | undefined> {
    const [row] = await this.#find(first([{ field: 'id', is: 'eq', value: id }]));
    return row;
  }

  async #find(query: Query): Promise<StoredRow[]> {
    const { adapter, runner, work } = this.#context;
    const current = runner.current;
    if (current?.isActive === true) {
      current.assertOpen(this.#table.model.name);
      return current.run(() => current.adapter.find(this.#table, query));
    }
    return work.run(() => adapter.find(this.#table, query));
  }

  #snapshot(row: StoredRow): Persistent<T> {
    return createSnapshot(
      this.#prototype,
      this.#table.model.name,
      row.id,
      row.fields,
    ) as Persistent<T>;
  }
}

/** The first row, by id. */
function first(where: Query['where']): Query {
  return { where, orderBy: [BY_ID], limit: 1, after: undefined };
}

function ignore(): void {
  // Whether an update succeeded is told to its own caller.
}

function lockWait(options: LockOptions): LockWait {
  const { wait = 'block', timeoutMs } = options;
  if (wait !== 'block' && wait !== 'fail' && wait !== 'skip') {
    throw new InvalidOptionError('wait', `must be 'block', 'fail' or 'skip', not ${shown(wait)}`);
  }
  return { mode: wait, timeoutMs: checkTimeout(timeoutMs) };
}
