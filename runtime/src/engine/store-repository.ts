import { EntityNotFoundError } from '../errors/entity-errors.js';
import {
  LockForeignError,
  LockNotHeldError,
  LockOutsideTransactionError,
  LockReleasedError,
} from '../errors/lock-errors.js';
import { ValidationError } from '../errors/model-errors.js';
import { OutsideTransactionError, ReadOnlyTransactionError } from '../errors/store-errors.js';
import { draftModel } from '../model/drafts.js';
import { refuseUnknownOptions } from '../model/option-names.js';
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
  type ReadOptions,
  type Where,
} from '../store/repository.js';
import type { Awaitable, LockWait, StoredRow, Table } from '../adapter/adapter.js';
import { continueWith, promiseTry } from '../adapter/awaitable.js';
import { checkSignal } from './abort-signal.js';
import { EntityInserter } from './entity-inserter.js';
import { EntityReader } from './entity-reader.js';
import { EntityUpdater } from './entity-updater.js';
import type { LockedRow } from './lock-record.js';
import { LockedViewFactory, lockRecordOf } from './locked-view.js';
import {
  type LockDefaults,
  lockManyWait,
  lockWait,
  lockWhereWait,
  mutateWait,
} from './lock-options.js';
import { MutationCombiner } from './mutation-combiner.js';
import { applyChange } from './mutation.js';
import { buildQuery } from './query-options.js';
import type { StoreContext } from './store-context.js';
import type { Transaction } from './transaction.js';

/** The repository that every store hands out: checks each call, then lets the adapter move the rows. */
export class StoreRepository<T extends AnyModel> extends Repository<T> {
  readonly #context: StoreContext;
  readonly #table: Table;
  readonly #prototype: object;
  readonly #defaults: LockDefaults;
  readonly #views: LockedViewFactory;
  readonly #reader: EntityReader;
  readonly #inserter: EntityInserter;
  readonly #updater: EntityUpdater;
  readonly #combiner: MutationCombiner;
  readonly #writing = (id: string | undefined): Transaction => this.#lockingTransaction(id);

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
    this.#defaults = { strength, timeoutMs: context.lockTimeoutMs };
    this.#views = new LockedViewFactory(table.model.name, prototype);
    this.#reader = new EntityReader(context, table);
    this.#inserter = new EntityInserter(context.runner, table);
    this.#updater = new EntityUpdater(table, this.#views);
    this.#combiner = new MutationCombiner(
      { runner: context.runner, table, views: this.#views, snapshot: (row) => this.#snapshot(row) },
      context.work,
      context.combination,
    );
  }

  get(ref: Ref<T>, options?: ReadOptions): Promise<Persistent<T> | null> {
    return this.#call(async () => {
      const signal = readSignal('get()', options);
      return this.#snapshotOf(await this.#reader.byId(refId(this.#table.model, ref), signal));
    });
  }

  findOne(where: Where<T>, options?: ReadOptions): Promise<Persistent<T> | null> {
    return this.#call(async () => {
      const signal = readSignal('findOne()', options);
      return this.#snapshotOf(await this.#reader.first(where, signal));
    });
  }

  find(where: Where<T> = {}, options: FindOptions<T> = {}): Promise<Persistent<T>[]> {
    return this.#call(async () => {
      const rows = await this.#reader.all(where, options, checkSignal(options.signal));
      return rows.map((row) => this.#snapshot(row));
    });
  }

  lock(ref: Ref<T>, options?: LockOptions): Promise<Locked<T> | null> {
    return this.#call(() => {
      const id = refId(this.#table.model, ref);
      const wait = lockWait(options, this.#defaults);
      const transaction = this.#lockingTransaction(id);
      return continueWith(
        () => transaction.lock(this.#table, [id], wait),
        ([row]) => (row === undefined ? null : this.#view(transaction, row)),
      );
    });
  }

  lockMany(refs: readonly Ref<T>[], options?: LockManyOptions): Promise<Locked<T>[]> {
    return this.#call(async () => {
      const wait = lockManyWait(options, this.#defaults);
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
      const wait = lockWhereWait(options, this.#defaults);
      const { adapter } = this.#context;
      const asked = { orderBy: options.orderBy, limit: options.limit };
      const query = await buildQuery(this.#table.model, adapter, where, asked, notAsked);
      const transaction = this.#lockingTransaction(undefined);
      const rows = await transaction.lockWhere(this.#table, query, wait);
      return rows.map((row) => this.#view(transaction, row));
    });
  }

  update(entity: Locked<T>, patch: UpdateData<T>): Promise<Persistent<T>> {
    return this.#call(() => {
      const { row, transaction } = this.#writable(entity, 'update');
      return this.#updater.update(row, transaction, patch).then((stored) => this.#snapshot(stored));
    });
  }

  save(entity: Transient<T> | Locked<T>): Promise<Persistent<T>> {
    return this.#call(async () => {
      if (draftModel(entity)?.name !== this.#table.model.name)
        return this.update(entity as Locked<T>, {});

      this.#assertMayBeAlone('save()');
      return this.#snapshot(await this.#inserter.insert(entity, this.#writing));
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
      this.#assertMayBeAlone('save()');
      const rows = await this.#inserter.insertMany(drafts, this.#writing);
      return rows.map((row) => this.#snapshot(row));
    });
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
      const wait = mutateWait(options, this.#defaults);
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
    return this.#snapshot(await this.#updater.mutate(row, transaction, patch));
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
    if (this.#context.requireTransaction && this.#context.runner.current === undefined)
      throw new OutsideTransactionError(`${call} of ${this.#table.model.name}`);
  }

  #view(transaction: Transaction, row: LockedRow): Locked<T> {
    return transaction.locks.view(row, this.#views) as Locked<T>;
  }

  #snapshotOf(row: StoredRow | undefined): Persistent<T> | null {
    return row === undefined ? null : this.#snapshot(row);
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

function readSignal(call: string, options: ReadOptions | undefined): AbortSignal | undefined {
  refuseUnknownOptions<ReadOptions>(call, options, { signal: true });
  return checkSignal(options?.signal);
}

/** A query without `after` reads no row before. */
function notAsked(): Promise<undefined> {
  return Promise.resolve(undefined);
}

function ignore(): void {
  // Whether an update succeeded is told to its own caller.
}
