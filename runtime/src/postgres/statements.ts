import type { Fragment } from 'postgres';
import type { LockWait, Table } from '../adapter/adapter.js';
import type { FieldValues } from '../model/field-values.js';
import { writeArrayLiteral } from './array-literal.js';
import type { Statement } from './connection-slot.js';
import type { Client } from './driver.js';
import type { Column, TableColumns } from './table-columns.js';

/** The setting that names the transaction on its connection; it ends with the transaction. */
const FENCE_SETTING = 'justscale.transaction';

/**
 * Begins a transaction and names it. Both travel in one message of the simple protocol, so that no connection has one
 * without the other. Every write then demands this name: on another connection, outside a transaction, or in a later one
 * it finds another name or none, and writes nothing.
 *
 * @param fence - a number that no other transaction of any process has
 */
export function beginStatement(fence: number): Statement {
  return {
    key: 'begin',
    // The simple protocol takes no parameters; what is put in is a number made here.
    build: (sql) =>
      sql.unsafe(
        `begin isolation level read committed; set local ${FENCE_SETTING} = '${fence.toFixed(0)}'`,
      ),
  };
}

export const COMMIT: Statement = { key: 'commit', build: (sql) => sql.unsafe('commit') };
export const ROLLBACK: Statement = { key: 'rollback', build: (sql) => sql.unsafe('rollback') };

/** Limits the wait for the locks that follow; 0 ends the limit. */
export function lockTimeoutStatement(timeoutMs: number): Statement {
  return {
    key: 'lock timeout',
    build: (sql) =>
      sql`select set_config('lock_timeout', ${`${Math.ceil(timeoutMs)}ms`}::text, true)`,
  };
}

/** Locks the rows of some ids, in the order of the ids, and returns them. */
export function lockStatement(
  table: Table,
  columns: TableColumns,
  ids: readonly string[],
  wait: LockWait,
): Statement {
  const clause = ids.length === 1 ? 'one' : 'many';
  return {
    key: `lock ${clause} ${wait.mode} ${table.name}`,
    build: (sql) => {
      const [only] = ids;
      const which =
        ids.length === 1 && only !== undefined
          ? sql`${sql('id')} = ${sql.typed(only, columns.id.type)}`
          : sql`${sql('id')} = any(${writeArrayLiteral(ids)}::text[]${cast(sql, columns.id)}) order by ${orderById(sql, columns)}`;
      return sql`select ${sql(selected(columns))} from ${sql(table.name)} where ${which} for update ${waitClause(sql, wait)}`;
    },
  };
}

/** Inserts a row and returns it. */
export function insertStatement(
  table: Table,
  columns: TableColumns,
  id: string,
  fields: FieldValues,
  fence: number,
): Statement {
  const written = Object.keys(fields)
    .filter((field) => fields[field] !== undefined)
    .map((field) => columns.writable(field));
  const names = ['id', ...written.map(({ name }) => name)];
  return {
    key: `insert ${table.name} ${names.join(' ')}`,
    build: (sql) => {
      const values = written.map(
        (column) => sql`, ${parameter(sql, column, fields[column.field])}`,
      );
      return sql`
        insert into ${sql(table.name)} (${sql(names)})
        select ${sql.typed(id, columns.id.type)} ${concatenate(sql, values)}
        where ${inTransaction(sql, fence)}
        returning ${sql(selected(columns))}`;
    },
  };
}

/** Changes some fields of a row and returns it. */
export function updateStatement(
  table: Table,
  columns: TableColumns,
  id: string,
  changes: FieldValues,
  fence: number,
): Statement {
  const written = Object.keys(changes).map((field) => columns.writable(field));
  return {
    key: `update ${table.name} ${written.map(({ name }) => name).join(' ')}`,
    build: (sql) => {
      const assignments = written.map((column, index) => {
        const assignment = sql`${sql(column.name)} = ${parameter(sql, column, changes[column.field])}`;
        return index === 0 ? assignment : sql`, ${assignment}`;
      });
      return sql`
        update ${sql(table.name)} set ${concatenate(sql, assignments)}
        where ${sql('id')} = ${sql.typed(id, columns.id.type)} and ${inTransaction(sql, fence)}
        returning ${sql(selected(columns))}`;
    },
  };
}

/** Deletes a row. */
export function deleteStatement(
  table: Table,
  columns: TableColumns,
  id: string,
  fence: number,
): Statement {
  return {
    key: `delete ${table.name}`,
    build: (sql) => sql`
      delete from ${sql(table.name)}
      where ${sql('id')} = ${sql.typed(id, columns.id.type)} and ${inTransaction(sql, fence)}`,
  };
}

/** Takes an advisory lock to the end of the transaction. */
export function advisoryLockStatement(key: bigint): Statement {
  return {
    key: 'advisory lock',
    build: (sql) => sql`select pg_advisory_xact_lock(${key.toString()}::bigint)`,
  };
}

/** Sends notifications. */
export function notifyStatement(channel: string, payloads: readonly string[]): Statement {
  return {
    key: 'notify',
    build: (sql) => sql`
      select pg_notify(${channel}::text, payload)
      from unnest(${writeArrayLiteral(payloads)}::text[]) with ordinality as payloads (payload, position)
      order by position`,
  };
}

/** The names of the columns that a row is read from. */
export function selected(columns: TableColumns): string[] {
  return ['id', ...columns.fields.map(({ name }) => name)];
}

/** A value as a parameter of its column's type. */
export function parameter(sql: Client, column: Column, value: unknown): Fragment {
  return sql.typed(column.codec.encode(value) as never, column.type) as unknown as Fragment;
}

/** The id as it is ordered: text by code point. */
export function orderById(sql: Client, columns: TableColumns): Fragment {
  return isText(columns.id.type) ? sql`${sql('id')} collate "C"` : sql`${sql('id')}`;
}

/** Whether a type is text, which has a collation. */
export function isText(type: number): boolean {
  return type === 25 || type === 1043 || type === 1042;
}

/** Fragments one after another. */
export function concatenate(sql: Client, fragments: readonly Fragment[]): Fragment {
  return fragments.reduce<Fragment>((all, fragment) => sql`${all} ${fragment}`, sql``);
}

function inTransaction(sql: Client, fence: number): Fragment {
  return sql`current_setting(${FENCE_SETTING}::text, true) = ${fence.toFixed(0)}::text`;
}

function waitClause(sql: Client, { mode }: LockWait): Fragment {
  if (mode === 'fail') return sql`nowait`;
  return mode === 'skip' ? sql`skip locked` : sql``;
}

/** Ids travel as text; a column of type uuid wants its own. */
function cast(sql: Client, { type }: Column): Fragment {
  return type === 2950 ? sql`::uuid[]` : sql``;
}
