import { defineModel, defineSignals, InvalidModelError, SignalPathError } from '@justscale/runtime';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

class Room extends defineModel('room', z.object({ name: z.string() })) {}

/** Defines a group at run time, past the compiler. */
function define(paths: Record<string, string>, models: object = {}): unknown {
  return defineSignals(((signal: (path: string) => { types(models: object): unknown }) =>
    Object.fromEntries(
      Object.entries(paths).map(([name, path]) => [name, signal(path).types(models)]),
    )) as never);
}

describe('a signal path is refused at definition', () => {
  test.each([
    ['without a slash', { a: 'room' }],
    ['empty', { a: '' }],
    ['with an empty segment', { a: '/room//x' }],
    ['with a trailing slash', { a: '/room/' }],
    ['with a space', { a: '/my room' }],
    ['with a percent sign', { a: '/a%2Fb' }],
    ['with a parameter twice', { a: '/a/:x/b/:x' }],
    ['with a nameless parameter', { a: '/a/:' }],
    ['twice in a group', { a: '/a/:x', b: '/a/:x' }],
    ['twice in a group under other names', { a: '/a/:x', b: '/a/:y' }],
    ['that can be taken for another one', { a: '/a/:x', b: '/a/all' }],
  ])('%s', (_, paths: Record<string, string>) => {
    expect(() => define(paths)).toThrow(SignalPathError);
  });

  test('when it types a parameter that it does not have', () => {
    expect(() => define({ a: '/a/:x' }, { y: Room })).toThrow(SignalPathError);
  });

  test('when a parameter is of something that is no model', () => {
    expect(() => define({ a: '/a/:x' }, { x: Date })).toThrow(InvalidModelError);
  });
});

test('paths that differ in a literal or in length live in one group', () => {
  expect(() => define({ a: '/a/:x/b', b: '/a/:x/c', c: '/a/:x', d: '/b/:x' })).not.toThrow();
});
