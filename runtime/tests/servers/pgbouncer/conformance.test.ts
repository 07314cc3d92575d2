import { unprepared, usePgBouncer } from '@justscale/fixtures/pgbouncer/vitest';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { postgresStore } from '@justscale/runtime/postgres';
import { CONFORMANCE_SCHEMA, describeConformance } from '@justscale/runtime/testing';
import { describe, it } from 'vitest';

const database = useDatabase(CONFORMANCE_SCHEMA);
const old = usePgBouncer({ preparedStatements: false });
const current = usePgBouncer();

for (const signalDelivery of ['after-commit', 'in-transaction'] as const) {
  describeConformance(`postgres behind a pooler without prepared statements, ${signalDelivery}`, {
    describe,
    it,
    openStore: () =>
      postgresStore(unprepared(old.current.through(database.url)), {
        signalDelivery,
        listenUrl: database.url,
        channel: 'old',
      }),
  });
}

describeConformance('postgres behind a pooler, prepared statements where it knows them', {
  describe,
  it,
  openStore: () => {
    const { knowsPreparedStatements, through } = current.current;
    const url = through(database.url);
    return postgresStore(knowsPreparedStatements ? url : unprepared(url), {
      listenUrl: database.url,
      channel: 'new',
    });
  },
});
