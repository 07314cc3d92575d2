import type { Combination } from './mutation-combiner.js';
import type { Adapter } from '../adapter/adapter.js';
import type { SignalTransport } from '../adapter/signal-transport.js';
import type { EventHub } from './event-hub.js';
import type { OpenWork } from './open-work.js';
import type { SignalPublisher } from './signals/signal-publisher.js';
import type { TransactionRunner } from './transaction-runner.js';

/** What the parts of one store share. */
export interface StoreContext {
  readonly adapter: Adapter;
  /** Carries the signals. */
  readonly transport: SignalTransport;
  readonly publisher: SignalPublisher;
  readonly runner: TransactionRunner;
  readonly events: EventHub;
  readonly work: OpenWork;
  /** How long to wait for a lock where a call does not say, in milliseconds. */
  readonly lockTimeoutMs: number | undefined;
  /** Whether concurrent `mutate` calls for one entity share a transaction. */
  readonly combination: Combination;
  /** Whether `save` and `mutate` are refused where no transaction runs. */
  readonly requireTransaction: boolean;
}
