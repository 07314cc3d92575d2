import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePayload, encodePayloads } from '#src/postgres/signal-payload.js';

const topic = fc
  .array(fc.constantFrom('a', 'b', '1', ' ', '/', '%20', '\n'), { maxLength: 3 })
  .map((segments) => `/${segments.join('')}`);

test('no payload comes twice, and each carries its topic', () => {
  fc.assert(
    fc.property(fc.array(topic), (topics) => {
      const payloads = encodePayloads(topics);
      expect(new Set(payloads).size).toBe(topics.length);
      expect(payloads.map(decodePayload)).toEqual(topics);
    }),
  );
});

test('a topic that comes once travels as it is: each byte of a notification costs', () => {
  expect(encodePayloads(['/a', '/b'])).toEqual(['/a', '/b']);
});

test.each(['', 'x', '1/a', '1 a', ' /a', '1  /a', '-1 /a', 'a /a', `${'1'.repeat(17)} /a`])(
  'what is none of ours is no topic: %j',
  (payload) => expect(decodePayload(payload)).toBeUndefined(),
);
