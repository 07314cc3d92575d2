import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildTopic, parameterProblem, parseSignalPath } from '#src/signals/signal-path.js';
import { TopicIndex } from '#src/engine/signals/topic-index.js';

const path = parseSignalPath('/room/:room/said/:who');
const plain = fc.stringMatching(/^[\w.~!*'()-]{1,8}$/);
const parameter = fc
  .oneof(plain, fc.string({ unit: 'binary' }))
  .filter((value) => parameterProblem(value) === undefined);

/** What a subscription of all is told of a topic. */
function hear(topic: string): readonly unknown[] {
  const heard: unknown[] = [];
  const index = new TopicIndex();
  index.add(path, {}, (values) => heard.push(values));
  index.dispatch(topic);
  return heard;
}

test('whatever the parameters are, they arrive as they were emitted', () => {
  fc.assert(
    fc.property(fc.record({ room: parameter, who: parameter }), (values) => {
      expect(hear(buildTopic(path, values))).toEqual([values]);
    }),
  );
});

test.each([
  '/room/%41/said/ada',
  '/room/a%2fb/said/ada',
  '/room/ä/said/ada',
  '/room//said/ada',
  '/room/a/said/',
  '/room/%zz/said/ada',
])('%s, which emit does not write, is refused', (topic) => {
  expect(() => hear(topic)).toThrow();
});

test.each(['/room/a/said', '/room/a/said/ada/x', '/rooms/a/said/ada', '/room/a/heard/ada', ''])(
  'nobody hears %j, which is of no path',
  (topic) => {
    expect(hear(topic)).toEqual([]);
  },
);

test('a subscription hears what it asks for', () => {
  const index = new TopicIndex();
  const heard: string[] = [];
  index.add(path, { room: 'a/b' }, ({ who }) => heard.push(`room: ${who}`));
  index.add(path, { who: 'ada' }, ({ room }) => heard.push(`who: ${room}`));
  index.add(path, { room: 'c', who: 'ada' }, () => heard.push('both'));
  index.dispatch(buildTopic(path, { room: 'a/b', who: 'bob' }));
  index.dispatch(buildTopic(path, { room: 'c', who: 'ada' }));
  index.dispatch(buildTopic(path, { room: 'c', who: 'bob' }));
  expect(heard).toEqual(['room: bob', 'who: c', 'both']);
});

test('one that begins while a topic is told hears the next', () => {
  const index = new TopicIndex();
  const heard: string[] = [];
  const begin = (): void => {
    heard.push('first');
    index.add(path, {}, () => heard.push('later'));
  };
  const end = index.add(path, {}, begin);
  index.dispatch('/room/a/said/ada');
  end();
  index.dispatch('/room/a/said/ada');
  expect(heard).toEqual(['first', 'later']);
});
