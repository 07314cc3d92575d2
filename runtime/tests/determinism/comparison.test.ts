import { setTimeout as delay } from 'node:timers/promises';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, expect, test } from 'vitest';
import { Lockstep } from './comparison/lockstep.js';
import { steps } from './comparison/operation.js';
import { DDL } from './comparison/schema.js';
import { Tally } from './comparison/tally.js';
import { comparisonParameters, comparisonTimeoutMs } from './run-length.js';

/** Longer than the database's deadlock_timeout, in milliseconds. */
const DEADLOCK_CHECKED_AFTER_MS = 3;
const WAIT = { timeoutMs: 3_000 };

/** What a run of any length must have come across, or it compared nothing. */
const HAS_TO_HAPPEN = [
  'waits',
  'DeadlockError',
  'DuplicateEntityError',
  'EntityNotFoundError',
  'LockForeignError',
  'LockOutsideTransactionError',
  'LockReleasedError',
  'LockTimeoutError',
  'TransactionRolledBackError',
  'ValidationError',
];

const database = useDatabase(DDL);
const opened: { close(): Promise<unknown> }[] = [];

afterAll(async () => {
  await Promise.all(opened.map((each) => each.close()));
});

test(
  'the same programs come to the same results and error classes on memory and on Postgres',
  async () => {
    // Combined calls of mutate are one waiting backend: each alone can be counted.
    const options = { combineMutations: false };
    const store = postgresStore(database.url, { ...options, channel: 'comparison' });
    const memory = memoryStore(options);
    const sql = postgres(database.url, { max: 1 });
    opened.push(store, memory, { close: () => sql.end() });

    const waiters = async (count: number): Promise<void> => {
      await waitUntil(async () => {
        const [row] = await sql<{ waiting: number }[]>`
          select count(*)::int as waiting from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`;
        return row?.waiting === count;
      }, WAIT);
      await delay(DEADLOCK_CHECKED_AFTER_MS);
    };

    const tally = new Tally();
    let count = 0;
    const run = fc.asyncProperty(steps, async (program) => {
      await new Lockstep(`p${(count += 1)}`, memory, { store, waiters }, tally).run(program);
    });
    const details = await fc.check(run, comparisonParameters);
    if (details.failed)
      throw new Error(fc.defaultReportMessage(details) ?? 'failed', {
        cause: details.errorInstance,
      });
    console.log(`compared on both stores: ${details.numRuns} programs: ${tally.toString()}`);
    // One program that is run again need not show everything.
    if (comparisonParameters.path !== undefined) return;
    for (const what of HAS_TO_HAPPEN) expect(tally.get(what), what).toBeGreaterThan(0);
  },
  comparisonTimeoutMs,
);
