import { connect as connectSocket, isIPv6, type Socket } from 'node:net';
import postgres from 'postgres';
import { InvalidOptionError } from '../errors/store-errors.js';
import {
  Connection,
  type Endpoint,
  type ConnectionEvents,
  type ClientHooks,
} from './connection.js';
import type { Client } from './client.js';
import { connectionError } from './connection-errors.js';
import {
  checkSettings,
  type DriverOptions,
  type PostgresSettings,
  type PostgresStoreOptions,
} from './postgres-options.js';
import { hostOptions, optionsOfUrl } from './connection-url.js';
import { encrypt, type SslOption } from './encrypt.js';
import { plainText } from './plain-text.js';

/** What the driver makes of a url and its options. */
interface ParsedOptions extends Omit<DriverOptions, 'host' | 'port' | 'path' | 'ssl' | 'max'> {
  readonly ssl?: SslOption | false;
  readonly sslnegotiation?: string | null;
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path: string | false | undefined;
  readonly pass: string | (() => string | Promise<string>);
  /** A text when the url says it. */
  readonly max: number | string;
  readonly connect_timeout: number;
  readonly database: string;
  readonly socket?: (options: unknown) => Socket | Promise<Socket>;
}

/** A limit of the driver, in seconds; 0 is none, and a function is its own default. */
function limitInMs(name: string, seconds: unknown): Record<string, number> {
  return typeof seconds === 'number' && seconds > 0 ? { [name]: Math.ceil(seconds * 1_000) } : {};
}

/** The driver's own defaults. */
const DRIVER_MAX = 10;
const DRIVER_CONNECT_TIMEOUT = 30;

/** Opens connections to one database, each through a client of the driver of its own. */
export class ConnectionFactory {
  /** The server, as `host:port/database`, for messages. */
  readonly server: string;
  readonly settings: PostgresSettings;
  readonly #client: Client;
  readonly #parsed: ParsedOptions;
  readonly #options: DriverOptions;

  /** @throws {@link InvalidOptionError} for a url or an option that cannot be used */
  constructor(urlOrOptions: string | DriverOptions, options: PostgresStoreOptions) {
    const client = createClient(urlOrOptions);
    this.#client = client;
    const parsed = parsedOptions(client);
    this.#parsed = parsed;
    const {
      max,
      connect_timeout: connectTimeout,
      idle_timeout: idleTimeout,
      max_lifetime: maxLifetime,
    } = parsed;
    this.settings = checkSettings({
      // What a url or the driver's options say; the driver's own defaults say nothing of what the user wants.
      ...(Number(max) === DRIVER_MAX ? {} : { maxConnections: Number(max) }),
      ...(connectTimeout === DRIVER_CONNECT_TIMEOUT
        ? {}
        : { connectTimeoutMs: connectTimeout * 1_000 }),
      ...limitInMs('idleTimeoutMs', idleTimeout),
      ...limitInMs('maxLifetimeMs', maxLifetime),
      ...options,
    });
    this.server = describeServer(parsed);
    this.#options = {
      ...(parsed as unknown as DriverOptions),
      onnotice: parsed.onnotice ?? (() => undefined),
      max: 1,
      // The driver may not close a connection of its own accord: a transaction could be running on it.
      idle_timeout: 0,
      max_lifetime: null,
      // What opens a connection limits the whole opening, and the driver must not begin another one.
      connect_timeout: 0,
      backoff: () => 0,
      // Its query for the types runs before the first one of ours, and nobody hears when it fails.
      fetch_types: false,
      types: { plainText } as never,
      transform: { undefined: null },
      connection: {
        ...parsed.connection,
        application_name: applicationName(parsed),
        // A pooler between us and the server keeps track of these two.
        TimeZone: 'UTC',
        DateStyle: 'ISO',
      },
    };
  }

  /**
   * Opens a connection, to the first host that takes it.
   *
   * @param events - what to call when it is lost, or something arrives
   * @param signal - gives up
   * @throws {@link ConnectionFailedError}
   */
  async connect(events: ConnectionEvents, signal?: AbortSignal): Promise<Connection> {
    let failure: unknown;
    for (const [index, host] of this.#parsed.host.entries()) {
      const endpoint = this.#endpoint(
        host,
        this.#parsed.port[index] ?? this.#parsed.port[0] ?? 5432,
      );
      const connection = new Connection(endpoint, events);
      const abort = (): void => connection.destroy();
      signal?.addEventListener('abort', abort);
      try {
        signal?.throwIfAborted();
        await connection.connect(this.settings.connectTimeoutMs);
        return connection;
      } catch (error) {
        failure = error;
        connection.destroy();
      } finally {
        signal?.removeEventListener('abort', abort);
      }
    }
    throw connectionError(failure, this.server);
  }

  /**
   * Makes an identifier of SQL of a name, as the driver does: a dot separates a schema from a table.
   *
   * @param name - any text
   */
  quote(name: string): string {
    return (this.#client(name) as unknown as { readonly value: string }).value;
  }

  #endpoint(host: string, port: number): Endpoint {
    const { path, pass, socket } = this.#parsed;
    const where = { host: [host], port: [port] };
    return {
      mayPrepare: this.#parsed.prepare !== false,
      openSocket: (signal) => {
        const opened =
          socket !== undefined
            ? socket({ ...this.#parsed, ...where })
            : openSocket(path === undefined || path === false ? { host, port } : { path }, host);
        const { ssl, sslnegotiation } = this.#parsed;
        return ssl === undefined || ssl === false
          ? opened
          : encrypt(opened, host, ssl, sslnegotiation, signal);
      },
      onNotice: (fields) => this.#options.onnotice?.(fields as never),
      createClient: async (hooks: ClientHooks) => {
        // The driver writes the answer to a server's challenge even if the connection is gone by then.
        const password = typeof pass === 'function' ? await pass() : pass;
        const options = {
          ...this.#options,
          ...where,
          ...hooks,
          pass: password,
          // It is encrypted before the driver speaks, since others go on with it.
          ssl: false,
          no_subscribe: true,
        };
        return postgres(options as unknown as DriverOptions);
      },
    };
  }
}

/** Lets the driver read its options, as it reads them everywhere; it connects to nothing. */
function createClient(urlOrOptions: unknown): Client {
  try {
    return postgres({ ...driverOptions(urlOrOptions), transform: {} });
  } catch (error) {
    if (error instanceof InvalidOptionError) throw error;
    throw new InvalidOptionError('url', (error as Error).message);
  }
}

/** @throws {@link InvalidOptionError} */
function driverOptions(urlOrOptions: unknown): DriverOptions {
  if (typeof urlOrOptions === 'string') return optionsOfUrl(urlOrOptions);
  if (typeof urlOrOptions !== 'object' || urlOrOptions === null)
    throw new InvalidOptionError('url', 'must be a postgres:// url or an object of options');
  const options = urlOrOptions as DriverOptions;
  const { host, port } = options;
  // The driver would split it at its colons.
  return typeof host === 'string' && isIPv6(host)
    ? ({ ...options, ...hostOptions(host, port?.toString()) } as DriverOptions)
    : options;
}

/** What the driver made of a url and options, without what it holds of one client: it would take the rest for read already. */
function parsedOptions(client: Client): ParsedOptions {
  const { shared, parameters, parsers, serializers, ...options } =
    client.options as unknown as Record<string, unknown>;
  return options as unknown as ParsedOptions;
}

function openSocket(
  target: { host: string; port: number } | { path: string },
  host: string,
): Socket {
  const socket = connectSocket(target);
  // Statements that wait for replies must not wait for each other's packets as well.
  socket.setNoDelay(true);
  // The driver takes the name to check a certificate against from here.
  return Object.assign(socket, { host });
}

function applicationName({ connection }: ParsedOptions): string {
  const given = connection?.application_name;
  return given === undefined || given === 'postgres.js' ? 'justscale' : given;
}

function describeServer({ host, port, path, database }: ParsedOptions): string {
  return path !== undefined && path !== false
    ? `${path}/${database}`
    : `${host.map((name, index) => `${name}:${port[index] ?? port[0] ?? ''}`).join(',')}/${database}`;
}
