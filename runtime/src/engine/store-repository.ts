import { DuplicateEntityError, EntityNotFoundError } from '../errors/entity-errors.js';
import {
  LockForeignError,
  LockNotHeldError,
  LockOutsideTransactionError,
  LockReleasedError,
  LockStaleError,
} from '../errors/lock-errors.js';
import { ValidationError } from '../errors/model-errors.js';
import { OutsideTransactionError, ReadOnlyTransactionError } from '../errors/store-errors.js';
import { draftFields, draftModel, draftToStore } from '../model/drafts.js';
import { refId } from '../model/refs.js';
import { createSnapshot } from '../model/snapshot.js';
import type { AnyModel, Locked, Persistent, Ref, Transient, UpdateData } from '../model/states.js';
import {
  Repository,
  type FindOptions,
  type LockManyOptions,
  type LockOptions,
  type LockStrength,
  type LockWhereOptions,
  type MutateOptions,
  type Where,
} from '../store/repository.js';
import type { Awaitable, LockWait, NewRow, StoredRow, Table } from '../adapter/adapter.js';
import { continueWith, promiseTry } from '../adapter/awaitable.js';
import type { Query } from '../adapter/query.js';
import { parseWhere } from './conditions.js';
import { validateNew, validatePatch } from './entity-validation.js';
import type { LockedRow } from './lock-record.js';
import { LockedViewFactory, lockRecordOf } from './locked-view.js';
import { lockManyWait, lockWait, lockWhereWait, mutateWait } from './lock-options.js';
import { MutationCombiner } from './mutation-combiner.js';
import { applyChange, MAX_ATTEMPTS } from './mutation.js';
import { buildQuery, BY_ID } from './query-options.js';
import type { StoreContext } from './store-context.js';
import type { Transaction } from './transaction.js';

/** The repository that every store hands out: checks each call, then lets the adapter move the rows. */
export class StoreRepository<T extends AnyModel> extends Repository<T> {
  readonly #context: StoreContext;
  readonly #table: Table;
  readonly #prototype: object;
  readonly #strength: LockStrength;
  readonly #views: LockedViewFactory;
  readonly #combiner: MutationCombiner;

  /**
   * @param context - the store it belongs to
   * @param table - where its entities are
   * @param prototype - the prototype of the model's class
   * @param strength - of its locks, where a call does not say
   */
  constructor(context: StoreContext, table: Table, prototype: object, strength: LockStrength) {
    super();
    this.#context = context;
    this.#table = table;
    this.#prototype = prototype;
    this.#strength = strength;
    this.#views = new LockedViewFactory(table.model.name, prototype);
    this.#combiner = new MutationCombiner(
      { runner: context.runner, table, views: this.#views, snapshot: (row) => this.#snapshot(row) },
      context.work,
      context.combination,
    );
  }

  get(ref: Ref<T>): Promise<Persistent<T> | null> {
    return this.#call(async () => {
      const row = await this.#read(refId(this.#table.model, ref));
      return row === undefined ? null : this.#snapshot(row);
    });
  }

  findOne(where: Where<T>): Promise<Persistent<T> | null> {
    return this.#call(async () => {
      const [row] = await this.#find(
        first(parseWhere(this.#table.model, where, this.#context.adapter)),
      );
      return row === undefined ? null : this.#snapshot(row);
    });
  }

  find(where: Where<T> = {}, options: FindOptions<T> = {}): Promise<Persistent<T>[]> {
    return this.#call(async () => {
      const { adapter } = this.#context;
      const read = (id: string): Promise<StoredRow | undefined> => this.#read(id);
      const query = await buildQuery(this.#table.model, adapter, where, options, read);
      const rows = await this.#find(query);
      return rows.map((row) => this.#snapshot(row));
    });
  }

  lock(ref: Ref<T>, options?: LockOptions): Promise<Locked<T> | null> {
    return this.#call(async () => {
      const id = refId(this.#table.model, ref);
      const wait = lockWait(options, this.#strength);
      const transaction = this.#lockingTransaction(id);
      const [row] = await transaction.lock(this.#table, [id], wait);
      return row === undefined ? null : this.#view(transaction, row);
    });
  }

  lockMany(refs: readonly Ref<T>[], options?: LockManyOptions): Promise<Locked<T>[]> {
    return this.#call(async () => {
      const wait = lockManyWait(options, this.#strength);
      const ids = Array.from(refs, (ref) => refId(this.#table.model, ref));
      const transaction = this.#lockingTransaction(undefined);
      return this.#lockMany(transaction, ids, wait);
    });
  }

  async #lockMany(
    transaction: Transaction,
    ids: readonly string[],
    wait: LockWait,
  ): Promise<Locked<T>[]> {
    if (ids.length === 0) return [];
    const rows = await transaction.lock(this.#table, [...new Set(ids)], wait);
    const byId = new Map(rows.map((row) => [row.stored.id, this.#view(transaction, row)]));
    // A column of type uuid gives an id back in lower case, however it was asked for.
    const views = ids.map((id) => byId.get(id) ?? byId.get(id.toLowerCase()));
    const missing = ids.filter((_, index) => views[index] === undefined);
    if (missing.length > 0)
      throw new EntityNotFoundError(this.#table.model.name, [...new Set(missing)]);
    return views as Locked<T>[];
  }

  lockWhere(where: Where<T>, options: LockWhereOptions<T> = {}): Promise<Locked<T>[]> {
    return this.#call(async () => {
      const wait = lockWhereWait(options, this.#strength);
      const { adapter } = this.#context;
      const asked = { orderBy: options.orderBy, limit: options.limit };
      const query = await buildQuery(this.#table.model, adapter, where, asked, notAsked);
      const transaction = this.#lockingTransaction(undefined);
      const rows = await transaction.lockWhere(this.#table, query, wait);
      return rows.map((row) => this.#view(transaction, row));
    });
  }

  update(entity: Locked<T>, patch: UpdateData<T>): Promise<Persistent<T>> {
    return this.#call(async () => {
      const { row, transaction } = this.#writable(entity, 'update');
      const { surprises } = row;
      return this.#update(row, transaction, () => patch, surprises);
    });
  }

  save(entity: Transient<T> | Locked<T>): Promise<Persistent<T>> {
    return this.#call(async () => {
      if (draftModel(entity)?.name !== this.#table.model.name)
        return this.update(entity as Locked<T>, {});

      const [saved] = await this.#insert([entity], async (transaction, [row]) =>
        row === undefined ? [] : [await transaction.insert(this.#table, row)],
      );
      return saved as Persistent<T>;
    });
  }

  saveMany(entities: readonly Transient<T>[]): Promise<Persistent<T>[]> {
    return this.#call(async () => {
      const drafts = Array.from(entities);
      const { name } = this.#table.model;
      for (const [index, entity] of drafts.entries()) {
        if (draftModel(entity)?.name === name) continue;
        const message = `is no new entity of this model; make it with new, and write others with update()`;
        throw new ValidationError(name, undefined, [{ path: `[${index}]`, message }]);
      }
      if (drafts.length === 0) return [];
      return this.#insert(drafts, (transaction, rows) => transaction.insertMany(this.#table, rows));
    });
  }

  /** Stores new entities, in the running transaction or in one of their own. */
  #insert(
    entities: readonly object[],
    send: (transaction: Transaction, rows: readonly NewRow[]) => Promise<readonly StoredRow[]>,
  ): Promise<Persistent<T>[]> {
    const { model } = this.#table;
    const drafts = entities.map((entity) => draftToStore(entity));
    const { runner } = this.#context;
    const { current } = runner;
    if (current === undefined) this.#assertMayBeAlone('save()');
    const insert = async (): Promise<Persistent<T>[]> => {
      const rows: NewRow[] = [];
      for (const [index, { id, isIdChosen }] of drafts.entries()) {
        const fields = await validateNew(model, id, draftFields(entities[index] as object));
        rows.push({ id, isIdOpen: !isIdChosen, fields });
      }
      const transaction = this.#lockingTransaction(drafts[0]?.id);
      for (const draft of drafts) {
        if (draft.storedIn?.isRolledBack === false)
          throw new DuplicateEntityError(model.name, `${this.#table.name}_pkey`);
        draft.storedIn = transaction.state;
      }
      const stored = await send(transaction, rows);
      for (const [index, draft] of drafts.entries()) {
        // Under its own id the database knows it again.
        if (stored[index]?.id === draft.id) draft.storedIn = undefined;
      }
      return stored.map((row) => this.#snapshot(row));
    };
    return current === undefined ? runner.run(insert) : insert();
  }

  delete(entity: Locked<T>): Promise<void> {
    return this.#call(async () => {
      const { row, transaction } = this.#writable(entity, 'delete');
      transaction.locks.drop(row);
      await row.turn?.catch(ignore);
      await transaction.delete(row);
    });
  }

  mutate(
    ref: Ref<T>,
    change: (entity: Locked<T>) => UpdateData<T>,
    options?: MutateOptions,
  ): Promise<Persistent<T> | null> {
    return this.#call(() => {
      const id = refId(this.#table.model, ref);
      const wait = mutateWait(options, this.#strength);
      return continueWith(
        () => this.#context.runner.joined(),
        (transaction) => {
          if (transaction !== undefined) return this.#mutateIn(transaction, id, change, wait);
          this.#assertMayBeAlone('mutate()');
          const job = change as (entity: object) => unknown;
          return this.#combiner.mutate(id, job, wait) as Promise<Persistent<T> | null>;
        },
      );
    });
  }

  /** In the running transaction. */
  async #mutateIn(
    transaction: Transaction,
    id: string,
    change: (entity: Locked<T>) => UpdateData<T>,
    wait: LockWait,
  ): Promise<Persistent<T> | null> {
    this.#assertWritable(transaction, id);
    const [row] = await transaction.lock(this.#table, [id], wait);
    if (row === undefined) return null;
    const entity = this.#view(transaction, row);
    const patch = (): unknown => applyChange(this.#table.model.name, id, change, entity);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#update(row, transaction, patch);
      } catch (error) {
        // The row has changed under its lock, which shows it again as it is.
        if (!(error instanceof LockStaleError) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /**
   * @param patch - computes the patch when the updates before it are done
   * @param surprises - how many there were when it was computed, if it was computed before
   */
  async #update(
    row: LockedRow,
    transaction: Transaction,
    patch: () => unknown,
    surprises?: number,
  ): Promise<Persistent<T>> {
    const write = (): Promise<StoredRow> => this.#write(row, transaction, patch, surprises);
    const updated = row.turn === undefined ? write() : row.turn.then(write, write);
    row.turn = updated;
    try {
      return this.#snapshot(await updated);
    } finally {
      if (row.turn === updated) row.turn = undefined;
    }
  }

  /** Validates and writes a patch; returns the row as it is then. */
  async #write(
    row: LockedRow,
    transaction: Transaction,
    patch: () => unknown,
    surprises = row.surprises,
  ): Promise<StoredRow> {
    const computed = patch();
    transaction.locks.assertUnchanged(row);
    const { id, fields } = row.stored;
    const validated = validatePatch(this.#table.model, id, fields, computed);
    const changes = validated instanceof Promise ? await validated : validated;
    if (Object.keys(changes).length === 0) {
      transaction.state.assertOpen(this.#table.model.name, id);
      return row.stored;
    }
    const stored = await transaction.update(row, changes, surprises);
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
    if (record.repository !== this.#views)
      throw new LockForeignError(record.model, id, 'repository');
    const transaction = this.#context.runner.current;
    if (transaction === undefined || transaction !== row.transaction)
      throw new LockForeignError(name, id, 'transaction');
    transaction.state.assertOpen(name, id);
    return { row, transaction };
  }

  /** Makes a call, of the running transaction where there is one. */
  #call<R>(work: () => Awaitable<R>): Promise<R> {
    const { current } = this.#context.runner;
    return current === undefined ? promiseTry(work) : current.calls.run(() => promiseTry(work));
  }

  #lockingTransaction(id: string | undefined): Transaction {
    const transaction = this.#context.runner.current;
    if (transaction === undefined) {
      this.#context.work.assertOpen();
      throw new LockOutsideTransactionError(this.#table.model.name);
    }
    this.#assertWritable(transaction, id);
    return transaction;
  }

  #assertWritable({ state, settings }: Transaction, id: string | undefined): void {
    const { name } = this.#table.model;
    state.assertOpen(name, id);
    if (settings.readOnly) throw new ReadOnlyTransactionError(name);
  }

  /** Refuses a write that would be a transaction of its own where the store demands one around it. */
  #assertMayBeAlone(call: string): void {
    if (this.#context.requireTransaction)
      throw new OutsideTransactionError(`${call} of ${this.#table.model.name}`);
  }

  #view(transaction: Transaction, row: LockedRow): Locked<T> {
    return transaction.locks.view(row, this.#views) as Locked<T>;
  }

  async #read(id: string): Promise<StoredRow | undefined> {
    const [row] = await this.#find(first([{ field: 'id', is: 'eq', value: id }]));
    return row;
  }

  async #find(query: Query): Promise<StoredRow[]> {
    const { adapter, runner, work } = this.#context;
    const transaction = await runner.joined();
    if (transaction === undefined) return work.run(() => adapter.find(this.#table, query));
    transaction.state.assertOpen(this.#table.model.name);
    return transaction.find(this.#table, query);
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

/** A query without `after` reads no row before. */
function notAsked(): Promise<undefined> {
  return Promise.resolve(undefined);
}

function ignore(): void {
  // Whether an update succeeded is told to its own caller.
}
