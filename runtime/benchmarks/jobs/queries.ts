// The same queries through a store and by hand on the driver, each on one connection.
import { defineModel } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import postgres from 'postgres';
import { z } from 'zod';
import { answerJobs } from '../child.js';
import { theOnly } from '../variant.js';

class Message extends defineModel(
  'message',
  z.object({ room: z.string(), body: z.string(), sentAt: z.date() }),
) {}

interface MessageRow {
  readonly id: string;
  readonly room: string;
  readonly body: string;
  readonly sent_at: Date;
}

const PAGE = 50;
const LOCKED = 8_000;
const messageId = (row: number): string => `message-${row}`;
const lockedIds = (rows: number): string[] =>
  Array.from({ length: LOCKED }, (_, index) =>
    messageId(Math.floor((index * rows) / LOCKED)),
  ).toReversed();

const [, , url = '', rowCount = ''] = process.argv;
const rows = Number(rowCount);
const store = postgresStore(url, { maxConnections: 1 });
const messages = store.repository(Message);
const sql = postgres(url, { max: 1 });

const middle = messageId(Math.floor(rows / 2));
const after = Message.ref(middle);
const cursor = theOnly(
  await sql<MessageRow[]>`select id, sent_at from message where id = ${middle}`,
);
const ids = lockedIds(rows);
const refs = ids.map((id) => Message.ref(id));

/** How often to ask, and both ways to ask, which resolve to the number of rows. */
const QUERIES = {
  newest: {
    times: 200,
    runtime: async () =>
      (await messages.find({}, { orderBy: { sentAt: 'desc' }, limit: PAGE })).length,
    byHand: async () =>
      (
        await sql<MessageRow[]>`
          select id, room, body, sent_at from message order by sent_at desc, id desc limit ${PAGE}`
      ).length,
  },
  deepPage: {
    times: 200,
    runtime: async () =>
      (await messages.find({}, { orderBy: { sentAt: 'desc' }, limit: PAGE, after })).length,
    byHand: async () =>
      (
        await sql<MessageRow[]>`
          select id, room, body, sent_at from message where (sent_at, id) < (${cursor.sent_at}, ${cursor.id})
          order by sent_at desc, id desc limit ${PAGE}`
      ).length,
  },
  lockMany: {
    times: 5,
    runtime: () => store.transaction(async () => (await messages.lockMany(refs)).length),
    byHand: () =>
      sql.begin(async (transaction) => {
        const locked = await transaction<MessageRow[]>`
          select id, room, body, sent_at from message where id = any(${ids}) order by id for update`;
        const byId = new Map(locked.map((row) => [row.id, row]));
        return ids.filter((id) => byId.has(id)).length;
      }),
  },
};
export type QueryName = keyof typeof QUERIES;
export type QueryWay = 'runtime' | 'byHand';

interface QueryJob {
  readonly query: QueryName;
  readonly way: QueryWay;
}

const jobs = {
  /** Milliseconds that it takes, the mean of some. @throws Error when rows are missing */
  async time({ query, way }: QueryJob): Promise<number> {
    const { times, [way]: run } = QUERIES[query];
    const expected = query === 'lockMany' ? LOCKED : PAGE;
    const start = performance.now();
    for (let done = 0; done < times; done++) {
      const found = await run();
      if (found !== expected) throw new Error(`${query}, ${way}: ${found} rows`);
    }
    return (performance.now() - start) / times;
  },
};
export type QueryJobs = typeof jobs;

answerJobs(jobs);
