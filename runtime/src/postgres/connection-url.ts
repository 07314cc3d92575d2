import { isIPv6 } from 'node:net';
import { InvalidOptionError } from '../errors/store-errors.js';
import type { DriverOptions } from './postgres-options.js';
import { sslOption } from './ssl-option.js';

const EXAMPLE = 'postgres://user:password@host:5432/database';
const ENCODE =
  'write what is special in a user, password or name with % (as encodeURIComponent does)';

/** Scheme, credentials, hosts, database, parameters. */
const URL_FORM = /^postgres(?:ql)?:\/\/(?:([^/?#]*)@)?([^/?#]*)(?:\/([^?#@]*))?(?:\?([^#]*))?$/i;
/** `host`, `host:5432`, `[::1]:5432`, `:5432` or nothing; a socket's directory is percent-encoded. */
const HOST_FORM = /^(?:\[([^\]]+)\]|([^:[\]]*))(?::(\d{1,5}))?$/;

/**
 * The driver's options for a url, as libpq, node-postgres, Prisma or a provider writes it.
 *
 * @throws {@link InvalidOptionError} which shows nothing of the url: any part may be one of a password
 */
export function optionsOfUrl(url: string): DriverOptions {
  const [, credentials = '', hosts = '', path = '', query = ''] = URL_FORM.exec(url) ?? refuse();
  const parameters = new URLSearchParams(query);
  const taken = (name: string): string | undefined => parameters.get(name) ?? undefined;
  const [user, password] = splitOnce(credentials, ':').map(decoded);
  return {
    // A `host` beside the address takes its place, not that of its port.
    ...(parameters.has('host')
      ? hostOptions(taken('host') ?? '', taken('port') ?? /:(\d+)$/.exec(hosts)?.[1])
      : hostOptions(hosts, taken('port'))),
    ...given('username', taken('user') ?? user),
    ...given('password', taken('password') ?? password),
    ...given('database', taken('dbname') ?? decoded(path)),
    ...given('ssl', sslOption(parameters)),
    ...given('max', wholeNumber(parameters, 'max') ?? wholeNumber(parameters, 'connection_limit')),
    ...given('connect_timeout', wholeNumber(parameters, 'connect_timeout')),
    ...given('idle_timeout', wholeNumber(parameters, 'idle_timeout')),
    ...given('max_lifetime', wholeNumber(parameters, 'max_lifetime')),
    ...given('target_session_attrs', taken('target_session_attrs') as undefined),
    ...given('sslnegotiation', taken('sslnegotiation')),
    ...(taken('prepare') === 'false' || taken('pgbouncer') === 'true' ? { prepare: false } : {}),
    connection: serverParameters(parameters),
  } as unknown as DriverOptions;
}

/** Where the server is; the driver takes lists, which its types do not say. */
type HostOptions = Pick<DriverOptions, 'path'> & {
  readonly host?: readonly string[];
  readonly port?: number | readonly number[];
};

/** Host and port as the driver takes them without splitting an IPv6 address. */
export function hostOptions(hosts: string, ports?: string): HostOptions {
  const defaultPort = process.env.PGPORT ?? '5432';
  const portList = ports?.split(',') ?? [];
  if (hosts === '') return ports === undefined ? {} : { port: portNumber(ports) };
  const places = hosts.split(',').map((each, index) => {
    // A parameter has an IPv6 address and a socket's directory as they are.
    const isPlain = isIPv6(each) || each.startsWith('/');
    const [, v6, name = '', port] = isPlain ? [] : (HOST_FORM.exec(each) ?? refuse());
    const text = port ?? portList[index] ?? portList[0] ?? defaultPort;
    return { host: isPlain ? each : (v6 ?? decoded(name)), port: portNumber(text) };
  });
  const socket = places.find(({ host }) => host.startsWith('/'));
  if (socket !== undefined) {
    return {
      path: `${socket.host}/.s.PGSQL.${socket.port}`,
      host: ['localhost'],
      port: [socket.port],
    };
  }
  return {
    host: places.map(({ host }) => (host === '' ? 'localhost' : host)),
    port: places.map(({ port }) => port),
  };
}

/** What is for the server: settings of the session, and whatever else is not known to be for a client. */
function serverParameters(parameters: URLSearchParams): Record<string, string> {
  const settings = Object.fromEntries(
    [...parameters].filter(([name]) => !FOR_CLIENTS.has(name.toLowerCase())),
  );
  const schema = parameters.get('schema');
  // A pooler may refuse a search path, so one that says nothing is not sent.
  if (schema === null || schema === 'public') return settings;
  return { search_path: `"${schema.replaceAll('"', '""')}"`, ...settings };
}

/** Parameters of libpq, node-postgres, postgres.js, Prisma and others; used above, or without a meaning here. */
const FOR_CLIENTS: ReadonlySet<string> = new Set(
  `host hostaddr port user password dbname passfile service servicefile require_auth channel_binding connect_timeout
  client_encoding fallback_application_name keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout
  replication gssencmode gssdelegation gsslib krbsrvname requirepeer load_balance_hosts target_session_attrs
  ssl sslmode requiressl sslcompression sslcert sslkey sslpassword sslcertmode sslrootcert sslcrl sslcrldir sslsni
  sslnegotiation sslkeylogfile ssl_min_protocol_version ssl_max_protocol_version min_protocol_version max_protocol_version
  uselibpqcompat max idle_timeout max_lifetime max_pipeline backoff keep_alive prepare debug fetch_types publications
  schema connection_limit pool_timeout pgbouncer statement_cache_size socket_timeout sslidentity sslaccept
  single_use_connections supa workaround pool pool_mode pool_size encoding charset serverversion timezone datestyle`.split(
    /\s+/,
  ),
);

function given<V>(name: string, value: V | undefined): Record<string, V> {
  return value === undefined || value === '' ? {} : { [name]: value };
}

function wholeNumber(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name);
  if (text === null) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidOptionError('url', `its ${name} must be a whole number`);
}

function portNumber(text: string): number {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 2 ** 16 ? port : refuse();
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse();
  }
}

function refuse(): never {
  throw new InvalidOptionError('url', `is not a url such as ${EXAMPLE}; ${ENCODE}`);
}
