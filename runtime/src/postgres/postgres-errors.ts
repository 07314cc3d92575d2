import { DuplicateEntityError } from '../errors/entity-errors.js';
import { DeadlockError, LockTimeoutError } from '../errors/lock-errors.js';
import {
  ConnectionFailedError,
  ConnectionLostError,
  DatabaseError,
  SerializationError,
} from '../errors/store-errors.js';
import { SlotLost } from './connection-slot.js';

/** What a statement was about, for the errors it may meet. */
export interface Subject {
  /** The model, or the name of an advisory lock. */
  readonly name: string;
  readonly table?: string;
  readonly ids?: readonly string[];
}

/** The parts of the driver's errors that are used here. */
interface DriverError {
  readonly code?: string;
  readonly message?: string;
  readonly constraint_name?: string;
  readonly column_name?: string;
  readonly table_name?: string;
}

/** An error of a statement in the terms of the contract; `outcome` is what is known if the connection was lost. */
export function statementError(
  error: unknown,
  subject: Subject,
  outcome: 'rolled back' | 'unknown' = 'rolled back',
): Error {
  const options = { cause: error };
  if (isConnectionLoss(error)) return new ConnectionLostError(outcome, options);
  const {
    code = '',
    message = '',
    constraint_name: constraint = '',
    column_name: column,
  } = error as DriverError;
  const { name, table = name, ids = [] } = subject;
  const at = `${name} (table ${table}${column === undefined ? '' : `, column ${column}`})`;
  switch (code) {
    case '23505':
      return new DuplicateEntityError(name, constraint, options);
    case '40P01':
      return new DeadlockError(name, options);
    case '40001':
      return new SerializationError(options);
    case '55P03':
      return new LockTimeoutError(name, ids, options);
    case '42P01':
      return new DatabaseError(
        name,
        `${at}: there is no such table. Run the migration that creates it, or name it with { table }.`,
        code,
        options,
      );
    case '42703':
      return new DatabaseError(
        name,
        `${at}: a column is missing (${message}). Run the migration that adds it.`,
        code,
        options,
      );
    case '42501':
      return new DatabaseError(
        name,
        `${at}: the database user may not do this (${message}). Grant it the privilege.`,
        code,
        options,
      );
    case '23502':
      return new DatabaseError(
        name,
        `${at}: the column must not be null, nothing was written. Give the field a value, or let the column be null.`,
        code,
        options,
      );
    case '23503':
      return new DatabaseError(
        name,
        `${at}: the constraint ${constraint} refers to a row that does not exist, or still does; nothing was written.`,
        code,
        options,
      );
    case '23514':
      return new DatabaseError(
        name,
        `${at}: the constraint ${constraint} refuses this value, nothing was written.`,
        code,
        options,
      );
    default:
      return isDriverError(error)
        ? new DatabaseError(name, `${at}: ${message}`, code, options)
        : (error as Error);
  }
}

/** Why no connection could be opened, without any secret. */
export function connectionError(error: unknown, server: string): ConnectionFailedError {
  const { code = '' } = (error instanceof SlotLost ? error.cause : error) as DriverError;
  return new ConnectionFailedError(
    server,
    CONNECT_REASONS[code] ??
      `${code === '' ? 'it failed' : code}. Check the address and the server's log.`,
    {
      cause: error,
    },
  );
}

/** Whether an error says that the connection is gone, or that the server ended it. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof SlotLost) return true;
  const { code = '' } = error as DriverError;
  return (
    code.startsWith('08') ||
    code.startsWith('57P') ||
    code === '25P03' ||
    code === '25P04' ||
    LOST.has(code)
  );
}

const LOST = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
]);

const CONNECT_REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there. Start the database, or correct the address.',
  ENOTFOUND: 'there is no such host. Correct the address.',
  CONNECT_TIMEOUT: 'it did not answer in time. Check the network, or raise connectTimeoutMs.',
  '28P01': 'the password was refused. Check the user and the password.',
  '28000': 'the user was refused. Check the user and pg_hba.conf.',
  '3D000': 'there is no such database. Create it, or correct its name.',
  '53300': 'the server has no connection left. Lower maxConnections, or raise its max_connections.',
  '57P03': 'the server is starting up or shutting down. Try again.',
  ENOENT: 'there is no such socket. Start the database, or correct the path.',
  CONNECTION_CLOSED: 'it closed the connection. Check its log.',
  ECONNRESET: 'it reset the connection. Check its log.',
};

function isDriverError(error: unknown): boolean {
  return error instanceof Error && error.name === 'PostgresError';
}
