import { shown } from '../errors/shown.js';
import { InvalidOptionError } from '../errors/store-errors.js';
import { refuseUnknownOptions } from '../model/option-names.js';
import { ownEntries } from '../model/own-entries.js';
import { checkSignal } from './abort-signal.js';
import type { IsolationLevel, TransactionOptions } from '../store/store.js';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The options of a transaction with their defaults, checked. */
export interface TransactionSettings {
  readonly retries: number;
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly isolation: IsolationLevel;
  readonly readOnly: boolean;
  readonly settings: Readonly<Record<string, string>>;
}

const OPTIONS = {
  retries: true,
  timeoutMs: true,
  signal: true,
  isolation: true,
  readOnly: true,
  settings: true,
} as const;

/** @throws {@link InvalidOptionError} */
export function checkTransactionOptions(
  options: TransactionOptions = {},
  defaultTimeoutMs?: number,
): TransactionSettings {
  refuseUnknownOptions<TransactionOptions>('transaction()', options, OPTIONS);
  const {
    retries = 0,
    timeoutMs = defaultTimeoutMs,
    isolation = 'read committed',
    readOnly = false,
  } = options;
  if (!Number.isInteger(retries) || retries < 0) {
    throw new InvalidOptionError(
      'retries',
      `must be a whole number of at least 0, not ${shown(retries)}`,
    );
  }
  if (!ISOLATION_LEVELS.has(isolation)) {
    throw new InvalidOptionError(
      'isolation',
      `must be 'read committed', 'repeatable read' or 'serializable', not ${shown(isolation)}`,
    );
  }
  if (typeof readOnly !== 'boolean')
    throw new InvalidOptionError('readOnly', `must be true or false, not ${shown(readOnly)}`);
  return {
    retries,
    timeoutMs: checkTimeout(timeoutMs),
    signal: checkSignal(options.signal),
    isolation,
    readOnly,
    settings: checkDatabaseSettings(options.settings),
  };
}

const ISOLATION_LEVELS: ReadonlySet<unknown> = new Set([
  'read committed',
  'repeatable read',
  'serializable',
]);

/**
 * Checks the options of a transaction that joins another one.
 *
 * @param outer - what that one runs with
 * @returns what ends it, and with it the other one
 * @throws {@link InvalidOptionError} for what it would have to begin with
 */
export function checkJoinedOptions(
  options: TransactionOptions | undefined,
  outer: TransactionSettings,
): AbortSignal | undefined {
  if (options === undefined) return undefined;
  const { isolation, readOnly, settings, signal } = checkTransactionOptions(options);
  const refuse = (option: string): never => {
    throw new InvalidOptionError(
      option,
      'this transaction joins one that runs already, with other options. Give them to the outer transaction',
    );
  };
  if (options.isolation !== undefined && isolation !== outer.isolation) refuse('isolation');
  if (readOnly && !outer.readOnly) refuse('readOnly');
  for (const [name, value] of Object.entries(settings))
    if (outer.settings[name] !== value) refuse(`settings.${name}`);
  return signal;
}

/**
 * Checks a time limit that a user gave.
 *
 * @throws {@link InvalidOptionError}
 */
export function checkTimeout(timeoutMs: unknown, name = 'timeoutMs'): number | undefined {
  if (timeoutMs === undefined) return undefined;
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0 && timeoutMs <= LONGEST_TIMER_MS)) {
    throw new InvalidOptionError(
      name,
      `must be milliseconds from 0 to ${LONGEST_TIMER_MS}, not ${shown(timeoutMs)}`,
    );
  }
  return timeoutMs;
}

function checkDatabaseSettings(settings: unknown): Readonly<Record<string, string>> {
  if (settings === undefined) return {};
  const entries = ownEntries(settings);
  if (typeof entries === 'string' || Array.isArray(settings))
    throw new InvalidOptionError('settings', "must be an object such as { 'app.tenant': 'acme' }");
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const option = `settings.${name}`;
      if (!SETTING_NAME.test(name) || name.toLowerCase().startsWith('justscale.'))
        throw new InvalidOptionError(option, 'is no name of a setting that can be used');
      if (!['string', 'number', 'boolean'].includes(typeof value))
        throw new InvalidOptionError(
          option,
          `must be a string, a number or a boolean, not ${shown(value)}`,
        );
      const text = String(value);
      if (text.includes('\0')) throw new InvalidOptionError(option, 'must not contain a NUL byte');
      return [name, text];
    }),
  );
}

const SETTING_NAME = /^[a-z_][a-z0-9_$]*(\.[a-z_][a-z0-9_$]*)*$/i;
