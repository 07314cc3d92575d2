import type { Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { naiveStore } from '@justscale/fixtures/naive-adapter';
import type { WorkerSetup } from './messages.js';

/** Opens the store that is put to the test, or the naive one that must fail it. */
export function openStore({
  url,
  adapter,
  delivery,
  maxConnections,
  statementTimeoutMs,
}: WorkerSetup): Store {
  const options = { channel: 'torture', maxConnections };
  const target = new URL(url);
  // The driver passes what it does not know on to the session.
  if (statementTimeoutMs !== undefined)
    target.searchParams.set('statement_timeout', String(statementTimeoutMs));
  return adapter === 'naive'
    ? naiveStore(target.href, options)
    : postgresStore(target.href, { ...options, signalDelivery: delivery });
}
