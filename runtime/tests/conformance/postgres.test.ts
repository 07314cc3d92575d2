import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { postgresStore } from '@justscale/runtime/postgres';
import { conformanceSchema, describeConformance } from '@justscale/runtime/testing';
import { describe, it } from 'vitest';

const database = useDatabase(conformanceSchema('postgres'));
const options = { channel: 'conformance', maxConnections: 10 } as const;

for (const signalDelivery of ['after-commit', 'in-transaction'] as const) {
  describeConformance(`postgres, signals ${signalDelivery}`, {
    describe,
    it,
    openStore: () => postgresStore(database.url, { ...options, signalDelivery }),
  });
}
