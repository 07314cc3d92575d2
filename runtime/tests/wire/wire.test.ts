import {
  decode,
  defineModel,
  encode,
  ProcessableDecodeError,
  ProcessableEncodeError,
} from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

class Account extends defineModel('account', z.object({ balance: z.number() })) {}

/** Holds a lock while `use` runs. */
async function withLock(use: (locked: unknown) => void): Promise<void> {
  const store = memoryStore();
  const accounts = store.repository(Account);
  await accounts.save(new Account({ balance: 1 }, { id: 'a1' }));
  await store.transaction(async () => use(await accounts.lock(Account.ref('a1'))));
  await store.close();
}

describe('what encode writes, decode reads', () => {
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.integer(),
      fc.bigInt(),
      fc.boolean(),
      fc.constantFrom(null, undefined),
      fc.date({ noInvalidDate: true }),
      fc.uint8Array().map((bytes) => Uint8Array.from(bytes)),
      fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).map((id) => Account.ref(id)),
      fc.array(tie('value')),
      fc.array(tie('value')).map((items) => new Set(items)),
      fc.array(fc.tuple(tie('value'), tie('value'))).map((entries) => new Map(entries)),
      fc
        .dictionary(fc.oneof(fc.string(), fc.constant('$type')), tie('value'))
        .map(withoutUndefined),
    ),
  })).value;

  test('for every value of the kinds it knows', () => {
    fc.assert(
      fc.property(value, (original) => {
        expect(decode(encode(original), [Account])).toStrictEqual(original);
      }),
    );
  });

  test.each([-0, Number.NaN, Infinity, -Infinity])('%d, which JSON lacks', (number) => {
    expect(decode(encode({ number }), [])).toStrictEqual({ number });
  });

  test('the objects of strings, numbers and booleans as what they hold', () => {
    const objects = [new String('x'), new Number(-0), new Boolean(false)];
    expect(decode(encode(objects), [])).toStrictEqual(['x', -0, false]);
  });

  test('errors keep name, message, cause and properties', () => {
    const error = Object.assign(new TypeError('no', { cause: new Map([['at', new Date(5)]]) }), {
      code: 'E_NO',
    });
    const decoded = decode(encode(error), []) as Error & { code: string };
    expect(decoded).toBeInstanceOf(Error);
    expect(decoded).toMatchObject({ name: 'TypeError', message: 'no', code: 'E_NO' });
    expect(decoded.cause).toStrictEqual(new Map([['at', new Date(5)]]));
  });
});

describe('a Locked does not leave its process', () => {
  class Box {
    constructor(readonly content: unknown) {}
  }
  test.each<[string, (locked: unknown) => unknown, string]>([
    ['itself', (locked) => locked, '$'],
    ['in an object', (locked) => ({ a: { b: locked } }), '$.a.b'],
    ['in an array', (locked) => [1, [locked]], '$[1][0]'],
    ['as a value of a Map', (locked) => new Map([['k', locked]]), '$.get("k")'],
    ['as a key of a Map', (locked) => new Map([[locked, 1]]), '$.keys()[0]'],
    ['in a Set', (locked) => new Set([1, locked]), '$.values()[1]'],
    ['behind a getter', (locked) => ({ get now() { return locked; } }), '$.now'], // prettier-ignore
    [
      'as the cause of an error',
      (locked) => ({ e: new Error('x', { cause: locked }) }),
      '$.e.cause',
    ],
    ['in an AggregateError', (locked) => new AggregateError([locked]), '$.errors[0]'],
    ['in an instance of a class', (locked) => new Box(locked), '$.content'],
    ['from toJSON', (locked) => ({ x: { toJSON: () => [locked] } }), '$.x[0]'],
    [
      'as a property of an error',
      (locked) => Object.assign(new Error('x'), { entity: locked }),
      '$.entity',
    ],
    ['behind a proxy', (locked) => ({ p: new Proxy(locked as object, {}) }), '$.p'],
    ['as a prototype', (locked) => ({ p: Object.create(locked as object) as unknown }), '$.p'],
  ])('%s', async (_, wrap, path) => {
    await withLock((locked) => {
      expect(() => encode(wrap(locked))).toThrow(
        expect.objectContaining({
          path,
          code: 'PROCESSABLE_ENCODE',
          reason: expect.stringMatching(/^it is a Locked<account>|^a Locked<account> cannot leave/),
        }),
      );
    });
  });

  test('JSON.stringify refuses it too', async () => {
    await withLock((locked) => {
      expect(() => JSON.stringify({ a: [locked] })).toThrow(ProcessableEncodeError);
    });
  });

  test('a copy of one carries no data', async () => {
    await withLock((locked) => {
      expect(encode({ ...(locked as object) })).toBe('{}');
      expect(encode(structuredClone(locked))).toBe('{}');
    });
  });
});

describe('what cannot be encoded is refused with its path', () => {
  const cycle: { list: unknown[] } = { list: [] };
  cycle.list.push(new Map([['back', cycle]]));
  let deep: unknown = 1;
  for (let level = 0; level < 600; level++) deep = [deep];

  test.each<[string, unknown, string]>([
    ['a cycle', cycle, '$.list[0].get("back")'],
    ['a function', { on: { click: () => 1 } }, '$.on.click'],
    ['a symbol', [Symbol('s')], '$[0]'],
    ['a promise', { later: Promise.resolve(1) }, '$.later'],
    ['a regular expression', { 'a b': /x/ }, '$["a b"]'],
    ['a WeakMap', [new WeakMap()], '$[0]'],
    ['a WeakSet', [new WeakSet()], '$[0]'],
    ['a WeakRef', [new WeakRef({})], '$[0]'],
    ['an ArrayBuffer', [new ArrayBuffer(8)], '$[0]'],
    ['a SharedArrayBuffer', [new SharedArrayBuffer(8)], '$[0]'],
    ['an array of other numbers', [new Float64Array(1)], '$[0]'],
    ['an endless bigint', { n: 10n ** 100_000n }, '$.n'],
    ['a property __proto__', JSON.parse('{"__proto__": 1}'), '$.__proto__'],
    ['a getter that throws', { get x(): number { throw new Error('no'); } }, '$.x'], // prettier-ignore
  ])('%s', (_, value, path) => {
    expect(() => encode(value)).toThrow(expect.objectContaining({ path }));
  });

  test('an invalid date, by its name', () => {
    expect(() => encode({ at: new Date(Number.NaN) })).toThrow(
      expect.objectContaining({ path: '$.at', reason: 'it is an invalid Date' }),
    );
  });

  test('more than 500 levels', () => {
    expect(() => encode(deep)).toThrow(ProcessableEncodeError);
  });

  test('the same object twice is no cycle', () => {
    const shared = { n: 1 };
    expect(decode(encode([shared, shared]), [])).toEqual([shared, shared]);
  });
});

describe('hostile text', () => {
  test.each([
    ['no JSON', '{', '$'],
    ['a __proto__ key', '{"a":{"__proto__":{"polluted":true}}}', '$.a.__proto__'],
    [
      'a __proto__ key in an error',
      '{"$type":"Error","name":"x","message":"y","properties":{"__proto__":{}}}',
      '$.properties.__proto__',
    ],
    ['an unknown type', '{"$type":"Locked","value":1}', '$'],
    ['a Ref to another model', '{"$type":"Ref","model":"user","id":"1"}', '$'],
    ['a Ref without an id', '{"$type":"Ref","model":"account","id":""}', '$'],
    ['a Ref with more than an id', '{"$type":"Ref","model":"account","id":"1","balance":3}', '$'],
    ['no date', '{"$type":"Date","value":"yesterday"}', '$'],
    ['no bigint', '{"$type":"BigInt","value":"1e9"}', '$'],
    ['an endless bigint', JSON.stringify({ $type: 'BigInt', value: '9'.repeat(1_000_000) }), '$'],
    ['no bytes', '{"$type":"Bytes","value":"!!"}', '$'],
    ['a Map of no pairs', '{"$type":"Map","value":[[1]]}', '$.value[0]'],
    ['deep nesting', '['.repeat(100_000) + ']'.repeat(100_000), undefined],
  ])('%s is refused', (_, text, path) => {
    const error = captured(() => decode(text, [Account]));
    expect(error).toBeInstanceOf(ProcessableDecodeError);
    if (path !== undefined) expect(error).toMatchObject({ path });
  });

  test('ends in a value or a named error, and touches no prototype', () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const fragment = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"$type"',
      ':',
      ',',
      '"Ref"',
      '"Map"',
      '"Error"',
      '"value"',
      '"__proto__"',
      '1',
      'null',
      '"x"',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.array(fragment).map((parts) => parts.join('')),
        ),
        (text) => {
          const error = captured(() => decode(text, [Account]));
          if (error !== undefined) expect(error).toBeInstanceOf(ProcessableDecodeError);
        },
      ),
      { numRuns: 2_000 },
    );
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

function captured(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

function withoutUndefined(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).filter(([key, value]) => value !== undefined && key !== '__proto__'),
  );
}
