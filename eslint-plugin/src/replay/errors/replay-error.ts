/** What each error of a replay is called. */
export type ReplayErrorCode =
  | 'REPLAY_UNREACHABLE'
  | 'REPLAY_NOT_POSTGRES'
  | 'REPLAY_URL'
  | 'REPLAY_SETUP'
  | 'REPLAY_SILENT'
  | 'REPLAY_TIMEOUT'
  | 'REPLAY_OPERATION'
  | 'REPLAY_ABORTED'
  | 'REPLAY_ARGUMENTS';

/** Stops a replay; nothing that it made is left behind. */
export abstract class ReplayError extends Error {
  abstract readonly code: ReplayErrorCode;

  protected constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/** No connection to the server of `database`. */
export class UnreachableError extends ReplayError {
  override readonly name = 'UnreachableError';
  readonly code = 'REPLAY_UNREACHABLE';

  constructor(
    /** Host and port; never the password. */
    readonly server: string,
    cause: unknown,
  ) {
    super(
      `No database at ${server} (${reasonOf(cause)}): start a Postgres there, or give the URL of another as \`database\`.`,
      cause,
    );
  }
}

/** Something answers at the address, and it does not speak the protocol of Postgres. */
export class NotPostgresError extends ReplayError {
  override readonly name = 'NotPostgresError';
  readonly code = 'REPLAY_NOT_POSTGRES';

  constructor(readonly server: string) {
    super(`What listens at ${server} is no Postgres: give the URL of one as \`database\`.`);
  }
}

/** `database` is no URL that a replay can use. */
export class DatabaseUrlError extends ReplayError {
  override readonly name = 'DatabaseUrlError';
  readonly code = 'REPLAY_URL';

  constructor(reason: string) {
    super(
      `\`database\` ${reason}: give one like postgres://user:password@localhost:5432/postgres.`,
    );
  }
}

/** `setup` has thrown. */
export class SetupError extends ReplayError {
  override readonly name = 'SetupError';
  readonly code = 'REPLAY_SETUP';

  constructor(cause: unknown) {
    super(`\`setup\` failed: ${reasonOf(cause)}`, cause);
  }
}

/** An operation has ended without a statement: there is nothing to interleave. */
export class SilentOperationError extends ReplayError {
  override readonly name = 'SilentOperationError';
  readonly code = 'REPLAY_SILENT';

  constructor(
    readonly process: 'a' | 'b',
    cause?: unknown,
  ) {
    super(
      `Operation ${process} sent no statement${cause === undefined ? '' : ` (it failed: ${reasonOf(cause)})`}: ` +
        'let it connect to the URL that it is given, which is DATABASE_URL in a process.',
      cause,
    );
  }
}

/** An execution did not end in time. */
export class ReplayTimeoutError extends ReplayError {
  override readonly name = 'ReplayTimeoutError';
  readonly code = 'REPLAY_TIMEOUT';

  constructor(
    /** Those that had not ended. */
    readonly processes: readonly ('a' | 'b')[],
    /** In milliseconds. */
    readonly limit: number,
  ) {
    super(
      `Operation ${processes.join(' and ')} did not end within ${limit} ms: let it settle, or give a higher \`limit\`.`,
    );
  }
}

/** The process of an operation ended before the operation did, or could not load it. */
export class OperationProcessError extends ReplayError {
  override readonly name = 'OperationProcessError';
  readonly code = 'REPLAY_OPERATION';

  constructor(
    readonly process: 'a' | 'b',
    reason: string,
  ) {
    super(`The process of operation ${process} could not run it: ${reason}`);
  }
}

/** The `signal` of the options was aborted. */
export class ReplayAbortedError extends ReplayError {
  override readonly name = 'ReplayAbortedError';
  readonly code = 'REPLAY_ABORTED';

  constructor(cause: unknown) {
    super('The replay was aborted.', cause);
  }
}

/** A test file cannot hold the arguments of an operation. */
export class UnwritableArgumentsError extends ReplayError {
  override readonly name = 'UnwritableArgumentsError';
  readonly code = 'REPLAY_ARGUMENTS';

  constructor(readonly process: 'a' | 'b') {
    super(
      `The arguments of operation ${process} cannot be written as JSON: let its module make them.`,
    );
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const { code } = cause as { code?: unknown };
  return cause.message || (typeof code === 'string' ? code : cause.name);
}
