import type { Adapter } from '../adapter/adapter.js';
import type { EventHub } from './event-hub.js';
import type { OpenWork } from './open-work.js';
import type { TransactionRunner } from './transaction-runner.js';

/** What the parts of one store share. */
export interface StoreContext {
  readonly adapter: Adapter;
  readonly runner: TransactionRunner;
  readonly events: EventHub;
  readonly work: OpenWork;
  /** Whether concurrent `mutate` calls for one entity share a transaction. */
  readonly combineMutations: boolean;
}
