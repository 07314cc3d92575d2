import { createHash, randomBytes } from 'node:crypto';
import type {
  AdapterTransaction,
  Awaitable,
  LockWait,
  Query,
  StoredRow,
  Table,
} from '../adapter/adapter.js';
import { LockReleasedError } from '../errors/lock-errors.js';
import { ConnectionLostError, TransactionRolledBackError } from '../errors/store-errors.js';
import type { FieldValues } from '../model/field-values.js';
import { SlotLost, type ConnectionSlot, type Rows, type Statement } from './connection-slot.js';
import { findStatement } from './find-statement.js';
import { isConnectionLoss, statementError, type Subject } from './postgres-errors.js';
import type { PostgresContext } from './postgres-adapter.js';
import { readRows } from './row-reader.js';
import {
  advisoryLockStatement,
  beginStatement,
  COMMIT,
  deleteStatement,
  insertStatement,
  lockStatement,
  lockTimeoutStatement,
  ROLLBACK,
  updateStatement,
} from './statements.js';
import { hasStorableId, isSchemaChange } from './table-checks.js';
import type { TableColumns } from './table-columns.js';

/** How long a rollback waits for what is on its way, in milliseconds, before it cancels it, and before it gives the connection up. */
const CANCEL_AFTER_MS = 50;
const GIVE_UP_AFTER_MS = 2_000;

/** A transaction on one connection of the pool, taken with its first statement and named by a fence. */
export class PostgresTransaction implements AdapterTransaction {
  readonly #context: PostgresContext;
  readonly #deadline: number | undefined;
  readonly #fence = randomBytes(6).readUIntBE(0, 6);
  #opening: Promise<ConnectionSlot> | undefined;
  #slot: ConnectionSlot | undefined;
  #hasEnded = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(context: PostgresContext, deadline: number | undefined) {
    this.#context = context;
    this.#deadline = deadline;
  }

  async find(table: Table, query: Query): Promise<StoredRow[]> {
    const columns = await this.#columns(table);
    if (!hasStorableId(columns, query.where['id'])) return [];
    return readRows(
      table,
      columns,
      await this.#run(findStatement(table, columns, query), about(table)),
    );
  }

  async lock(table: Table, ids: readonly string[], wait: LockWait): Promise<StoredRow[]> {
    const columns = this.#context.catalog.known(table) ?? (await this.#columns(table));
    const storable = ids.filter((id) => hasStorableId(columns, id));
    if (storable.length === 0) return [];
    const subject = { ...about(table), ids };
    const statement = lockStatement(table, columns, storable, wait);
    return readRows(table, columns, await this.#runBounded(statement, subject, wait));
  }

  async lockName(name: string, wait: LockWait): Promise<void> {
    const digest = createHash('sha256').update(`justscale:${name}`).digest();
    await this.#runBounded(advisoryLockStatement(digest.readBigInt64BE()), { name }, wait);
  }

  async insert(table: Table, { id, fields }: StoredRow): Promise<StoredRow> {
    const columns = await this.#columns(table);
    return this.#write(
      table,
      columns,
      id,
      insertStatement(table, columns, id, fields, this.#fence),
    );
  }

  update(table: Table, id: string, changes: FieldValues): Promise<StoredRow> {
    const columns = this.#context.catalog.known(table);
    const write = (known: TableColumns): Promise<StoredRow> =>
      this.#write(table, known, id, updateStatement(table, known, id, changes, this.#fence));
    // At once where that can be: the COMMIT that may follow in this turn has to come after it.
    return columns === undefined ? this.#columns(table).then(write) : write(columns);
  }

  async delete(table: Table, id: string): Promise<void> {
    const columns = await this.#columns(table);
    const rows = await this.#run(deleteStatement(table, columns, id, this.#fence), {
      ...about(table),
      ids: [id],
    });
    this.#assertWritten(rows);
  }

  async commit(topics: readonly string[]): Promise<void> {
    this.#hasEnded = true;
    const slot = this.#slot;
    if (slot === undefined) {
      if (topics.length > 0) this.#context.publisher.publishLater(topics);
      return;
    }
    const inTransaction =
      topics.length > 0 && this.#context.settings.signalDelivery === 'in-transaction';
    const notified = inTransaction
      ? slot.execute(this.#context.publisher.statement(topics))
      : undefined;
    notified?.catch(() => undefined);
    let rows: Rows;
    try {
      rows = await slot.execute(COMMIT);
      await notified;
    } catch (error) {
      await slot.destroy();
      if (!isConnectionLoss(error)) throw statementError(error, { name: 'COMMIT' });
      throw new ConnectionLostError(
        error instanceof SlotLost && !error.wasSent ? 'rolled back' : 'unknown',
        { cause: error },
      );
    }
    this.#context.pool.release(slot);
    this.#slot = undefined;
    // After a failed statement Postgres answers COMMIT with a ROLLBACK, and no error.
    if (rows.command !== 'COMMIT' || this.#failure !== undefined) {
      throw new TransactionRolledBackError({ cause: this.#failure?.error });
    }
    if (topics.length > 0 && !inTransaction) this.#context.publisher.publishLater(topics);
  }

  async rollback(): Promise<void> {
    this.#hasEnded = true;
    const slot = this.#slot;
    this.#slot = undefined;
    if (slot === undefined || slot.isDead) return;
    try {
      if (slot.isBusy) await this.#drain(slot);
      const rolledBack = await within(slot.execute(ROLLBACK), GIVE_UP_AFTER_MS);
      if (rolledBack === 'late') await slot.destroy();
      else this.#context.pool.release(slot);
    } catch {
      await slot.destroy();
    }
  }

  /** Waits for what is on its way; cancels it when it takes long, as a wait for a lock may. */
  async #drain(slot: ConnectionSlot): Promise<void> {
    if ((await within(slot.idle(), CANCEL_AFTER_MS)) !== 'late') return;
    await this.#context.cancel(slot.pid);
    if ((await within(slot.idle(), GIVE_UP_AFTER_MS)) === 'late')
      throw new Error('the connection does not answer');
  }

  async #columns(table: Table): Promise<TableColumns> {
    const known = this.#context.catalog.known(table);
    if (known !== undefined) return known;
    return this.#context.catalog.load(table, (statement) => this.#run(statement, about(table)));
  }

  async #write(
    table: Table,
    columns: TableColumns,
    id: string,
    statement: Statement,
  ): Promise<StoredRow> {
    const rows = await this.#run(statement, { ...about(table), ids: [id] });
    this.#assertWritten(rows);
    const [row] = await readRows(table, columns, rows);
    if (row === undefined) throw new ConnectionLostError('rolled back');
    return row;
  }

  /** The fence let no row through: this connection is not in the transaction that took the lock. */
  #assertWritten(rows: Rows): void {
    if (rows.count === 1) return;
    const error = new ConnectionLostError('rolled back');
    this.#failure ??= { error };
    throw error;
  }

  #runBounded(
    statement: Statement,
    subject: Subject,
    { mode, timeoutMs }: LockWait,
  ): Awaitable<Rows> {
    if (timeoutMs === undefined || mode !== 'block') return this.#run(statement, subject);
    const limit = this.#run(lockTimeoutStatement(Math.max(1, timeoutMs)), subject);
    const locked = this.#run(statement, subject);
    const unlimited = this.#run(lockTimeoutStatement(0), subject);
    // What matters is the lock: when it fails, so does what comes after it in the transaction.
    limit.catch(() => undefined);
    unlimited.catch(() => undefined);
    return locked;
  }

  /** Sends a statement on this transaction's connection: at once when it has one. */
  #run(statement: Statement, subject: Subject): Promise<Rows> {
    const sent =
      this.#slot === undefined
        ? this.#open().then((slot) => this.#send(slot, statement))
        : this.#send(this.#slot, statement);
    return sent.catch((error: unknown) => {
      const mapped = statementError(error, subject);
      this.#failure ??= { error: mapped };
      if (isSchemaChange(error)) this.#context.catalog.clear();
      throw mapped;
    });
  }

  #send(slot: ConnectionSlot, statement: Statement): Promise<Rows> {
    if (this.#hasEnded) {
      return Promise.reject(
        new LockReleasedError(
          undefined,
          undefined,
          'has ended, and this work was not awaited in it',
        ),
      );
    }
    return slot.execute(statement);
  }

  #open(): Promise<ConnectionSlot> {
    return (this.#opening ??= this.#begin());
  }

  async #begin(): Promise<ConnectionSlot> {
    const slot = await this.#context.pool.acquire(this.#deadline);
    if (this.#hasEnded) {
      this.#context.pool.release(slot);
      throw new LockReleasedError(
        undefined,
        undefined,
        'has ended, and this work was not awaited in it',
      );
    }
    this.#slot = slot;
    // Not awaited: it travels with the first statement, which fails if this does.
    slot
      .execute(beginStatement(this.#fence))
      .catch((error: unknown) => (this.#failure ??= { error }));
    return slot;
  }
}

function about(table: Table): Subject {
  return { name: table.model.name, table: table.name };
}

async function within<R>(promise: Promise<R>, ms: number): Promise<R | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), ms)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
