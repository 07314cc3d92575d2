import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, expect } from 'vitest';
import { fuzz } from './fuzz.js';
import { DDL, Thing } from './models.js';
import { assertNoSecret, type Ending } from './named-error.js';
import { addThing, operation, run, type Target } from './operations.js';

/** How many calls are under way at a time, each on a row of its own. */
const AT_A_TIME = 8;
/** Only a database has columns that are missing, computed or too narrow; and whether a lock is there in time, only time tells. */
const POSTGRES_ONLY: ReadonlySet<string> = new Set(['DATABASE', 'LOCK_TIMEOUT']);
const rows = Array.from({ length: AT_A_TIME }, (_, index) => `row-${index}`);

const database = useDatabase(DDL);
let sql: postgres.Sql;
let onMemory: Target;
let onPostgres: Target;

function target(store: Target['store']): Target {
  return { store, things: store.repository(Thing) };
}

beforeAll(async () => {
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  onPostgres = target(postgresStore(database.url, { maxConnections: 4 }));
  for (const id of rows) await addThing(onPostgres, id);
});
afterAll(async () => {
  await onPostgres.store.close();
  await sql.end();
});

async function freshMemory(): Promise<void> {
  await onMemory?.store.close();
  onMemory = target(memoryStore());
  for (const id of rows) await addThing(onMemory, id);
}
beforeAll(freshMemory);
afterAll(() => onMemory.store.close());

fuzz({
  name: 'repositories on memory',
  share: 0.15,
  inputs: operation,
  limitMs: 3_000,
  check: async (input) => {
    await run(onMemory, input, 'row-0');
  },
  checkAll: freshMemory,
});

fuzz({
  name: 'repositories on Postgres, compared with memory',
  share: 0.015,
  inputs: fc.array(operation, { minLength: AT_A_TIME, maxLength: AT_A_TIME }),
  inputsPerRun: AT_A_TIME,
  limitMs: 20_000,
  check: async (operations) => {
    const secrets = [new URL(database.url).password, database.url];
    await Promise.all(
      operations.map(async (input, index) => {
        const id = rows[index] ?? '';
        const ending = await run(onPostgres, input, id);
        if ('error' in ending) assertNoSecret(ending.error, secrets);
        const [here, there] = [nameOf(await run(onMemory, input, id)), nameOf(ending)];
        if (here !== there && !POSTGRES_ONLY.has(there))
          throw new Error(`${input.call}: ${here} on memory, ${there} on Postgres`);
      }),
    );
  },
  checkAll: async () => {
    expect(await sql`select value from canary`).toEqual([{ value: 1 }]);
    expect(await sql`select 1 from thing where secret is distinct from 'not yours'`).toEqual([]);
    await sql`delete from thing where id not like 'row-%'`;
    await freshMemory();
  },
});

function nameOf(ending: Ending): string {
  return 'error' in ending ? ending.error.code : 'a result';
}
