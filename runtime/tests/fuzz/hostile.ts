import fc from 'fast-check';

/**
 * How to build a hostile value. Fuzzers are given recipes and build the values themselves: a recipe can be printed and made
 * smaller, a proxy that throws cannot.
 */
export type Recipe =
  | readonly ['text', string]
  | readonly ['long text', unit: string, times: number]
  | readonly ['number', number]
  | readonly ['bigint', string]
  | readonly ['date', number]
  | readonly ['bytes', readonly number[]]
  | readonly ['odd', Odd]
  | readonly ['array', readonly Recipe[]]
  | readonly ['set', readonly Recipe[]]
  | readonly ['map', readonly (readonly [Recipe, Recipe])[]]
  | readonly ['error', message: string, cause: Recipe]
  | readonly ['object', prototype: 'plain' | 'none' | 'class', properties: Properties]
  | readonly ['nested', 'array' | 'object' | 'map', depth: number];

export type Properties = readonly (readonly [key: string, value: Recipe])[];

const ODD = [
  'true',
  'false',
  'null',
  'undefined',
  'symbol',
  'function',
  'class',
  'cycle',
  'regular expression',
  'weak map',
  'boxed text',
  'hole in an array',
  'proxy that throws',
  'proxy that lies',
  'revoked proxy',
  'getter that throws',
  'getter that throws no error',
  'toString that throws',
  'toJSON that throws',
  'toJSON that returns itself',
  'date that lies',
  'object that is then-able',
] as const;

type Odd = (typeof ODD)[number];

/** Names that mean something to the language, to the runtime, or to the tables of the fuzzers. */
const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'toJSON',
  'then',
  'id',
  'length',
  '$type',
  'value',
  'title',
  'note',
  'amount',
  'data',
  'isOpen',
  'twice',
  'secret',
  'missing',
  'is_open',
  '',
] as const;

/** Text that would do something where text becomes code: the table `canary` tells whether it did. */
const INJECTIONS = [
  "'; drop table canary; --",
  '"; drop table canary; --',
  "' or '1'='1",
  "\\'; delete from canary; --",
  '1; update canary set value = 2',
  '$1',
  '$$; drop table canary; $$',
  "E'\\047; drop table canary; --",
  '/* */ drop table canary',
  '"canary"',
  'public.canary',
  '{"a":1}',
  '{a,b,NULL}',
  '${process.env.HOME}',
  '%00',
  '%2e%2e%2f',
  '/../..',
  ':id',
  '\0',
  'a\0b',
  '\ud800',
  'x\udfff',
  '\u202e',
  '\ufeff',
  '\r\n',
  '1e400',
  'Infinity',
  'null',
] as const;

/** Text as an attacker writes it: at times a megabyte of it. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 40, arbitrary: fc.constantFrom(...INJECTIONS) },
  { weight: 40, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  {
    weight: 20,
    arbitrary: fc
      .array(fc.nat(0xff_ff), { maxLength: 8 })
      .map((units) => String.fromCharCode(...units)),
  },
);

const longText: fc.Arbitrary<Recipe> = fc.tuple(
  fc.constant('long text' as const),
  fc.constantFrom('x', "'", '"', '\\', '\u{1f600}', '[', '%'),
  fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(64, 1_025, 8_000) },
    { weight: 1, arbitrary: fc.constant(1_000_000) },
  ),
);

const leaf: fc.Arbitrary<Recipe> = fc.oneof(
  { weight: 30, arbitrary: fc.tuple(fc.constant('text' as const), hostileText) },
  { weight: 1, arbitrary: longText },
  { weight: 12, arbitrary: fc.tuple(fc.constant('odd' as const), fc.constantFrom(...ODD)) },
  { weight: 8, arbitrary: fc.tuple(fc.constant('number' as const), fc.double()) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('number' as const), fc.integer()) },
  { weight: 3, arbitrary: fc.bigInt().map((value): Recipe => ['bigint', String(value)]) },
  {
    weight: 3,
    arbitrary: fc.tuple(
      fc.constant('date' as const),
      fc.constantFrom(0, -1, 8.64e15, -8.64e15, Number.NaN),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constant('bytes' as const), fc.array(fc.nat(255), { maxLength: 9 })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constant('nested' as const),
      fc.constantFrom('array' as const, 'object' as const, 'map' as const),
      fc.constantFrom(3, 99, 101, 499, 501, 20_000),
    ),
  },
);

/** Recipes of every kind of value. */
export const hostileValue: fc.Arbitrary<Recipe> = fc.letrec<{ value: Recipe }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    { weight: 60, arbitrary: leaf },
    {
      weight: 8,
      arbitrary: fc.tuple(fc.constant('array' as const), fc.array(tie('value'), { maxLength: 4 })),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(fc.constant('set' as const), fc.array(tie('value'), { maxLength: 4 })),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(
        fc.constant('map' as const),
        fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }),
      ),
    },
    { weight: 2, arbitrary: fc.tuple(fc.constant('error' as const), hostileText, tie('value')) },
    {
      weight: 16,
      arbitrary: fc.tuple(
        fc.constant('object' as const),
        fc.constantFrom('plain' as const, 'none' as const, 'class' as const),
        fc.array(fc.tuple(hostileText, tie('value')), { maxLength: 5 }),
      ),
    },
  ),
})).value;

/** Builds what a recipe says. */
export function build(recipe: Recipe): unknown {
  switch (recipe[0]) {
    case 'text':
      return recipe[1];
    case 'long text':
      return recipe[1].repeat(recipe[2]);
    case 'number':
      return recipe[1];
    case 'bigint':
      return BigInt(recipe[1]);
    case 'date':
      return new Date(recipe[1]);
    case 'bytes':
      return Uint8Array.from(recipe[1]);
    case 'odd':
      return buildOdd(recipe[1]);
    case 'array':
      return recipe[1].map(build);
    case 'set':
      return new Set(recipe[1].map(build));
    case 'map':
      return new Map(recipe[1].map(([key, value]) => [build(key), build(value)]));
    case 'error':
      return new Error(recipe[1], { cause: build(recipe[2]) });
    case 'object':
      return buildObject(recipe[2], recipe[1]);
    case 'nested':
      return buildNested(recipe[1], recipe[2]);
  }
}

class OfAClass {}

/** An object with these properties; a getter that throws is one on the object itself. */
export function buildObject(
  properties: Properties,
  prototype: 'plain' | 'none' | 'class' = 'plain',
): Record<string, unknown> {
  const object = (
    prototype === 'plain' ? {} : prototype === 'none' ? Object.create(null) : new OfAClass()
  ) as Record<string, unknown>;
  for (const [key, recipe] of properties) {
    const shared = { enumerable: true, configurable: true };
    if (recipe[0] === 'odd' && recipe[1].startsWith('getter that throws')) {
      const thrown =
        recipe[1] === 'getter that throws' ? new Error('hostile') : Object.create(null);
      Object.defineProperty(object, key, {
        ...shared,
        get: () => {
          throw thrown;
        },
      });
    } else {
      Object.defineProperty(object, key, { ...shared, writable: true, value: build(recipe) });
    }
  }
  return object;
}

function throws(): never {
  throw new Error('hostile');
}

function buildOdd(odd: Odd): unknown {
  switch (odd) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    case 'undefined':
      return undefined;
    case 'symbol':
      return Symbol('hostile');
    case 'function':
      return () => 'hostile';
    case 'class':
      return OfAClass;
    case 'cycle': {
      const cycle: { self?: unknown; list: unknown[] } = { list: [] };
      cycle.self = cycle;
      cycle.list.push(cycle);
      return cycle;
    }
    case 'regular expression':
      return /hostile/;
    case 'weak map':
      return new WeakMap();
    case 'boxed text':
      return new String('hostile');
    case 'hole in an array':
      return Object.assign([1], { length: 3 });
    case 'proxy that throws':
      return new Proxy({}, { get: throws, has: throws, ownKeys: throws, getPrototypeOf: throws, getOwnPropertyDescriptor: throws }); // prettier-ignore
    case 'proxy that lies':
      return new Proxy(
        {},
        { get: () => 'hostile', has: () => true, getPrototypeOf: () => Date.prototype },
      );
    case 'revoked proxy': {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy;
    }
    case 'getter that throws':
      return buildObject([['title', ['odd', odd]]]);
    case 'getter that throws no error':
      return buildObject([['title', ['odd', odd]]]);
    case 'toString that throws':
      return { toString: throws, valueOf: throws, [Symbol.toPrimitive]: throws };
    case 'toJSON that throws':
      return { toJSON: throws };
    case 'toJSON that returns itself':
      return {
        toJSON() {
          return this;
        },
      };
    case 'date that lies':
      return Object.assign(new Date(0), {
        getTime: throws,
        toISOString: () => "'; drop table canary; --",
      });
    case 'object that is then-able':
      return { then: throws };
  }
}

function buildNested(kind: 'array' | 'object' | 'map', depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) {
    value = kind === 'array' ? [value] : kind === 'map' ? new Map([['a', value]]) : { a: value };
  }
  return value;
}
