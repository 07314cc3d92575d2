import type { Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { naiveStore } from '@justscale/fixtures/naive-adapter';
import type { WorkerSetup } from './messages.js';

/** Opens the store that is put to the test, or the naive one that must fail it. */
export function openStore({ url, adapter, delivery, maxConnections }: WorkerSetup): Store {
  const options = { channel: 'torture', maxConnections };
  return adapter === 'naive'
    ? naiveStore(url, options)
    : postgresStore(url, { ...options, signalDelivery: delivery });
}
