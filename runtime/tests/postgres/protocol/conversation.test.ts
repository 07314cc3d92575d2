import { connect, type Socket } from 'node:net';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import postgres from 'postgres';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { Connection } from '#src/postgres/connection.js';
import { converse, replay, STEPS, type Told } from './recorded-replies.js';

const database = useDatabase();

/** What a real server replied to {@link STEPS}, and what was told of it. */
let replies: Buffer;
let told: Told;

beforeAll(async () => {
  let socket: Socket | undefined;
  const { hostname, port } = new URL(database.url);
  // The driver opens it, as always; then the socket is used without what stands around it.
  const connection = new Connection(
    {
      openSocket: () => {
        socket = Object.assign(connect({ host: hostname, port: Number(port) }), { host: hostname });
        return socket;
      },
      createClient: async (hooks) =>
        postgres(database.url, {
          ...hooks,
          max: 1,
          fetch_types: false,
        } as never),
    },
    {},
  );
  await connection.connect(10_000);
  socket!.removeAllListeners('data');
  const chunks: Buffer[] = [];
  socket!.on('data', (chunk: Buffer) => chunks.push(chunk));
  const { told: outcomes, conversation } = converse(socket!);
  await waitUntil(() => conversation.isIdle || outcomes.broken.length > 0);
  replies = Buffer.concat(chunks);
  told = outcomes;
  connection.destroy();
});

test('every statement is told what the server did', () => {
  expect(told).toEqual({
    outcomes: [
      { command: 'SELECT', count: 1, rows: [{ text: 'grün 🎉', nothing: null }] },
      { command: 'SELECT', count: 1, rows: [{ text: '', nothing: 'again' }] },
      { command: 'LISTEN', count: 0, rows: [] },
      { command: 'SELECT', count: 1, rows: [{ pg_notify: '' }] },
      { command: 'BEGIN', count: 0, rows: [] },
      { command: 'SELECT', count: 1, rows: [{ result: '1' }] },
      { command: 'COMMIT', count: 0, rows: [] },
      { command: 'SELECT', count: 1, rows: [{ result: '1' }] },
      '22012',
      '25P02',
      { command: 'SELECT', count: 1, rows: [{ result: '1' }] },
      { command: 'SELECT', count: 1, rows: [{ b: '2', c: '3' }] },
      { command: '', count: 0, rows: [] },
      '42703',
      { command: 'DO', count: 0, rows: [] },
      { command: 'SELECT', count: 1, rows: [['1', '2', 'x']] },
      { command: 'SELECT', count: 3, rows: [{ n: '1' }, { n: '2' }, { n: '3' }] },
    ],
    notified: ['here: payload'],
    noticed: ['a remark'],
    broken: [],
    repeated: 0,
  });
});

test('wherever the replies are split, the same is told', () => {
  for (let at = 1; at < replies.length; at++) {
    const pieces = [replies.subarray(0, at), replies.subarray(at)];
    expect(replay(pieces), `split at ${at}`).toEqual({ ...told, unanswered: 0 });
  }
  expect(replay(Array.from(replies, (byte) => Buffer.of(byte)))).toEqual({
    ...told,
    unanswered: 0,
  });
});

test('when they end too early, the rest is unanswered, and nothing is told twice', () => {
  for (let length = 0; length < replies.length; length++) {
    const { unanswered, outcomes, repeated } = replay([replies.subarray(0, length)]);
    const answered = STEPS.length - unanswered;
    expect(outcomes.slice(0, answered)).toEqual(told.outcomes.slice(0, answered));
    expect(repeated).toBe(0);
  }
});

test('whatever else a server says, every statement has one outcome, and nothing hangs', () => {
  const change = fc.record({
    at: fc.nat({ max: replies.length - 1 }),
    bytes: fc.uint8Array({ minLength: 0, maxLength: 6 }),
    dropped: fc.nat({ max: 6 }),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      let hostile = replies;
      for (const { at, bytes, dropped } of changes)
        hostile = Buffer.concat([hostile.subarray(0, at), bytes, hostile.subarray(at + dropped)]);
      const { outcomes, repeated } = replay([hostile]);
      expect(outcomes).not.toContain(undefined);
      expect(repeated).toBe(0);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['a length that is less than its own', [0x5a, 0, 0, 0, 3, 0x49]],
  ['a length that no server sends', [0x44, 0xff, 0xff, 0xff, 0xff, 0]],
  ['an error without an end', [0x45, 0, 0, 0, 8, 0x4d, 0x61, 0x62, 0x63]],
  ['a message that there is not', [0x21, 0, 0, 0, 4]],
  ['a message that nothing asked for', [0x47, 0, 0, 0, 7, 0, 0, 0]],
  ['that it is ready, again', [0x5a, 0, 0, 0, 5, 0x49]],
])('%s breaks the connection', (_, bytes) => {
  const { broken, unanswered, outcomes } = replay([replies, Buffer.from(bytes)]);
  expect(broken).toHaveLength(1);
  expect(unanswered).toBe(0);
  expect(outcomes).toEqual(told.outcomes);
});
