import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { postgresStore } from '@justscale/runtime/postgres';
import { conformanceSchema, describeConformance } from '@justscale/runtime/testing';
import { describe, it } from 'vitest';

const database = useDatabase(conformanceSchema('postgres'));
describeConformance('postgres, signals in-transaction', {
  describe,
  it,
  openStore: () =>
    postgresStore(database.url, {
      channel: 'conformance',
      maxConnections: 10,
      signalDelivery: 'in-transaction',
    }),
});
