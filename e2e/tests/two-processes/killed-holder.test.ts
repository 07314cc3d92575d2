import { startProxy, type FaultProxy } from '@justscale/fixtures/fault-proxy';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportFigure } from './support/report-figure.js';
import { startConversation } from './support/talk.js';
import { useProcesses } from './support/use-processes.js';

const database = useDatabase();
const start = useProcesses();

/** So slow is the way between A and the database while A is to be caught between its first write and its COMMIT. */
const DELAY_MS = 300;
/** Far below every timeout that could free the lock: of the post and of an idle transaction, 60 s. */
const LIMIT_MS = 10_000;

let proxy: FaultProxy;
let sql: postgres.Sql;

beforeAll(async () => {
  proxy = await startProxy(Number(new URL(database.url).port));
  sql = postgres(database.url, { max: 1 });
});

afterAll(async () => {
  await sql.end();
  await proxy.close();
});

test(
  'a process killed inside its transaction leaves nothing behind, and its lock is free at once',
  { timeout: 60_000 },
  async () => {
    const a = start({ databaseUrl: proxy.through(database.url), channel: 'chat' });
    const b = start({ databaseUrl: database.url, channel: 'chat' });
    const { room, alice, bob } = await startConversation(a.client(), b.client());
    const path = `/rooms/${room}/messages`;
    await alice.client.request('POST', path, { text: 'before' });

    proxy.delay(DELAY_MS);
    const lost = alice.client
      .request('POST', path, { text: 'lost' })
      .catch((error: unknown) => error);
    // It has written, and from here on its COMMIT cannot arrive.
    const holder = await waitUntil(() => idleAfterWrite());
    proxy.pause();
    const waiting = bob.client.request('POST', path, { text: 'after' });
    await waitUntil(() => isBlockedBy(holder), {
      describe: () => sql`select * from pg_stat_activity`,
    });

    expect(await idleAfterWrite()).toBe(holder);

    const killedAt = performance.now();
    await a.end('SIGKILL');
    proxy.delay(0);
    proxy.resume();
    const { status, body } = await waiting;
    const waitedMs = performance.now() - killedAt;

    expect(await lost).toBeInstanceOf(Error);
    expect(status).toBe(201);
    expect(waitedMs).toBeLessThan(LIMIT_MS);
    expect(body.message).toMatchObject({ sequence: 2, text: 'after' });
    const read = await bob.client.request('GET', path);
    expect(read.body.messages?.map(({ text }) => text)).toEqual(['before', 'after']);
    const state = await bob.client.request('GET', `/rooms/${room}`);
    expect(state.body.room?.lastSequence).toBe(2);
    reportFigure(`the lock of a killed process was free after ${waitedMs.toFixed(0)} ms`);
  },
);

/** The backend that has written in its transaction and waits for what its client does next. */
async function idleAfterWrite(): Promise<number | undefined> {
  const [backend] = await sql<{ pid: number }[]>`
    select pid from pg_stat_activity
    where datname = current_database() and state = 'idle in transaction'
      and query ~* '(update|insert into).*(room|message)'`;
  return backend?.pid;
}

async function isBlockedBy(pid: number): Promise<boolean> {
  const [row] = await sql<{ blocked: boolean }[]>`
    select exists (
      select from pg_stat_activity where datname = current_database() and ${pid} = any(pg_blocking_pids(pid))
    ) as blocked`;
  return row?.blocked === true;
}
