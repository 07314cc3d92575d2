import type { Options } from 'postgres';
import { STORE_OPTIONS, type StoreOptions } from '../engine/create-store.js';
import { shown } from '../errors/shown.js';
import { InvalidOptionError } from '../errors/store-errors.js';
import { refuseUnknownOptions, type OptionNames } from '../model/option-names.js';
import { textProblem } from '../model/entity-id.js';

/** The driver's options that make sense here; see the package `postgres`. */
export type DriverOptions = Options<Record<string, never>>;

export interface PostgresStoreOptions extends StoreOptions {
  /** The NOTIFY channel of the signals, at most 63 bytes; `justscale_signals` without this. */
  readonly channel?: string;
  /** The most connections that transactions and reads use at a time; 10 without this. One more listens for signals. */
  readonly maxConnections?: number;
  /** The longest wait for one of them, in milliseconds; 10,000 without this. */
  readonly acquireTimeoutMs?: number;
  /** The longest attempt to connect, in milliseconds; 10,000 without this. */
  readonly connectTimeoutMs?: number;
  /** How long a connection of the pool may stay unused before it is closed, in milliseconds; for ever without this. */
  readonly idleTimeoutMs?: number;
  /**
   * How old a connection of the pool may become, in milliseconds; any age without this. One that is in use is closed when it
   * is given back.
   */
  readonly maxLifetimeMs?: number;
  /**
   * The longest wait for the reply to a read outside transactions, a COMMIT or a NOTIFY, in milliseconds; 30,000 without
   * this. Then the connection is taken for lost: a `ConnectionLostError`, whose outcome is `unknown` if it was a COMMIT.
   * Let it be longer than the longest read and, with synchronous replication, than the replicas may take. What runs inside
   * a transaction may wait for locks as long as it likes: `timeoutMs` of the transaction limits that.
   */
  readonly replyTimeoutMs?: number;
  /**
   * How long a transaction may do nothing before Postgres ends it, in milliseconds; 60,000 without this. It frees the
   * locks of a process that hangs.
   */
  readonly idleInTransactionTimeoutMs?: number;
  /**
   * When the signals of a transaction are sent. `after-commit` (the default): right after it, together with those of
   * other commits; a process that crashes in between loses them. `in-transaction`: with the COMMIT itself, so that none is
   * lost; but NOTIFY takes a lock on the whole database at COMMIT, which limits the commits per second, and a `mutate` that
   * signals takes a third round trip, since its COMMIT has to wait for its write.
   */
  readonly signalDelivery?: 'after-commit' | 'in-transaction';
  /**
   * Where the connection that listens for signals leads to, as a url or the driver's options, if not to where the others do: the
   * database itself, when those go through a pooler in transaction mode, which LISTEN does not pass.
   */
  readonly listenUrl?: string | DriverOptions;
  /** How often the store checks that it hears its own signals, in milliseconds; 10,000 without this. */
  readonly heartbeatMs?: number;
}

/** The options with their defaults, checked. */
export interface PostgresSettings {
  readonly channel: string;
  readonly maxConnections: number;
  readonly acquireTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number | undefined;
  readonly maxLifetimeMs: number | undefined;
  readonly replyTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
  readonly signalDelivery: 'after-commit' | 'in-transaction';
  readonly heartbeatMs: number;
}

const OPTIONS: OptionNames<PostgresStoreOptions> = {
  ...STORE_OPTIONS,
  channel: true,
  maxConnections: true,
  acquireTimeoutMs: true,
  connectTimeoutMs: true,
  idleTimeoutMs: true,
  maxLifetimeMs: true,
  replyTimeoutMs: true,
  idleInTransactionTimeoutMs: true,
  signalDelivery: true,
  listenUrl: true,
  heartbeatMs: true,
};

const MAX_CHANNEL_BYTES = 63;

/** @throws {@link InvalidOptionError} */
export function checkSettings(options: PostgresStoreOptions): PostgresSettings {
  refuseUnknownOptions('postgresStore()', options, OPTIONS);
  const { channel = 'justscale_signals', signalDelivery = 'after-commit' } = options;
  if (typeof channel !== 'string' || channel === '')
    throw new InvalidOptionError('channel', `must be a non-empty string, not ${shown(channel)}`);
  const problem = textProblem(channel);
  if (problem !== undefined) throw new InvalidOptionError('channel', problem);
  const bytes = Buffer.byteLength(channel);
  if (bytes > MAX_CHANNEL_BYTES) {
    throw new InvalidOptionError(
      'channel',
      `${shown(channel)} has ${bytes} bytes, and Postgres would cut it at ${MAX_CHANNEL_BYTES}: nothing would arrive`,
    );
  }
  if (signalDelivery !== 'after-commit' && signalDelivery !== 'in-transaction') {
    throw new InvalidOptionError(
      'signalDelivery',
      `must be 'after-commit' or 'in-transaction', not ${shown(signalDelivery)}`,
    );
  }
  return {
    channel,
    signalDelivery,
    maxConnections: whole('maxConnections', options.maxConnections, 10),
    acquireTimeoutMs: whole('acquireTimeoutMs', options.acquireTimeoutMs, 10_000),
    connectTimeoutMs: whole('connectTimeoutMs', options.connectTimeoutMs, 10_000),
    idleTimeoutMs: optionalWhole('idleTimeoutMs', options.idleTimeoutMs),
    maxLifetimeMs: optionalWhole('maxLifetimeMs', options.maxLifetimeMs),
    replyTimeoutMs: whole('replyTimeoutMs', options.replyTimeoutMs, 30_000),
    idleInTransactionTimeoutMs: whole(
      'idleInTransactionTimeoutMs',
      options.idleInTransactionTimeoutMs,
      60_000,
    ),
    heartbeatMs: whole('heartbeatMs', options.heartbeatMs, 10_000),
  };
}

function optionalWhole(name: string, value: number | undefined): number | undefined {
  return value === undefined ? undefined : whole(name, value, value);
}

function whole(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (Number.isInteger(value) && value >= 1 && value < 2 ** 31) return value;
  throw new InvalidOptionError(name, `must be a whole number of at least 1, not ${shown(value)}`);
}
