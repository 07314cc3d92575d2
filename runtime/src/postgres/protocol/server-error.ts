import type { DatabaseError, NoticeMessage } from 'pg-protocol/dist/messages.js';

/** The fields of an error or a notice (PostgreSQL manual, section 54.8), under the names that the package `postgres` gives them. */
export interface ServerFields {
  readonly severity?: string;
  readonly code?: string;
  readonly message?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: string;
  readonly internal_position?: string;
  readonly internal_query?: string;
  readonly where?: string;
  readonly schema_name?: string;
  readonly table_name?: string;
  readonly column_name?: string;
  readonly type_name?: string;
  readonly constraint_name?: string;
  readonly file?: string;
  readonly line?: string;
  readonly routine?: string;
}

/** An error of the server. */
export class ServerError extends Error {
  override readonly name = 'PostgresError';
  readonly code: string = '';

  constructor(fields: ServerFields) {
    super(fields.message ?? '');
    Object.assign(this, fields);
  }
}

/** A statement that was not executed, because one that it was sent with had failed: as one in a transaction that failed. */
export class NotExecutedError extends Error {
  override readonly name = 'NotExecutedError';
  readonly code = '25P02';

  constructor(cause: unknown) {
    super('a statement before it failed', { cause });
  }
}

/** The fields of a message of the server. */
export function serverFields(message: DatabaseError | NoticeMessage): ServerFields {
  const fields: Record<string, string | undefined> = {
    severity: message.severity,
    code: message.code,
    message: message.message,
    detail: message.detail,
    hint: message.hint,
    position: message.position,
    internal_position: message.internalPosition,
    internal_query: message.internalQuery,
    where: message.where,
    schema_name: message.schema,
    table_name: message.table,
    column_name: message.column,
    type_name: message.dataType,
    constraint_name: message.constraint,
    file: message.file,
    line: message.line,
    routine: message.routine,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
