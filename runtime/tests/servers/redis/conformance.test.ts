import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { redisUrl } from '@justscale/fixtures/redis/vitest';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import { redisSignals } from '@justscale/runtime/redis';
import { CONFORMANCE_SCHEMA, describeConformance } from '@justscale/runtime/testing';
import { describe, it } from 'vitest';

const database = useDatabase(CONFORMANCE_SCHEMA);

describeConformance('postgres, signals over redis', {
  describe,
  it,
  openStore: () =>
    postgresStore(database.url, {
      signals: redisSignals(redisUrl(), { channel: 'postgres' }),
    }),
});

describeConformance('memory, signals over redis', {
  describe,
  it,
  openStore: () => memoryStore({ signals: redisSignals(redisUrl(), { channel: 'memory' }) }),
});
