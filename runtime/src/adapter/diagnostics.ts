import { channel } from 'node:diagnostics_channel';

/** What every event tells. All values are flat, so that they can be the attributes of a span or the labels of a metric. */
interface TimedEvent {
  /** The kind of the store: `postgres`, `memory`. */
  readonly store: string;
  readonly durationMs: number;
  /** Why it failed, if it did. */
  readonly error?: unknown;
}

/** A statement was answered: channel `justscale:statement`. Its values are parameters, which are not told. */
export interface StatementEvent extends TimedEvent {
  readonly text: string;
  /** The rows that it returned or wrote. */
  readonly rows: number | undefined;
}

/** A lock was taken, or not: channel `justscale:lock`. How long that took is how long it was waited for, and the round trip. */
export interface LockEvent extends TimedEvent {
  /** The model, or the name of an advisory lock. */
  readonly subject: string;
  /** The ids that were asked for; none for a condition or a name. */
  readonly ids: readonly string[];
}

/** A transaction has ended: channel `justscale:transaction`. A repeated one ends with each attempt. */
export interface TransactionEvent extends TimedEvent {
  readonly outcome: 'committed' | 'rolled back';
}

/** A connection was waited for, opened or closed: channel `justscale:pool`. */
export interface PoolEvent extends TimedEvent {
  readonly event: 'waited' | 'opened' | 'closed';
  /** How many connections are open then, and how many wait for one. */
  readonly open: number;
  readonly waiting: number;
}

/** Locks are held for longer than `slowLockMs`, and still are: channel `justscale:slow-lock`, and the event `slowLock` of the store. */
export interface SlowLockEvent extends TimedEvent {
  /** The entities, as `model id`. */
  readonly locks: readonly string[];
  /** The names of advisory locks. */
  readonly names: readonly string[];
}

/** A channel of `node:diagnostics_channel`. */
interface EventChannel<E> {
  readonly hasSubscribers: boolean;
  publish(event: E): void;
}

/** One channel for each kind of event; without subscribers it costs a look at `hasSubscribers`. */
export const diagnostics: {
  readonly statement: EventChannel<StatementEvent>;
  readonly lock: EventChannel<LockEvent>;
  readonly transaction: EventChannel<TransactionEvent>;
  readonly pool: EventChannel<PoolEvent>;
  readonly slowLock: EventChannel<SlowLockEvent>;
} = {
  statement: channel('justscale:statement'),
  lock: channel('justscale:lock'),
  transaction: channel('justscale:transaction'),
  pool: channel('justscale:pool'),
  slowLock: channel('justscale:slow-lock'),
};
