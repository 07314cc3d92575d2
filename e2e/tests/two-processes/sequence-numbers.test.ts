import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import { expect, test } from 'vitest';
import { reportFigure } from './support/report-figure.js';
import { startConversation } from './support/talk.js';
import { useProcesses } from './support/use-processes.js';

const database = useDatabase();
const start = useProcesses();

const POSTS_EACH = 500;

test(
  '2 × 500 concurrent posts to one room get the numbers 1 to 1000, each once',
  { timeout: 120_000 },
  async () => {
    const options = { databaseUrl: database.url, channel: 'chat' };
    const [a, b] = [start(options), start(options)];
    const { room, alice, bob } = await startConversation(a.client(), b.client());

    const post = async (
      { client, name }: typeof alice,
      index: number,
    ): Promise<number | undefined> => {
      const { status, body } = await client.request('POST', `/rooms/${room}/messages`, {
        text: `${name} ${index}`,
      });
      expect(status, JSON.stringify(body)).toBe(201);
      return body.message?.sequence;
    };
    const startedAt = performance.now();
    const numbers = await Promise.all(
      Array.from({ length: POSTS_EACH }, (_, index) => [
        post(alice, index),
        post(bob, index),
      ]).flat(),
    );

    const elapsedMs = performance.now() - startedAt;

    const expected = Array.from({ length: 2 * POSTS_EACH }, (_, index) => index + 1);
    expect(numbers.toSorted((x = 0, y = 0) => x - y)).toEqual(expected);
    const { body } = await bob.client.request('GET', `/rooms/${room}`);
    expect(body.room?.lastSequence).toBe(2 * POSTS_EACH);

    for (const { socket } of [alice, bob]) {
      await waitUntil(() => socket.messages.length === expected.length);
      expect(socket.messages.map(({ sequence }) => sequence)).toEqual(expected);
    }
    reportFigure(`1,000 concurrent posts in ${elapsedMs.toFixed(0)} ms, numbered 1 to 1000`);
  },
);
