import type { Table } from '../adapter/adapter.js';
import { DuplicateEntityError } from '../errors/entity-errors.js';
import { DeadlockError, LockTimeoutError } from '../errors/lock-errors.js';
import { JustScaleError } from '../errors/justscale-error.js';
import {
  CheckError,
  ConnectionLostError,
  DatabaseError,
  ForeignKeyError,
  ReadTimeoutError,
  SerializationError,
  type DatabaseSubject,
} from '../errors/store-errors.js';
import { LostConnection } from './connection.js';
import { isConnectionLoss } from './connection-errors.js';

/** What a statement was about, for the errors it may meet. */
export interface Subject {
  /** The model, or the name of an advisory lock. */
  readonly name: string;
  readonly table?: string;
  readonly ids?: readonly string[];
  /** The columns that it writes. */
  readonly written?: readonly string[];
}

/** What a statement on the table of a model is about. */
export function aboutTable(table: Table): Subject {
  return { name: table.model.name, table: table.name };
}

/** The fields of the server's errors (PostgreSQL manual, section 54.8) that are used here. */
interface ServerError {
  readonly code?: string;
  readonly message?: string;
  readonly detail?: string;
  readonly constraint_name?: string;
  readonly table_name?: string;
  readonly column_name?: string;
  /** The function of the server that found it. */
  readonly routine?: string;
}

/** An error of a statement in the terms of the contract; `outcome` is what is known if the connection was lost. */
export function statementError(
  error: unknown,
  subject: Subject,
  outcome: 'rolled back' | 'unknown' = 'rolled back',
): Error {
  if (error instanceof JustScaleError) return error;
  const options = { cause: error };
  if (error instanceof LostConnection && error.cause instanceof ReadTimeoutError)
    return new ConnectionLostError(outcome, { ...options, message: noReply(error.cause) });
  if (isConnectionLoss(error)) return new ConnectionLostError(outcome, options);
  const server = error as ServerError;
  const { code = '', constraint_name: constraint = '' } = server;
  const { name, ids = [] } = subject;
  switch (code) {
    case '23505':
    case '23P01':
      return new DuplicateEntityError(name, constraint, {
        ...options,
        ...subjectOf(server, subject),
      });
    case '40P01':
      return new DeadlockError(name, options);
    case '40001':
      return new SerializationError(options);
    case '55P03':
      return new LockTimeoutError(name, ids, options);
    default: {
      const RefusedError = REFUSALS[code] ?? DatabaseError;
      const details = { ...options, ...subjectOf(server, subject) };
      return new RefusedError(name, describe(server, subject), code, details);
    }
  }
}

function noReply({ timeoutMs }: ReadTimeoutError): string {
  return (
    `The server gave no reply within ${timeoutMs} ms (replyTimeoutMs), and none to being asked to cancel the read either: ` +
    'the connection was given up. It is safe to try again.'
  );
}

const REFUSALS: Readonly<Record<string, typeof DatabaseError>> = {
  '23001': ForeignKeyError,
  '23503': ForeignKeyError,
  '23514': CheckError,
};

/** What the server says it is about; the table is the one that was written when it does not. */
function subjectOf(error: ServerError, { table }: Subject): DatabaseSubject {
  return {
    table: error.table_name ?? table,
    column: error.column_name,
    constraint: error.constraint_name,
    detail: error.detail,
  };
}

/** What is wrong, where, and what to do about it. */
function describe(error: ServerError, { name, table = name, written = [] }: Subject): string {
  const { code = '', message = '', column_name: column, routine } = error;
  const columns = column === undefined ? written : [column];
  const where = columns.length === 0 ? table : `${table}, ${columns.join(', ')}`;
  // A policy has the code of a privilege; what the server says of it is in its language.
  const mend =
    routine === 'ExecWithCheckOptions' && code === '42501'
      ? POLICY_MEND
      : (MENDS[code] ?? MENDS[code.slice(0, 2)] ?? '');
  return `${name} (${where}): ${message}; nothing was written.${mend === '' ? '' : ` ${mend}`}`;
}

const POLICY_MEND =
  'Write what the policy of the table lets pass, in a transaction with the settings that it reads: transaction(work, { settings }).';

const POOLER_MEND =
  'Behind a pooler that hands out another connection, give the driver prepare: false, or the url ?prepare=false.';

/** By SQLSTATE, or its class (PostgreSQL manual, appendix A). */
const MENDS: Readonly<Record<string, string>> = {
  '42P01': 'Run the migration that creates the table, or name it with { table }.',
  '42703': 'Run the migration that adds the column.',
  '42501': 'Grant the privilege to the user of the database.',
  '23502': 'Give the field a value, or let the column be null.',
  '23503': 'Store what is referred to first, and delete it last.',
  '23514': 'Check the value against the constraint before it is stored.',
  '22': 'Change the value or the type of the column.',
  '26000': POOLER_MEND,
  '42P05': POOLER_MEND,
  '428C9': 'Leave it out: the database gives it.',
  '25006': 'Connect to the primary server: this one takes no writes.',
  '53': 'The server is out of something: see its log.',
  '57014': 'It took longer than statement_timeout allows, or somebody cancelled it.',
};
