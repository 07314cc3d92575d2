import postgres from 'postgres';
import type { DriverOptions, PostgresSettings } from './postgres-options.js';

/** A client of the driver, with one connection. */
export type Client = postgres.Sql;

/** Opens clients of one connection each, all to the same database. */
export class Driver {
  /** The server, as `host:port/database`, for messages. */
  readonly server: string;
  readonly #url: string | undefined;
  readonly #options: DriverOptions;

  constructor(urlOrOptions: string | DriverOptions, settings: PostgresSettings) {
    this.#url = typeof urlOrOptions === 'string' ? urlOrOptions : undefined;
    const given = typeof urlOrOptions === 'string' ? {} : urlOrOptions;
    this.#options = {
      onnotice: () => undefined,
      ...given,
      max: 1,
      // The driver may not close a connection of its own accord: a transaction could be running on it.
      idle_timeout: 0,
      max_lifetime: null,
      prepare: true,
      // Its query for the types runs before the first one of ours, and when it fails, nothing ever tells.
      fetch_types: false,
      connect_timeout: settings.connectTimeoutMs / 1_000,
      backoff: () => 0,
      transform: { undefined: null },
      types: { ...given.types, ...rawTypes } as never,
      connection: {
        application_name: 'justscale',
        ...given.connection,
        TimeZone: 'UTC',
        DateStyle: 'ISO',
        extra_float_digits: 1,
        idle_in_transaction_session_timeout: settings.idleInTransactionTimeoutMs,
      } as NonNullable<DriverOptions['connection']>,
    };
    this.server = describeServer(this.#open({}));
  }

  /**
   * Makes a client; it connects with its first query.
   *
   * @param onclose - called when its connection is lost
   * @param extra - further options of the driver
   */
  open(onclose: () => void, extra: DriverOptions = {}): Client {
    return this.#open({ ...extra, onclose });
  }

  #open(extra: DriverOptions): Client {
    const options = { ...this.#options, ...extra };
    return (this.#url === undefined
      ? postgres(options)
      : postgres(this.#url, options)) as unknown as Client;
  }
}

/** Types whose text is kept as it comes: what it becomes depends on the model's schema. */
const rawTypes = {
  exact: {
    to: 1700,
    from: [20, 1700],
    serialize: String,
    parse: (text: string) => text,
  },
  time: {
    to: 1184,
    from: [1082, 1114, 1184],
    serialize: String,
    parse: (text: string) => text,
  },
};

function describeServer(client: Client): string {
  const { host, port, path, database } = client.options as unknown as {
    host: string[];
    port: number[];
    path: string | undefined;
    database: string;
  };
  return path !== undefined && path !== ''
    ? `${path}/${database}`
    : `${host.map((name, index) => `${name}:${port[index] ?? ''}`).join(',')}/${database}`;
}
