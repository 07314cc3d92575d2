import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { defineModel, gt, type Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const ROWS = 20_000;
// The order of text is not that of code points here: an index serves the database's own.
const database = useDatabase(`
  create table message (
    id text collate "en-x-icu" primary key, room text not null, title text collate "en-x-icu" not null, sent_at timestamptz not null
  );
  insert into message
    select 'm' || lpad(i::text, 6, '0'), 'r' || i % 20, 't' || lpad(i::text, 6, '0'), timestamptz '2024-01-01' + i * interval '1 second'
    from generate_series(1, ${ROWS}) i;
  create index on message (sent_at, id);
  create index on message (room, sent_at);
  create index on message (title, id);
  analyze message`);

class Message extends defineModel(
  'message',
  z.object({ room: z.string(), title: z.string(), sentAt: z.date() }),
) {}

let store: Store;
beforeAll(() => {
  store = postgresStore(database.url);
});
afterAll(() => store.close());

/** How many rows of the table the server touches for a piece of work. */
async function touched(work: () => Promise<unknown>): Promise<number> {
  return store.transaction(async () => {
    const before = await count();
    await work();
    return (await count()) - before;
  });
}

async function count(): Promise<number> {
  const [row] = await store.read<{ rows: number }>(
    `select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as rows
      from pg_stat_xact_user_tables where relname = 'message'`,
  );
  return row?.rows ?? NaN;
}

const messages = () => store.repository(Message);
const DEEP = `m${String(ROWS / 2).padStart(6, '0')}`;

test.each<[string, number, () => Promise<unknown>]>([
  ['the newest', 200, () => messages().find({}, { orderBy: { sentAt: 'desc' }, limit: 50 })],
  [
    'the newest of a room',
    200,
    () => messages().find({ room: 'r5' }, { orderBy: { sentAt: 'desc' }, limit: 50 }),
  ],
  ['the first by text', 200, () => messages().find({}, { orderBy: 'title', limit: 50 })],
  ['one of a room', 200, () => messages().findOne({ room: 'r5' })],
  [
    'a deep page, ascending',
    200,
    () => messages().find({}, { orderBy: 'sentAt', limit: 50, after: Message.ref(DEEP) }),
  ],
  [
    'a deep page, newest first',
    200,
    () => messages().find({}, { orderBy: { sentAt: 'desc' }, limit: 50, after: Message.ref(DEEP) }),
  ],
  [
    'a deep page by text',
    200,
    () => messages().find({}, { orderBy: 'title', limit: 50, after: Message.ref(DEEP) }),
  ],
  [
    'the next of a queue',
    200,
    () => messages().lockWhere({ room: 'r5' }, { orderBy: 'sentAt', limit: 1, wait: 'skip' }),
  ],
  [
    'what came after a time',
    200,
    () => messages().find({ sentAt: gt(new Date('2024-01-01T05:33:00Z')) }, { orderBy: 'sentAt' }),
  ],
  [
    'some locks',
    200,
    () =>
      messages().lockMany(
        Array.from({ length: 10 }, (_, index) =>
          Message.ref(`m${String(index * 7 + 1).padStart(6, '0')}`),
        ),
      ),
  ],
])('%s: the server touches the rows that are asked for, and few others', async (_, limit, work) => {
  expect(await touched(work)).toBeLessThanOrEqual(limit);
});
