import postgres from 'postgres';
import { createRecord } from '../by-turns.js';
import { Child } from '../child.js';
import type { PatchesJobs } from '../jobs/patches.js';
import type { QueryJobs, QueryName, QueryWay } from '../jobs/queries.js';
import type { MeasureContext } from '../measure-context.js';

const ROWS = 1_000_000;
const QUERIES = ['newest', 'deepPage', 'lockMany'] as const satisfies readonly QueryName[];
const WAYS = ['runtime', 'byHand'] as const satisfies readonly QueryWay[];
/** They are short: each round has several of them, by turns. */
const TURNS = 4;
const FIELDS = Array.from({ length: 13 }, (_, index) => `f${index}`);
const PATCHES = 6_000;

/**
 * Queries of a table of a million rows beside the same by hand, and what a server keeps for patches of many kinds.
 *
 * @returns by query and by way, milliseconds, with a value of each turn; of one connection, what its backend keeps in megabytes
 *   and in prepared statements, before the patches and while they are made
 */
export async function measureQueries({ database, rounds, progress }: MeasureContext) {
  const { url } = database;
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    progress('fills a table');
    await createTables(sql);
    const milliseconds = await measureTimes(url, rounds * TURNS, progress);
    progress('patches');
    const patches = await Child.start<PatchesJobs>('jobs/patches.js');
    try {
      const options = { url, fields: FIELDS, patches: PATCHES, steps: 10 };
      return { milliseconds, patches: PATCHES, backends: await patches.ask('grow', options) };
    } finally {
      await patches.end();
    }
  } finally {
    await sql`drop table if exists message, wide`;
    await sql.end();
  }
}

async function createTables(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    create table message (
      id text collate "C" primary key, room text not null, body text not null, sent_at timestamptz(3) not null
    );
    insert into message
      select 'message-' || row, 'room-' || row % 100, 'body of message ' || row, timestamptz '2024-01-01' + row * interval '1 second'
      from generate_series(0, ${ROWS - 1}) as row;
    create index on message (sent_at, id);
    create table wide (id text primary key, ${FIELDS.map((field) => `${field} int not null`).join(', ')})`);
  await sql`vacuum (analyze) message`;
}

async function measureTimes(url: string, turns: number, progress: MeasureContext['progress']) {
  const child = await Child.start<QueryJobs>('jobs/queries.js', [url, String(ROWS)]);
  try {
    const milliseconds = createRecord(QUERIES, () => createRecord(WAYS, (): number[] => []));
    // The first turn compiles the code and learns the table.
    for (let turn = -1; turn < turns; turn++) {
      progress(turn < 0 ? 'warms up' : `turn ${turn + 1} of ${turns}`);
      for (const query of QUERIES) {
        for (const way of WAYS) {
          const took = await child.ask('time', { query, way });
          if (turn >= 0) milliseconds[query][way].push(took);
        }
      }
    }
    return milliseconds;
  } finally {
    await child.end();
  }
}
