import type { LockWait } from '../adapter/adapter.js';
import { shown } from '../errors/shown.js';
import { InvalidOptionError } from '../errors/store-errors.js';
import { refuseUnknownOptions, type OptionNames } from '../model/option-names.js';
import type {
  LockManyOptions,
  LockOptions,
  LockStrength,
  LockWhereOptions,
  MutateOptions,
} from '../store/repository.js';
import { checkSignal } from './abort-signal.js';
import { checkTimeout } from './transaction-options.js';

/** What holds where a call does not say. */
export interface LockDefaults {
  readonly strength: LockStrength;
  readonly timeoutMs: number | undefined;
}

const LOCK: OptionNames<LockOptions> = {
  wait: true,
  timeoutMs: true,
  strength: true,
  signal: true,
};
const LOCK_MANY: OptionNames<LockManyOptions> = { strength: true, signal: true };
const LOCK_WHERE: OptionNames<LockWhereOptions<never>> = { ...LOCK, orderBy: true, limit: true };
const MUTATE: OptionNames<MutateOptions> = {
  timeoutMs: true,
  strength: true,
  signal: true,
  combine: true,
};

/**
 * How `lock` waits, and how strong its lock is.
 *
 * @param defaults - what the repository and the store say
 * @throws {@link InvalidOptionError}
 */
export function lockWait(options: LockOptions | undefined, defaults: LockDefaults): LockWait {
  refuseUnknownOptions('lock()', options, LOCK);
  const { wait = 'block', timeoutMs } = options ?? {};
  if (wait !== 'block' && wait !== 'fail' && wait !== 'skip')
    throw new InvalidOptionError('wait', `must be 'block', 'fail' or 'skip', not ${shown(wait)}`);
  return {
    mode: wait,
    timeoutMs: checkTimeout(timeoutMs) ?? (wait === 'block' ? defaults.timeoutMs : undefined),
    strength: checkStrength(options?.strength ?? defaults.strength),
    signal: checkSignal(options?.signal),
  };
}

/** The same for `lockMany`. */
export function lockManyWait(
  options: LockManyOptions | undefined,
  defaults: LockDefaults,
): LockWait {
  refuseUnknownOptions('lockMany()', options, LOCK_MANY);
  return lockWait(options, defaults);
}

/** The same for `lockWhere`, whose order and limit are part of its query. */
export function lockWhereWait(options: LockWhereOptions<never>, defaults: LockDefaults): LockWait {
  refuseUnknownOptions('lockWhere()', options, LOCK_WHERE);
  const { orderBy, limit, ...wait } = options;
  return lockWait(wait, defaults);
}

/** The same for `mutate`. */
export function mutateWait(
  options: MutateOptions | undefined,
  defaults: LockDefaults,
): LockWait & Pick<MutateOptions, 'combine'> {
  refuseUnknownOptions('mutate()', options, MUTATE);
  const { combine, ...wait } = options ?? {};
  if (combine === undefined) return lockWait(wait, defaults);
  if (typeof combine !== 'boolean')
    throw new InvalidOptionError('combine', `must be true or false, not ${shown(combine)}`);
  return { ...lockWait(wait, defaults), combine };
}

/** @throws {@link InvalidOptionError} */
export function checkStrength(strength: unknown): LockStrength {
  if (strength === 'update' || strength === 'no key update') return strength;
  throw new InvalidOptionError(
    'strength',
    `must be 'update' or 'no key update', not ${shown(strength)}`,
  );
}
