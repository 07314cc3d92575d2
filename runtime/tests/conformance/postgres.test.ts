import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { postgresStore } from '@justscale/runtime/postgres';
import { CONFORMANCE_SCHEMA, describeConformance } from '@justscale/runtime/testing';
import { describe, it } from 'vitest';

const database = useDatabase(CONFORMANCE_SCHEMA);
const options = { channel: 'conformance', maxConnections: 10 } as const;

for (const signalDelivery of ['after-commit', 'in-transaction'] as const) {
  describeConformance(`postgres, signals ${signalDelivery}`, {
    describe,
    it,
    openStore: () => postgresStore(database.url, { ...options, signalDelivery }),
  });
}
