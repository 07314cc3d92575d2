import type { Awaitable, LockWait, StoredRow, Table } from '../adapter/adapter.js';
import type { Query } from '../adapter/query.js';
import { DatabaseError } from '../errors/store-errors.js';
import type { Rows } from './connection.js';
import { isIdOf } from './id-values.js';
import { aboutTable, type Subject } from './postgres-errors.js';
import { PATIENCE_MS } from './row-queues.js';
import { readRows } from './row-reader.js';
import { lockStatement, lockWhereStatement } from './row-statements.js';
import type { Statement } from './statement.js';
import type { TableColumns } from './table-columns.js';
import type { TransactionColumns } from './transaction-columns.js';
import type { TransactionConnection } from './transaction-connection.js';
import {
  advisoryLockStatement,
  lockTimeoutStatement,
  unlimitedLocksStatement,
} from './transaction-statements.js';

/** Takes the locks of one transaction. */
export class RowLocker {
  readonly #connection: TransactionConnection;
  readonly #columns: TransactionColumns;

  constructor(connection: TransactionConnection, columns: TransactionColumns) {
    this.#connection = connection;
    this.#columns = columns;
  }

  /** See `AdapterTransaction.lock`. */
  lock(table: Table, ids: readonly string[], wait: LockWait): Promise<StoredRow[]> {
    return this.#connection.untilAborted(wait.signal, () => {
      const turn = this.#queueFor(table, ids, wait);
      if (turn === undefined) return this.#lock(table, ids, wait);
      const since = performance.now();
      return turn.then(() => this.#lock(table, ids, shortened(wait, performance.now() - since)));
    });
  }

  #lock(table: Table, ids: readonly string[], wait: LockWait): Promise<StoredRow[]> {
    return this.#columns.use(table, (columns) => {
      const storable = ids.filter((id) => isIdOf(columns.id.type, id));
      if (storable.length === 0) return [];
      const statement = lockStatement(columns, storable, wait);
      const read = (rows: Rows): Awaitable<StoredRow[]> => {
        if (rows.length === 0) this.#connection.leaveQueue();
        if (rows.length > storable.length) throw notUnique(table, storable, rows.length);
        return readRows(table, columns, rows);
      };
      return this.#runBounded(statement, { ...aboutTable(table), ids }, wait, read);
    });
  }

  /** Waits for its turn in this process, where that is no longer than it may wait. */
  #queueFor(
    table: Table,
    ids: readonly string[],
    { mode, timeoutMs = Infinity }: LockWait,
  ): Promise<void> | undefined {
    const [id] = ids;
    const mayQueue = mode === 'block' && timeoutMs >= 2 * PATIENCE_MS;
    if (!mayQueue || id === undefined || ids.length > 1) return undefined;
    return this.#connection.queueFor(`${table.name} ${id}`);
  }

  /** See `AdapterTransaction.lockWhere`. */
  lockWhere(table: Table, query: Query, wait: LockWait): Promise<StoredRow[]> {
    const lock = (columns: TableColumns): Awaitable<StoredRow[]> => {
      const statement = lockWhereStatement(columns, query, wait);
      if (statement === undefined) return [];
      const read = (rows: Rows): Awaitable<StoredRow[]> => readRows(table, columns, rows);
      return this.#runBounded(statement, aboutTable(table), wait, read);
    };
    return this.#connection.untilAborted(wait.signal, () => this.#columns.use(table, lock));
  }

  /** See `AdapterTransaction.lockName`. */
  lockName(name: string, wait: LockWait): Promise<void> {
    const statement = advisoryLockStatement(name);
    return this.#connection.untilAborted(wait.signal, () =>
      this.#runBounded(statement, { name }, wait, ignore),
    );
  }

  #runBounded<R>(
    statement: Statement,
    subject: Subject,
    { mode, timeoutMs }: LockWait,
    read: (rows: Rows) => Awaitable<R>,
  ): Promise<R> {
    if (timeoutMs === undefined || mode !== 'block')
      return this.#connection.run(statement, subject, read);
    const limit = this.#connection.run(lockTimeoutStatement(timeoutMs), subject, ignore);
    const locked = this.#connection.run(statement, subject, read);
    const reset = this.#connection.run(unlimitedLocksStatement, subject, ignore);
    // The lock tells: it fails when the limit does, and takes what follows it with it.
    limit.catch(ignore);
    reset.catch(ignore);
    return locked;
  }
}

function notUnique({ name, model }: Table, ids: readonly string[], count: number): DatabaseError {
  const found = `${count} rows have ${ids.length === 1 ? 'this id' : `these ${ids.length} ids`}`;
  const mend =
    'Let the key be unique: that of a table is not that of the tables that inherit from it.';
  return new DatabaseError(
    model.name,
    `${model.name} ${ids.join(', ')} (${name}): ${found}. ${mend}`,
    '42830',
    { table: name },
  );
}

/** How long is left to wait for a lock. */
function shortened(wait: LockWait, waitedMs: number): LockWait {
  const { timeoutMs } = wait;
  return timeoutMs === undefined ? wait : { ...wait, timeoutMs: Math.max(1, timeoutMs - waitedMs) };
}

function ignore(): void {
  // The lock tells.
}
