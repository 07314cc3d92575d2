import type { StoredRow, Table } from '../adapter/adapter.js';
import type { Query } from '../adapter/query.js';
import type { ReadResult } from '../adapter/read-result.js';
import type { TableProblem } from '../errors/model-errors.js';
import { ReadTimeoutError } from '../errors/store-errors.js';
import { isConnectionLoss } from './connection-errors.js';
import type { Connection, Rows } from './connection.js';
import { findStatement } from './find-statement.js';
import type { PostgresContext } from './postgres-context.js';
import { aboutTable, statementError, type Subject } from './postgres-errors.js';
import { toReadResult } from './read-columns.js';
import {
  beginReadAloneStatement,
  endReadAloneStatement,
  readStatement,
} from './read-statements.js';
import { readRows } from './row-reader.js';
import type { Statement } from './statement.js';
import { isSchemaChange, readTable } from './table-catalog.js';
import { verifyTable } from './verify-table.js';

/** Reads outside transactions, each on a connection of the pool. One that is lost is repeated once: it has written nothing. */
export class PoolReader {
  readonly #context: PostgresContext;

  constructor(context: PostgresContext) {
    this.#context = context;
  }

  /** See `Adapter.find`. */
  find(table: Table, query: Query, signal?: AbortSignal): Promise<StoredRow[]> {
    const { catalog } = this.#context;
    return this.#reading(aboutTable(table), signal, async (connection) => {
      const isFresh = catalog.known(table) === undefined;
      try {
        return await this.#find(connection, table, query);
      } catch (error) {
        if (!isSchemaChange(error)) throw error;
        catalog.clear();
        if (isFresh || connection.isDead) throw error;
        return await this.#find(connection, table, query);
      }
    });
  }

  /** See `Adapter.read`. */
  read(text: string, parameters: readonly unknown[], signal?: AbortSignal): Promise<ReadResult> {
    const statement = readStatement(text, parameters);
    return this.#reading({ name: 'read()' }, signal, async (connection) => {
      // All three leave together.
      const [begun, read, ended] = await Promise.allSettled([
        this.#execute(connection, beginReadAloneStatement),
        this.#execute(connection, statement),
        this.#execute(connection, endReadAloneStatement),
      ]);
      // What is left open on it may be anything.
      if (begun.status === 'rejected' || ended.status === 'rejected') connection.destroy();
      if (read.status === 'rejected') throw read.reason;
      return toReadResult(read.value);
    });
  }

  /** See `Adapter.verify`. */
  async verify(table: Table): Promise<readonly TableProblem[]> {
    return this.#reading(aboutTable(table), undefined, async (connection) => {
      const execute = (statement: Statement): Promise<Rows> => this.#execute(connection, statement);
      const { catalog, relation } = await readTable(table.name, execute);
      return verifyTable(table, catalog, relation);
    });
  }

  async #find(connection: Connection, table: Table, query: Query): Promise<StoredRow[]> {
    const { catalog } = this.#context;
    const execute = (statement: Statement): Promise<Rows> => this.#execute(connection, statement);
    const columns = catalog.known(table) ?? (await catalog.load(table, execute));
    const statement = findStatement(columns, query);
    return statement === undefined ? [] : readRows(table, columns, await execute(statement));
  }

  async #reading<R>(
    subject: Subject,
    signal: AbortSignal | undefined,
    read: (connection: Connection) => Promise<R>,
  ): Promise<R> {
    for (let isFirst = true; ; isFirst = false) {
      const connection = await this.#context.pool.acquire(undefined, signal);
      const cancel = (): void => connection.interrupt();
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        return await read(connection);
      } catch (error) {
        if (!isFirst || signal?.aborted === true || !isRepeatable(error))
          throw statementError(error, subject);
      } finally {
        signal?.removeEventListener('abort', cancel);
        this.#context.pool.release(connection);
      }
    }
  }

  #execute(connection: Connection, statement: Statement): Promise<Rows> {
    return connection.execute(statement, this.#context.settings.replyTimeoutMs, 'cancel');
  }
}

/** Whether the connection was dead when it was used: another one will do. One that gave no reply took its time already. */
function isRepeatable(error: unknown): boolean {
  const { cause } = error as Error;
  return isConnectionLoss(error) && !(cause instanceof ReadTimeoutError);
}
