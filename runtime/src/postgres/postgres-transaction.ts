import type {
  AdapterTransaction,
  Awaitable,
  LockWait,
  Query,
  StoredRow,
  Table,
} from '../adapter/adapter.js';
import { LockReleasedError } from '../errors/lock-errors.js';
import {
  ConnectionLostError,
  DatabaseError,
  TransactionRolledBackError,
} from '../errors/store-errors.js';
import type { FieldValues } from '../model/field-values.js';
import { isConnectionLoss } from './connection-errors.js';
import { SlotLost, type ConnectionSlot, type Rows } from './connection-slot.js';
import { findStatement } from './find-statement.js';
import type { PostgresContext } from './postgres-context.js';
import { statementError, type Subject } from './postgres-errors.js';
import { readRows } from './row-reader.js';
import {
  deleteStatement,
  insertStatement,
  lockStatement,
  updateStatement,
} from './row-statements.js';
import type { Statement } from './statement.js';
import { isSchemaChange } from './table-catalog.js';
import type { TableColumns } from './table-columns.js';
import {
  advisoryLockStatement,
  beginStatement,
  commitStatement,
  fenceStatement,
  lockTimeoutStatement,
  newFence,
  rollbackStatement,
  unlimitedLocksStatement,
} from './transaction-statements.js';
import { valueProblem } from './value-text.js';

/** How long a rollback waits for what is under way, in milliseconds, before it cancels it, and before it gives the connection up. */
const CANCEL_AFTER_MS = 50;
const GIVE_UP_AFTER_MS = 2_000;

/** "Current transaction is aborted": an earlier statement failed. */
const AFTER_A_FAILURE = '25P02';

/** A transaction on one connection of the pool, which it takes with its first statement and never changes. */
export class PostgresTransaction implements AdapterTransaction {
  readonly #context: PostgresContext;
  readonly #deadline: number | undefined;
  readonly #fence = newFence();
  #opening: Awaitable<ConnectionSlot> | undefined;
  #slot: ConnectionSlot | undefined;
  #state: 'active' | 'committing' | 'rolled back' = 'active';
  #failure: { readonly error: unknown } | undefined;
  /** The table used last: what another transaction finds out about it must not make this one ask again. */
  #known: { readonly table: Table; readonly columns: TableColumns } | undefined;
  /** What was written last: a constraint that is deferred fails at the COMMIT. */
  #written: Subject | undefined;

  /** @param deadline - when it has to be over, in milliseconds of `performance.now()` */
  constructor(context: PostgresContext, deadline: number | undefined) {
    this.#context = context;
    this.#deadline = deadline;
  }

  async find(table: Table, query: Query): Promise<StoredRow[]> {
    const columns = this.#knownColumns(table) ?? (await this.#loadColumns(table));
    const statement = this.#check(() => findStatement(columns, query));
    if (statement === undefined) return [];
    return readRows(table, columns, await this.#run(statement, about(table)));
  }

  async lock(table: Table, ids: readonly string[], wait: LockWait): Promise<StoredRow[]> {
    const columns = this.#knownColumns(table) ?? (await this.#loadColumns(table));
    const storable = ids.filter((id) => valueProblem(id, columns.id.type) === undefined);
    if (storable.length === 0) return [];
    const statement = lockStatement(columns, storable, wait);
    const rows = await this.#runBounded(statement, { ...about(table), ids }, wait);
    return readRows(table, columns, rows);
  }

  async lockName(name: string, wait: LockWait): Promise<void> {
    await this.#runBounded(advisoryLockStatement(name), { name }, wait);
  }

  async insert(table: Table, { id, fields }: StoredRow): Promise<StoredRow> {
    const columns = this.#knownColumns(table) ?? (await this.#loadColumns(table));
    const given = Object.entries(fields).filter(([, value]) => value !== undefined);
    const values = this.#check(() => {
      columns.assertStorableId(id);
      return columns.toWrite(Object.fromEntries(given));
    });
    const statement = insertStatement(columns, id, values, this.#fence);
    const written = values.map(({ column }) => column.name);
    return this.#writeRow(table, columns, statement, { ...about(table), ids: [id], written });
  }

  update(table: Table, id: string, changes: FieldValues): Promise<StoredRow> {
    const write = (columns: TableColumns): Promise<StoredRow> => {
      const values = this.#check(() => columns.toWrite(changes));
      const statement = updateStatement(columns, id, values, this.#fence);
      const written = values.map(({ column }) => column.name);
      return this.#writeRow(table, columns, statement, { ...about(table), ids: [id], written });
    };
    // At once where that can be: a COMMIT that follows in the same turn has to come after it.
    const columns = this.#knownColumns(table);
    if (columns === undefined) return this.#loadColumns(table).then(write);
    try {
      return write(columns);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  async delete(table: Table, id: string): Promise<void> {
    const columns = this.#knownColumns(table) ?? (await this.#loadColumns(table));
    const statement = deleteStatement(columns, id, this.#fence);
    await this.#write(statement, { ...about(table), ids: [id] });
  }

  async commit(topics: readonly string[]): Promise<void> {
    this.#assertOpen();
    this.#state = 'committing';
    // What was refused before it was sent has not failed for the server: it would commit the rest, and the signals.
    this.#assertHealthy();
    const slot = this.#slot;
    if (slot === undefined) {
      // Nothing was sent: all that there is to commit are signals.
      if (topics.length > 0) this.#context.publisher.publishLater(topics);
      return;
    }
    const { publisher, settings } = this.#context;
    const isAtomic = settings.signalDelivery === 'in-transaction';
    const sent = [
      ...(isAtomic ? publisher.statements(topics) : []).map((statement) => slot.execute(statement)),
      slot.execute(commitStatement, settings.replyTimeoutMs),
    ];
    const results = await Promise.allSettled(sent);
    const committed = results.at(-1);
    const failure = results.find((result) => result.status === 'rejected')?.reason as unknown;
    this.#slot = undefined;
    if (failure !== undefined && isConnectionLoss(failure)) {
      slot.destroy();
      const wasSent = !(failure instanceof SlotLost) || failure.wasSent;
      throw new ConnectionLostError(wasSent ? 'unknown' : 'rolled back', { cause: failure });
    }
    this.#context.pool.release(slot);
    if (failure !== undefined) throw statementError(failure, this.#written ?? { name: 'COMMIT' });
    // After a statement that failed Postgres answers COMMIT with a rollback, and without an error.
    const isCommitted = committed?.status === 'fulfilled' && committed.value.command === 'COMMIT';
    if (!isCommitted || this.#failure !== undefined)
      throw new TransactionRolledBackError({ cause: this.#failure?.error });
    if (topics.length > 0 && !isAtomic) publisher.publishLater(topics);
  }

  async rollback(): Promise<void> {
    this.#state = 'rolled back';
    const slot = this.#slot;
    this.#slot = undefined;
    if (slot === undefined || slot.isDead) return;
    try {
      await within(GIVE_UP_AFTER_MS, this.#undo(slot));
      this.#context.pool.release(slot);
    } catch {
      // The server undoes a transaction whose connection is gone.
      slot.destroy();
    }
  }

  /** Waits for what is under way; cancels it when it takes long, as a wait for a lock may. */
  async #undo(slot: ConnectionSlot): Promise<void> {
    if (slot.isBusy) {
      try {
        await within(CANCEL_AFTER_MS, slot.idle());
      } catch {
        await slot.cancel();
        // Only now can the cancellation no longer hit a statement that comes later.
        await slot.idle();
      }
    }
    await slot.execute(rollbackStatement);
  }

  #knownColumns(table: Table): TableColumns | undefined {
    if (this.#known?.table === table) return this.#known.columns;
    const columns = this.#context.catalog.known(table);
    if (columns !== undefined) this.#known = { table, columns };
    return columns;
  }

  async #loadColumns(table: Table): Promise<TableColumns> {
    const execute = (statement: Statement): Promise<Rows> => this.#run(statement, about(table));
    const columns = await this.#context.catalog.load(table, execute);
    this.#known = { table, columns };
    return columns;
  }

  /** What was loaded may be out of date when it does not fit the model: the next attempt looks again. */
  #check<R>(build: () => R): R {
    try {
      return build();
    } catch (error) {
      this.#failure ??= { error };
      if (isSchemaChange(error)) this.#context.catalog.clear();
      throw error;
    }
  }

  async #writeRow(
    table: Table,
    columns: TableColumns,
    statement: Statement,
    subject: Subject,
  ): Promise<StoredRow> {
    const [row] = await readRows(table, columns, await this.#write(statement, subject));
    if (row === undefined) throw new ConnectionLostError('rolled back');
    return row;
  }

  async #write(statement: Statement, subject: Subject): Promise<Rows> {
    this.#written = subject;
    const rows = await this.#run(statement, subject);
    if (rows.count === 1) return rows;
    const error = await this.#whyNotWritten(rows.count, subject);
    this.#failure ??= { error };
    throw error;
  }

  /** No row, or more than one: the fence let none through, or something in the database stood in the way. */
  async #whyNotWritten(count: number, { name, table = name, ids = [] }: Subject): Promise<Error> {
    if (this.#state === 'active') {
      const inside = await this.#run(fenceStatement(this.#fence), { name, table });
      if (inside.count === 0) return new ConnectionLostError('rolled back');
    }
    return new DatabaseError(
      name,
      `${name} ${ids.join(', ')} (${table}): ${count} rows were written instead of one. Look for a trigger, a rule or a ` +
        'policy on the table, and for an id that is not unique.',
    );
  }

  #runBounded(
    statement: Statement,
    subject: Subject,
    { mode, timeoutMs }: LockWait,
  ): Promise<Rows> {
    if (timeoutMs === undefined || mode !== 'block') return this.#run(statement, subject);
    const limit = this.#run(lockTimeoutStatement(timeoutMs), subject);
    const locked = this.#run(statement, subject);
    const reset = this.#run(unlimitedLocksStatement, subject);
    // The lock tells: it fails when the limit does, and takes what follows it with it.
    limit.catch(() => undefined);
    reset.catch(() => undefined);
    return locked;
  }

  /** Sends a statement on this transaction's connection: at once when it has one. */
  async #run(statement: Statement, subject: Subject): Promise<Rows> {
    try {
      const opened = this.#slot ?? this.#open();
      const slot = opened instanceof Promise ? await opened : opened;
      this.#assertOpen();
      return await slot.execute(statement);
    } catch (error) {
      const mapped = this.#mapError(error, subject);
      this.#failure ??= { error: mapped };
      if (isSchemaChange(error)) this.#context.catalog.clear();
      throw mapped;
    }
  }

  #mapError(error: unknown, subject: Subject): Error {
    const { code } = error as { code?: string };
    if (code === AFTER_A_FAILURE)
      return new TransactionRolledBackError({ cause: this.#failure?.error });
    // The COMMIT behind it may have arrived, or not.
    return statementError(error, subject, this.#state === 'committing' ? 'unknown' : 'rolled back');
  }

  #assertHealthy(): void {
    if (this.#failure !== undefined)
      throw new TransactionRolledBackError({ cause: this.#failure.error });
  }

  #assertOpen(): void {
    if (this.#state === 'active') return;
    throw new LockReleasedError(
      undefined,
      undefined,
      'has ended, and this work was not awaited in it',
    );
  }

  #open(): Awaitable<ConnectionSlot> {
    return (this.#opening ??= this.#begin());
  }

  #begin(): Awaitable<ConnectionSlot> {
    const slot = this.#context.pool.acquire(this.#deadline);
    return slot instanceof Promise
      ? slot.then((acquired) => this.#beginOn(acquired))
      : this.#beginOn(slot);
  }

  #beginOn(slot: ConnectionSlot): ConnectionSlot {
    const { pool, settings } = this.#context;
    if (this.#state !== 'active') {
      pool.release(slot);
      this.#assertOpen();
    }
    this.#slot = slot;
    // Not awaited: it travels with the first statement, and what comes after it fails if it does.
    slot
      .execute(beginStatement(this.#fence, settings.idleInTransactionTimeoutMs))
      .catch((error: unknown) => {
        this.#failure ??= { error };
        slot.destroy();
      });
    return slot;
  }
}

function about(table: Table): Subject {
  return { name: table.model.name, table: table.name };
}

/** Rejects when it takes longer. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it took too long')), ms);
  });
  work.catch(() => undefined);
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
