import { startProxy, type FaultProxy } from '@justscale/fixtures/fault-proxy';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportFigure } from './support/report-figure.js';
import { say, startConversation } from './support/talk.js';
import { useProcesses } from './support/use-processes.js';

const database = useDatabase();
const start = useProcesses();

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
  'without the bus nothing arrives; it comes back by itself, raises gap, and nothing was lost',
  { timeout: 60_000 },
  async () => {
    const a = start({ databaseUrl: database.url, channel: 'chat' });
    const clientOfA = a.client();
    await clientOfA;
    const listenersOfA = await listeners();
    const b = start({
      databaseUrl: proxy.through(database.url),
      channel: 'chat',
      // Whoever runs B is told that its bus does not come back at once.
      expectedErrors: ['ConnectionFailedError'],
    });
    const conversation = await startConversation(clientOfA, b.client());
    const { room, alice, bob } = conversation;
    await say(conversation, alice, bob, 'before');

    // B loses its bus, and cannot get another one; its other connections stay.
    proxy.refuse();
    const all = await listeners();
    const lost = all.filter((pid) => !listenersOfA.includes(pid));
    for (const pid of lost) await sql`select pg_terminate_backend(${pid}, 5000)`;

    alice.socket.send({ type: 'post', room, text: 'unheard' });
    await Promise.all([alice.socket.frame('message'), alice.socket.frame('posted')]);
    const read = await bob.client.request('GET', `/rooms/${room}/messages`);
    expect(read.body.messages?.map(({ text }) => text)).toContain('unheard');
    // Frames keep their order: had B heard of the message, it would be here before the answer.
    for (let round = 0; round < 20; round++) {
      bob.socket.forget();
      bob.socket.send({ type: 'ping' });
      await bob.socket.frame('pong');
      expect(bob.socket.frames).toEqual([{ type: 'pong' }]);
    }
    expect(b.events.map(({ event }) => event)).not.toContain('gap');
    alice.socket.forget();
    bob.socket.forget();

    const reachableAt = performance.now();
    proxy.accept();
    await b.reported('gap');
    const awayMs = performance.now() - reachableAt;
    // Whoever learns of a gap reads again: B tells its followers what they have missed.
    expect((await bob.socket.frame('message')).message).toMatchObject({ text: 'unheard' });
    bob.socket.forget();
    await say(conversation, alice, bob, 'after');
    await say(conversation, bob, alice, 'and back');
    reportFigure(`the bus was back ${awayMs.toFixed(0)} ms after it could be, and raised gap`);
  },
);

async function listeners(): Promise<number[]> {
  const rows = await sql<{ pid: number }[]>`
    select pid from pg_stat_activity where datname = current_database() and query ilike 'listen %'`;
  return rows.map(({ pid }) => pid);
}
