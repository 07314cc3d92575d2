import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, expect, test } from 'vitest';
import { Lockstep } from './comparison/lockstep.js';
import { steps } from './comparison/operation.js';
import { DDL } from './comparison/schema.js';
import { Tally } from './comparison/tally.js';
import { WaitingBackends } from './comparison/waiting-backends.js';
import { comparisonParameters, comparisonTimeoutMs, mostComparisons } from './run-length.js';

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

/** A store in memory looks at all its rows to find those of one program: it gets a successor after so many. */
const PROGRAMS_OF_A_STORE = 500;

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
    let memory = memoryStore(options);
    const sql = postgres(database.url, { max: 1 });
    const backends = new WaitingBackends(sql);
    const store = postgresStore(
      { ...connectionOf(database.url), onnotice: ({ message }) => backends.hear(message ?? '') },
      { ...options, channel: 'comparison' },
    );
    opened.push(store, { close: () => memory.close() }, { close: () => sql.end() });
    const waiters = (count: number): Promise<void> => backends.waitFor(count);

    const tally = new Tally();
    let count = 0;
    const run = fc.asyncProperty(steps, async (program) => {
      count += 1;
      if (count % PROGRAMS_OF_A_STORE === 0) {
        await memory.close();
        memory = memoryStore(options);
      }
      await new Lockstep(`p${count}`, memory, { store, waiters }, tally).run(program);
    });
    const missing = (): string[] => HAS_TO_HAPPEN.filter((what) => tally.get(what) === 0);
    for (let times = 0; times < mostComparisons && missing().length > 0; times++) {
      const details = await fc.check(run, comparisonParameters);
      if (details.failed)
        throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
    }
    console.log(`compared on both stores: ${count} programs: ${tally.toString()}`);
    // One program that is run again need not show everything.
    if (comparisonParameters.path !== undefined) return;
    expect(missing()).toEqual([]);
  },
  comparisonTimeoutMs,
);

/** A url as options of the driver, which takes only one of both. */
function connectionOf(url: string): postgres.Options<Record<string, never>> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const isEncrypted = !['disable', 'allow', 'prefer'].includes(
    searchParams.get('sslmode') ?? 'disable',
  );
  return {
    host: hostname,
    port: Number(port === '' ? 5432 : port),
    user: decodeURIComponent(username),
    pass: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ssl: isEncrypted ? 'require' : false,
  };
}
