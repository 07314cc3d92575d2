import { explore } from '@justscale/eslint-plugin/replay';
import { createChat, Room, User, type Chat } from '@justscale/fixtures/chat-app';
import { naiveStore } from '@justscale/fixtures/naive-adapter';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import type { Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { readFile } from 'node:fs/promises';
import postgres from 'postgres';
import { expect, test, vi } from 'vitest';
import { withoutLocks } from './without-locks.js';

vi.setConfig({ testTimeout: 580_000 });
const database = useDatabase();
const MIGRATION = new URL(
  '../../../fixtures/examples/chat-app/migrations/001-chat.sql',
  import.meta.url,
);
const alice = User.ref('alice');
const room = Room.ref('room');

const setup = async (url: string) => {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await sql.unsafe(await readFile(MIGRATION, 'utf8'));
  await sql`insert into chat_user values ('alice', 'Alice', 'x')`;
  await sql`insert into room values ('room', 'Room', 0)`;
  await sql.end();
  await use(postgresStore(url, { channel: 'chat' }), ({ rooms }) => rooms.join(alice, room));
};

async function use(store: Store, run: (chat: Chat) => Promise<unknown>): Promise<void> {
  try {
    await run(createChat(store, () => undefined));
  } finally {
    await store.close();
  }
}

const services = {
  'post by Alice': ({ messages }: Chat) => messages.post(alice, room, 'one'),
  'post by Alice again': ({ messages }: Chat) => messages.post(alice, room, 'two'),
};
type Service = keyof typeof services;

const on = (store: (url: string) => Store, service: Service) => (url: string) =>
  use(store(url), services[service]);

const run = (store: (url: string) => Store, a: Service, b: Service) =>
  explore(on(store, a), on(store, b), { database: database.url, setup, replays: 2 });

const onRuntime = (url: string) => postgresStore(url, { channel: 'chat' });
const onNaiveAdapter = (url: string) => naiveStore(url, { channel: 'chat' });

test('two posts: every schedule gives what a serial order gives', async () => {
  expect(await run(onRuntime, 'post by Alice', 'post by Alice again')).toMatchObject({
    verdict: 'serial',
    explored: { complete: true },
  });
});

test('with the lock taken out a schedule gives what no serial order gives', async () => {
  const unlocked = (service: Service) => async (url: string) => {
    const relay = await withoutLocks(url);
    try {
      await on(onNaiveAdapter, service)(relay.url);
    } finally {
      relay.close();
    }
  };
  const result = await explore(unlocked('post by Alice'), unlocked('post by Alice again'), {
    database: database.url,
    setup,
    replays: 2,
  });
  expect(result).toMatchObject({ verdict: 'anomaly' });
});
