import type { RedisClientOptions } from 'redis';
import { shown } from '../errors/shown.js';
import { InvalidOptionError } from '../errors/store-errors.js';
import { refuseUnknownOptions, type OptionNames } from '../model/option-names.js';
import { textProblem } from '../model/entity-id.js';

/** The options of the client that make sense here, such as `url`, `socket`, `username` and `password`; see the package `redis`. */
export type RedisClientSettings = Pick<
  RedisClientOptions,
  'url' | 'socket' | 'username' | 'password' | 'credentialsProvider' | 'name'
>;

export interface RedisSignalsOptions {
  /**
   * The channel of the signals; `justscale_signals` without this. A server has one set of channels for all its databases, so
   * give each application its own.
   */
  readonly channel?: string;
  /** How often the store checks that it hears its own signals, in milliseconds; 10,000 without this. */
  readonly heartbeatMs?: number;
  /** The longest attempt to connect, in milliseconds; 10,000 without this. */
  readonly connectTimeoutMs?: number;
  /** The longest wait for a reply, in milliseconds; 10,000 without this. Then the connection is taken for lost. */
  readonly replyTimeoutMs?: number;
}

/** The options with their defaults, checked. */
export interface RedisSettings {
  readonly channel: string;
  readonly heartbeatMs: number;
  readonly connectTimeoutMs: number;
  readonly replyTimeoutMs: number;
}

const OPTIONS: OptionNames<RedisSignalsOptions> = {
  channel: true,
  heartbeatMs: true,
  connectTimeoutMs: true,
  replyTimeoutMs: true,
};

const CLIENT_OPTIONS: OptionNames<RedisClientSettings> = {
  url: true,
  socket: true,
  username: true,
  password: true,
  credentialsProvider: true,
  name: true,
};

/** @throws {@link InvalidOptionError} */
export function checkSettings(options: RedisSignalsOptions): RedisSettings {
  refuseUnknownOptions('redisSignals()', options, OPTIONS);
  const { channel = 'justscale_signals' } = options;
  if (typeof channel !== 'string' || channel === '')
    throw new InvalidOptionError('channel', `must be a non-empty string, not ${shown(channel)}`);
  const problem = textProblem(channel);
  if (problem !== undefined) throw new InvalidOptionError('channel', problem);
  const { heartbeatMs, connectTimeoutMs, replyTimeoutMs } = options;
  return {
    channel,
    heartbeatMs: milliseconds('heartbeatMs', heartbeatMs),
    connectTimeoutMs: milliseconds('connectTimeoutMs', connectTimeoutMs),
    replyTimeoutMs: milliseconds('replyTimeoutMs', replyTimeoutMs),
  };
}

/**
 * The client's options for a url, or those that are given.
 *
 * @throws {@link InvalidOptionError} which shows nothing of a url: any part may be one of a password
 */
export function clientSettings(urlOrOptions: string | RedisClientSettings): RedisClientSettings {
  if (typeof urlOrOptions === 'object' && urlOrOptions !== null) {
    refuseUnknownOptions('redisSignals()', urlOrOptions, CLIENT_OPTIONS);
    if (urlOrOptions.url !== undefined) checkUrl(urlOrOptions.url);
    return urlOrOptions;
  }
  checkUrl(urlOrOptions);
  return { url: urlOrOptions };
}

function checkUrl(url: unknown): void {
  const { protocol, hostname } =
    typeof url === 'string' && URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' };
  if ((protocol === 'redis:' || protocol === 'rediss:') && hostname !== '') return;
  throw new InvalidOptionError(
    'url',
    'must be a redis:// url, a rediss:// one (TLS), such as redis://user:password@host:6379, or an object of options',
  );
}

function milliseconds(name: string, value: number | undefined): number {
  if (value === undefined) return 10_000;
  if (Number.isInteger(value) && value >= 1 && value < 2 ** 31) return value;
  throw new InvalidOptionError(name, `must be a whole number of at least 1, not ${shown(value)}`);
}
