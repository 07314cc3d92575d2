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
import { promiseTry } from '../adapter/awaitable.js';
import { ConnectionLostError, DatabaseError } from '../errors/store-errors.js';
import type { FieldValues } from '../model/field-values.js';
import type { Rows } from './connection.js';
import { isInteger } from './column-types.js';
import { findStatement } from './find-statement.js';
import { insertManyStatement, type NewValues } from './insert-many-statement.js';
import { isIdOf } from './id-values.js';
import type { PostgresContext } from './postgres-context.js';
import type { Subject } from './postgres-errors.js';
import type { RawRow } from './protocol/rows.js';
import { toReadResult } from './read-columns.js';
import { beginReadStatement, endReadStatement, readStatement } from './read-statements.js';
import { readRow, readRows } from './row-reader.js';
import {
  deleteStatement,
  insertStatement,
  lockStatement,
  lockWhereStatement,
  rereadStatement,
  updateInTurnStatement,
  updateStatement,
  versionStatement,
} from './row-statements.js';
import type { Statement } from './statement.js';
import type { ColumnValue, TableColumns } from './table-columns.js';
import { TransactionConnection } from './transaction-connection.js';
import {
  advisoryLockStatement,
  fenceStatement,
  lockTimeoutStatement,
  savepointStatement,
  unlimitedLocksStatement,
} from './transaction-statements.js';

/** The row that a statement is to write. */
interface WriteTarget {
  readonly columns: TableColumns;
  readonly row: RowVersion;
}

/** A transaction: what it reads and writes, as statements on its connection. */
export class PostgresTransaction implements AdapterTransaction {
  readonly #context: PostgresContext;
  readonly #connection: TransactionConnection;
  /** The table used last: what another transaction finds out about it must not make this one ask again. */
  #known: { readonly table: Table; readonly columns: TableColumns } | undefined;
  /** What was written last: a constraint that is deferred fails at the COMMIT. */
  #written: Subject | undefined;

  /** How many savepoints are open. */
  #depth = 0;

  constructor(context: PostgresContext, options: BeginOptions) {
    this.#context = context;
    this.#connection = new TransactionConnection(context, options);
  }

  find(table: Table, query: Query): Promise<StoredRow[]> {
    return this.#withColumns(table, (columns) => {
      const statement = findStatement(columns, query);
      if (statement === undefined) return [];
      return this.#connection.run(statement, about(table), (rows) =>
        readRows(table, columns, rows),
      );
    });
  }

  read(text: string, parameters: readonly unknown[]): Promise<ReadResult> {
    const statement = readStatement(text, parameters);
    const begun = this.#connection.run(beginReadStatement, READ, ignore);
    const read = this.#connection.run(statement, READ, toReadResult);
    const ended = this.#connection.run(endReadStatement, READ, ignore);
    // They fail only with the connection, and the read with them.
    begun.catch(ignore);
    return Promise.allSettled([read, ended]).then(() => read);
  }

  lock(table: Table, ids: readonly string[], wait: LockWait): Promise<StoredRow[]> {
    return this.#withColumns(table, (columns) => {
      const storable = ids.filter((id) => isIdOf(columns.id.type, id));
      if (storable.length === 0) return [];
      const statement = lockStatement(columns, storable, wait);
      const read = (rows: Rows): Awaitable<StoredRow[]> => readRows(table, columns, rows);
      return this.#runBounded(statement, { ...about(table), ids }, wait, read);
    });
  }

  lockWhere(table: Table, query: Query, wait: LockWait): Promise<StoredRow[]> {
    return this.#withColumns(table, (columns) => {
      const statement = lockWhereStatement(columns, query, wait);
      if (statement === undefined) return [];
      const read = (rows: Rows): Awaitable<StoredRow[]> => readRows(table, columns, rows);
      return this.#runBounded(statement, about(table), wait, read);
    });
  }

  lockName(name: string, wait: LockWait): Promise<void> {
    return this.#runBounded(advisoryLockStatement(name), { name }, wait, () => undefined);
  }

  insert(table: Table, row: NewRow): Promise<StoredRow> {
    return this.#withColumns(table, (columns) => {
      const given = Object.entries(row.fields).filter(([, value]) => value !== undefined);
      const id = idToInsert(columns, row);
      const values = columns.toWrite(Object.fromEntries(given));
      const statement = insertStatement(columns, id, values, this.#connection.fence);
      const subject = {
        ...about(table),
        ids: id === undefined ? [] : [id],
        written: names(values),
      };
      // Nothing but an error keeps an INSERT from returning its row.
      const read = (rows: Rows): Awaitable<StoredRow> => readRow(table, columns, rows);
      return this.#write(statement, subject, undefined, read) as Promise<StoredRow>;
    });
  }

  insertMany(table: Table, rows: readonly NewRow[]): Promise<StoredRow[]> {
    return this.#withColumns(table, (columns) => {
      const toWrite = rows.map((row) => valuesToInsert(columns, row));
      const { statement, places } = insertManyStatement(columns, toWrite, this.#connection.fence);
      const subject = { ...about(table), ids: rows.map(({ id }) => id) };
      const read = async (found: Rows): Promise<StoredRow[]> => {
        const stored = await readRows(table, columns, found);
        const inOrder: StoredRow[] = [];
        for (const [index, row] of stored.entries()) inOrder[places[index] ?? index] = row;
        return inOrder;
      };
      const written = this.#write(statement, subject, undefined, read, rows.length);
      return written as Promise<StoredRow[]>;
    });
  }

  update(table: Table, row: RowVersion, changes: FieldValues): Promise<StoredRow | undefined> {
    return this.#withColumns(table, (columns) => {
      const values = columns.toWrite(changes);
      const statement = updateStatement(columns, row, values, this.#connection.fence);
      return this.#writeLocked(table, columns, statement, row, values);
    });
  }

  updateInTurn(
    table: Table,
    row: RowVersion,
    changes: readonly FieldValues[],
  ): readonly Promise<StoredRow | undefined>[] {
    return changes.map((each, index) =>
      this.#withColumns(table, (columns) => {
        const values = columns.toWrite(each);
        const { fence } = this.#connection;
        const statement = updateInTurnStatement(columns, row, values, fence, index === 0);
        return this.#writeLocked(table, columns, statement, row, values);
      }),
    );
  }

  delete(table: Table, row: RowVersion): Promise<boolean> {
    return this.#withColumns(table, (columns) => {
      const statement = deleteStatement(columns, row, this.#connection.fence);
      const subject = { ...about(table), ids: [row.id] };
      return this.#write(statement, subject, { columns, row }, () => true).then(Boolean);
    });
  }

  mayChange(written: Table, held: Table): boolean | undefined {
    const [of, others] = [this.#knownColumns(written), this.#knownColumns(held)];
    // Before the first write to a table it is asked what that is, so the write is sent later than this.
    if (of === undefined || others === undefined) return undefined;
    const isAlias = written !== held && of.relation.oid === others.relation.oid;
    return of.relation.hasEffects || isAlias || (written !== held && !others.relation.hasTupleIds);
  }

  reread(table: Table, rows: readonly RowVersion[]): Promise<RereadRows> {
    return this.#withColumns(table, (columns) =>
      this.#connection.run(rereadStatement(columns, rows), about(table), async (found) => {
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
    return this.#part('undo', this.#depth--);
  }

  #part(end: 'begin' | 'keep' | 'undo', depth: number): Promise<void> {
    return this.#connection.run(savepointStatement(end, depth), { name: 'savepoint' }, ignore);
  }

  async commit(
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
        this.#connection.commit(isAtomic ? signals.statements(topics) : [], this.#written),
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

  #knownColumns(table: Table): TableColumns | undefined {
    if (this.#known?.table === table) return this.#known.columns;
    const columns = this.#context.catalog.known(table);
    if (columns !== undefined) this.#known = { table, columns };
    return columns;
  }

  /** Uses the columns of a table: at once where they are known, since a COMMIT that follows in the same turn has to come after it. */
  #withColumns<R>(table: Table, use: (columns: TableColumns) => Awaitable<R>): Promise<R> {
    const columns = this.#knownColumns(table);
    return columns === undefined
      ? this.#loadColumns(table).then((loaded) => this.#check(() => use(loaded)))
      : promiseTry(() => this.#check(() => use(columns)));
  }

  async #loadColumns(table: Table): Promise<TableColumns> {
    const execute = (statement: Statement): Promise<Rows> =>
      this.#connection.run(statement, about(table), (rows) => rows);
    const columns = await this.#context.catalog.load(table, execute);
    this.#known = { table, columns };
    return columns;
  }

  /** What was loaded may be out of date when it does not fit the model: the next attempt looks again. */
  #check<R>(build: () => R): R {
    try {
      return build();
    } catch (error) {
      throw this.#connection.failed(error);
    }
  }

  #writeLocked(
    table: Table,
    columns: TableColumns,
    statement: Statement,
    row: RowVersion,
    values: readonly ColumnValue[],
  ): Promise<StoredRow | undefined> {
    const subject = { ...about(table), ids: [row.id], written: names(values) };
    return this.#write(statement, subject, { columns, row }, (rows) =>
      readRow(table, columns, rows),
    );
  }

  #write<R>(
    statement: Statement,
    subject: Subject,
    target: WriteTarget | undefined,
    read: (rows: Rows) => Awaitable<R>,
    expected = 1,
  ): Promise<R | undefined> {
    this.#written = subject;
    return this.#connection.run(statement, subject, (rows): Awaitable<R | undefined> => {
      if (rows.count === expected) return read(rows);
      return this.#notWritten(rows.count, subject, target);
    });
  }

  /**
   * No row, or more than one: the fence let none through, the row is of another version, or something in the database stood
   * in the way.
   *
   * @returns `undefined` when the row is of another version, or when it is too late to ask
   */
  async #notWritten(
    count: number,
    subject: Subject,
    target: WriteTarget | undefined,
  ): Promise<undefined> {
    if (target !== undefined && count === 0 && this.#connection.hasEnded) return undefined;
    const { fence } = this.#connection;
    const statement =
      target === undefined
        ? fenceStatement(fence)
        : versionStatement(target.columns, target.row.id, fence);
    const [state] = (await this.#connection.run(statement, subject, (rows) => rows)) as unknown as [
      { readonly inside: string; readonly version?: string | null },
    ];
    if (state.inside !== 't') throw this.#connection.failed(new ConnectionLostError('rolled back'));
    if (target !== undefined && count === 0 && state.version !== target.row.version)
      return undefined;
    const { name, table = name, ids = [] } = subject;
    throw this.#connection.failed(
      new DatabaseError(
        name,
        `${name} ${ids.join(', ')} (${table}): ${count} rows were written instead of ${ids.length > 1 ? ids.length : 'one'}. Look for a trigger, a rule or a ` +
          'policy on the table, and for an id that is not unique.',
      ),
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

function ignore(): void {
  // Told elsewhere.
}

function names(values: readonly ColumnValue[]): string[] {
  return values.map(({ column }) => column.name);
}

function isWritten(write: PromiseSettledResult<unknown>): boolean {
  return write.status === 'fulfilled' && write.value !== undefined;
}

function valueOf<R>(write: PromiseSettledResult<R>): R {
  if (write.status === 'rejected') throw write.reason;
  return write.value;
}

/** The id to insert; `undefined` when the database gives it. */
/** For errors: a statement of the user's own is about no model. */
const READ: Subject = { name: 'read()' };

function valuesToInsert(columns: TableColumns, row: NewRow): NewValues {
  const id = idToInsert(columns, row);
  const given = Object.entries(row.fields).filter(([, value]) => value !== undefined);
  const values = columns.toWrite(Object.fromEntries(given));
  return id === undefined ? values : [{ column: columns.id, value: id }, ...values];
}

function idToInsert(columns: TableColumns, { id, isIdOpen }: NewRow): string | undefined {
  const { type, hasDefault } = columns.id;
  if (isIdOpen === true && (hasDefault || isInteger(type))) return undefined;
  columns.assertStorableId(id);
  return id;
}

function about(table: Table): Subject {
  return { name: table.model.name, table: table.name };
}
