import {
  defineModel,
  defineSignals,
  encode,
  InvalidModelError,
  InvalidRefError,
  ProcessableEncodeError,
  SignalPathError,
  ValidationError,
} from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

class Note extends defineModel('note', z.object({ text: z.string(), data: z.unknown() })) {}

function throws(): never {
  throw new Error('hostile');
}

const withoutPrototype: unknown = Object.create(null);
const proxy = new Proxy({}, { get: throws, has: throws, ownKeys: throws, getPrototypeOf: throws });
const cycle: { self?: unknown } = {};
cycle.self = cycle;

describe.each<[string, unknown]>([
  ['an object without a prototype', withoutPrototype],
  ['a proxy that throws', proxy],
  ['a cycle', cycle],
  ['a bigint', 1n],
  ['a symbol', Symbol('odd')],
])('%s is refused by name', (_, odd) => {
  test('as the name of a model, as its schema, and as the model of a repository', () => {
    expect(() => defineModel(odd as string, z.object({}))).toThrow(InvalidModelError);
    expect(() => defineModel('a', odd as never)).toThrow(InvalidModelError);
    expect(() => memoryStore().repository(odd as never)).toThrow(InvalidModelError);
  });

  test('as an id, and as a Ref', () => {
    expect(() => Note.ref(odd as string)).toThrow(InvalidRefError);
    expect(() => new Note({ text: '', data: 1 }, { id: odd as string })).toThrow(InvalidModelError);
  });

  test('as the path of a signal', () => {
    expect(() => defineSignals((signal) => ({ a: signal(odd as '/a') }))).toThrow(SignalPathError);
  });
});

test('fields that cannot be read make no entity', () => {
  expect(() => new Note(proxy as never)).toThrow(InvalidModelError);
});

test('what throws when it is encoded is an error that names its path', () => {
  const thrown: unknown = withoutPrototype;
  const getter = Object.defineProperty({}, 'x', {
    enumerable: true,
    get: () => {
      throw thrown;
    },
  });
  for (const [value, path] of [
    [[proxy], '$[0]'],
    [{ a: getter }, '$.a.x'],
    [{ a: { toJSON: () => getter } }, '$.a.x'],
  ] as const) {
    expect(() => encode(value as never)).toThrow(ProcessableEncodeError);
    expect(() => encode(value as never)).toThrow(expect.objectContaining({ path }));
  }
});

test('a schema that throws refuses the entity, and tells why', async () => {
  class Throwing extends defineModel(
    'throwing',
    z.object({ text: z.string().refine(() => throws()) }),
  ) {}
  const saving = memoryStore()
    .repository(Throwing)
    .save(new Throwing({ text: 'x' }));
  await expect(saving).rejects.toBeInstanceOf(ValidationError);
  await expect(saving).rejects.toMatchObject({ cause: { message: 'hostile' } });
});

test('an error does not repeat a megabyte of what was given', () => {
  const long = 'x'.repeat(1_000_000);
  for (const define of [
    () => defineModel(long, z.object({})),
    () => defineSignals((signal) => ({ a: signal(long as '/a') })),
    () => defineSignals((signal) => ({ a: signal(`/${long} ` as '/a') })),
    () => encode({ [long]: () => 1 } as never),
  ]) {
    const error: unknown = (() => {
      try {
        return define();
      } catch (thrown) {
        return thrown;
      }
    })();
    expect((error as Error).message.length).toBeLessThan(5_000);
  }
});
