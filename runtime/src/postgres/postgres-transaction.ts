import type {
  AdapterTransaction,
  Awaitable,
  BeginOptions,
  LockWait,
  NewRow,
  RereadRows,
  RowChange,
  RowVersion,
  StoredRow,
  Table,
} from '../adapter/adapter.js';
import type { Query } from '../adapter/query.js';
import type { ReadResult } from '../adapter/read-result.js';
import { ConnectionLostError } from '../errors/store-errors.js';
import type { FieldValues } from '../model/field-values.js';
import type { Rows } from './connection.js';
import { isInteger } from './column-types.js';
import { findStatement } from './find-statement.js';
import { insertManyStatement, type NewValues } from './insert-many-statement.js';
import type { PostgresContext } from './postgres-context.js';
import { aboutTable, type Subject } from './postgres-errors.js';
import type { RawRow } from './protocol/rows.js';
import { toReadResult } from './read-columns.js';
import { beginReadStatement, endReadStatement, readStatement } from './read-statements.js';
import { RowLocker } from './row-locker.js';
import { readRow, readRows } from './row-reader.js';
import {
  deleteStatement,
  insertStatement,
  rereadStatement,
  updateInTurnStatement,
  updateStatement,
} from './row-statements.js';
import type { Statement } from './statement.js';
import type { TableColumns } from './table-columns.js';
import { columnNames, RowWriter } from './row-writer.js';
import { TransactionColumns } from './transaction-columns.js';
import { TransactionConnection } from './transaction-connection.js';
import { checkAtOnceStatement, savepointStatement } from './transaction-statements.js';

/** A transaction: what it reads and writes, as statements on its connection. */
export class PostgresTransaction implements AdapterTransaction {
  readonly #context: PostgresContext;
  readonly #connection: TransactionConnection;
  readonly #columns: TransactionColumns;
  readonly #writer: RowWriter;
  readonly #locker: RowLocker;
  /** How many savepoints are open. */
  #depth = 0;

  constructor(context: PostgresContext, options: BeginOptions) {
    this.#context = context;
    this.#connection = new TransactionConnection(context, options);
    this.#columns = new TransactionColumns(context.catalog, this.#connection);
    this.#writer = new RowWriter(this.#connection);
    this.#locker = new RowLocker(this.#connection, this.#columns);
  }

  find(table: Table, query: Query, signal?: AbortSignal): Promise<StoredRow[]> {
    const find = (columns: TableColumns): Awaitable<StoredRow[]> => {
      const statement = findStatement(columns, query);
      if (statement === undefined) return [];
      return this.#connection.run(statement, aboutTable(table), (rows) =>
        readRows(table, columns, rows),
      );
    };
    return this.#connection.untilAborted(signal, () => this.#columns.use(table, find));
  }

  read(text: string, parameters: readonly unknown[], signal?: AbortSignal): Promise<ReadResult> {
    const statement = readStatement(text, parameters);
    return this.#connection.untilAborted(signal, () => this.#read(statement));
  }

  #read(statement: Statement): Promise<ReadResult> {
    const begun = this.#connection.run(beginReadStatement, READ, ignore);
    const read = this.#connection.run(statement, READ, toReadResult);
    const ended = this.#connection.run(endReadStatement, READ, ignore);
    // They fail only with the connection, and the read with them.
    begun.catch(ignore);
    return Promise.allSettled([read, ended]).then(() => read);
  }

  lock(table: Table, ids: readonly string[], wait: LockWait): Promise<StoredRow[]> {
    return this.#locker.lock(table, ids, wait);
  }

  lockWhere(table: Table, query: Query, wait: LockWait): Promise<StoredRow[]> {
    return this.#locker.lockWhere(table, query, wait);
  }

  lockName(name: string, wait: LockWait): Promise<void> {
    return this.#locker.lockName(name, wait);
  }

  insert(table: Table, row: NewRow): Promise<StoredRow> {
    return this.#columns.use(table, (columns) => {
      const given = Object.entries(row.fields).filter(([, value]) => value !== undefined);
      const id = idToInsert(columns, row);
      const values = columns.toWrite(Object.fromEntries(given));
      const statement = insertStatement(columns, id, values, this.#connection.fence);
      const subject = {
        ...aboutTable(table),
        ids: id === undefined ? [] : [id],
        written: columnNames(values),
      };
      return this.#writer.insert(statement, subject, 1, (rows) => readRow(table, columns, rows));
    });
  }

  insertMany(table: Table, rows: readonly NewRow[]): Promise<StoredRow[]> {
    return this.#columns.use(table, (columns) => {
      const toWrite = rows.map((row) => valuesToInsert(columns, row));
      const { statement, places } = insertManyStatement(columns, toWrite, this.#connection.fence);
      const subject = { ...aboutTable(table), ids: rows.map(({ id }) => id) };
      const read = async (found: Rows): Promise<StoredRow[]> => {
        const stored = await readRows(table, columns, found);
        const inOrder: StoredRow[] = [];
        for (const [index, row] of stored.entries()) inOrder[places[index] ?? index] = row;
        return inOrder;
      };
      return this.#writer.insert(statement, subject, rows.length, read);
    });
  }

  update(table: Table, row: RowVersion, changes: FieldValues): Promise<StoredRow | undefined> {
    return this.#columns.use(table, (columns) => {
      const values = columns.toWrite(changes);
      const statement = updateStatement(columns, row, values, this.#connection.fence);
      return this.#writer.update(table, columns, statement, row, values);
    });
  }

  checkAtOnce(table: Table): void {
    if (this.#columns.known(table)?.relation.hasDeferred === false) return;
    // The writes behind it fail when it does.
    this.#connection.run(checkAtOnceStatement, aboutTable(table), ignore).catch(ignore);
  }

  updateInTurn(
    table: Table,
    row: RowVersion,
    changes: readonly FieldValues[],
  ): readonly Promise<StoredRow | undefined>[] {
    return changes.map((each, index) =>
      this.#columns.use(table, (columns) => {
        const values = columns.toWrite(each);
        const { fence } = this.#connection;
        const statement = updateInTurnStatement(columns, row, values, fence, index === 0);
        return this.#writer.update(table, columns, statement, row, values);
      }),
    );
  }

  delete(table: Table, row: RowVersion): Promise<boolean> {
    return this.#columns.use(table, (columns) => {
      const statement = deleteStatement(columns, row, this.#connection.fence);
      return this.#writer.delete(table, columns, statement, row);
    });
  }

  mayChange(written: Table, held: Table): boolean | undefined {
    const [of, others] = [this.#columns.known(written), this.#columns.known(held)];
    // Before the first write to a table it is asked what that is, so the write is sent later than this.
    if (of === undefined || others === undefined) return undefined;
    const isAlias = written !== held && of.relation.oid === others.relation.oid;
    return of.relation.hasEffects || isAlias || (written !== held && !others.relation.hasTupleIds);
  }

  reread(table: Table, rows: readonly RowVersion[]): Promise<RereadRows> {
    return this.#columns.use(table, (columns) =>
      this.#connection.run(rereadStatement(columns, rows), aboutTable(table), async (found) => {
        const raw = found as unknown as readonly RawRow[];
        const changed = raw.filter((row) => row[columns.id.name] !== null);
        return {
          changed: await readRows(table, columns, changed as unknown as Rows),
          gone: raw.flatMap((row) =>
            row[columns.id.name] === null ? [row['justscale.id'] as string] : [],
          ),
        };
      }),
    );
  }

  savepoint(): Promise<void> {
    return this.#part('begin', (this.#depth += 1));
  }

  releaseSavepoint(): Promise<void> {
    return this.#part('keep', this.#depth--);
  }

  rollbackToSavepoint(): Promise<void> {
    // The lock that it has queued for may be one of those that this gives back.
    this.#connection.leaveQueue();
    return this.#part('undo', this.#depth--);
  }

  #part(end: 'begin' | 'keep' | 'undo', depth: number): Promise<void> {
    return this.#connection.run(savepointStatement(end, depth), { name: 'savepoint' }, ignore);
  }

  commit(
    topics: readonly string[],
    last: readonly RowChange[],
  ): Promise<readonly (StoredRow | undefined)[]> {
    if (topics.length > 0 || last.length > 0) return this.#commitTogether(topics, last);
    return this.#connection.commit(this.#writer.last).then(() => []);
  }

  async #commitTogether(
    topics: readonly string[],
    last: readonly RowChange[],
  ): Promise<readonly (StoredRow | undefined)[]> {
    const { signals } = this.#context;
    const written = Promise.allSettled(
      this.#connection.share(() =>
        last.map(({ table, row, changes }) => this.update(table, row, changes)),
      ),
    );
    // Of a transaction that sent nothing there is nothing to commit but its signals.
    if (topics.length > 0 && !this.#connection.isOpen) await signals.publishAll(topics);
    const isAtomic = topics.length > 0 && this.#connection.isOpen;
    // The COMMIT travels with the writes; but it would commit the signals, too, of a write that changed no row.
    if (isAtomic && !(await written).every(isWritten)) {
      await this.#connection.rollback();
      return (await written).map(valueOf);
    }
    const [writes, [commit]] = await Promise.all([
      written,
      Promise.allSettled([
        this.#connection.commitTogether(
          isAtomic ? signals.statements(topics) : [],
          this.#writer.last,
        ),
      ]),
    ]);
    // Lost together with the COMMIT, the writes may have been committed: then only the COMMIT knows the outcome.
    if (commit.status === 'rejected' && commit.reason instanceof ConnectionLostError)
      throw commit.reason;
    const rows = writes.map(valueOf);
    if (commit.status === 'rejected') throw commit.reason;
    return rows;
  }

  rollback(): Promise<void> {
    return this.#connection.rollback();
  }
}

function ignore(): void {
  // Told elsewhere.
}

function isWritten(write: PromiseSettledResult<unknown>): boolean {
  return write.status === 'fulfilled' && write.value !== undefined;
}

function valueOf<R>(write: PromiseSettledResult<R>): R {
  if (write.status === 'rejected') throw write.reason;
  return write.value;
}

/** For errors: a statement of the user's own is about no model. */
const READ: Subject = { name: 'read()' };

function valuesToInsert(columns: TableColumns, row: NewRow): NewValues {
  const id = idToInsert(columns, row);
  const given = Object.entries(row.fields).filter(([, value]) => value !== undefined);
  const values = columns.toWrite(Object.fromEntries(given));
  return id === undefined ? values : [{ column: columns.id, value: id }, ...values];
}

/** The id to insert; `undefined` when the database gives it. */
function idToInsert(columns: TableColumns, { id, isIdOpen }: NewRow): string | undefined {
  const { type, hasDefault } = columns.id;
  if (isIdOpen === true && (hasDefault || isInteger(type))) return undefined;
  columns.assertStorableId(id);
  return id;
}
