import { type Locked, type Persistent, decode, encode } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import fc from 'fast-check';
import { fuzz } from './fuzz.js';
import { build, hostileText, hostileValue } from './hostile.js';
import { ending } from './named-error.js';
import { Other, Thing } from './models.js';

const MODELS = [Thing, Other];
const SECRET = 'what only the lock may show';

const FRAGMENTS = [
  ...['{', '}', '[', ']', ':', ',', '"', '\\', '"$type"', '"value"', '"model"', '"id"', '"thing"'],
  ...[
    '"Ref"',
    '"Map"',
    '"Set"',
    '"Error"',
    '"Date"',
    '"Bytes"',
    '"BigInt"',
    '"Number"',
    '"Object"',
  ],
  ...['"Undefined"', '"name"', '"message"', '"cause"', '"errors"', '"properties"', '"__proto__"'],
  ...['"constructor"', 'null', 'true', '1', '-0', '1e999', '"NaN"', '"9999999999999999999999"'],
] as const;

/** JSON that looks like what `encode` writes. */
const tagged: fc.Arbitrary<string> = fc
  .letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', maxDepth: 5 },
      fc.oneof(hostileText, fc.double(), fc.constantFrom(null, true, 1)),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.oneof(
          fc.constantFrom(
            '$type',
            'value',
            'model',
            'id',
            'name',
            'message',
            'cause',
            'properties',
          ),
          hostileText,
        ),
        tie('value'),
        { maxKeys: 4 },
      ),
      fc
        .tuple(
          fc.constantFrom(
            'Ref',
            'Map',
            'Set',
            'Error',
            'Date',
            'Bytes',
            'BigInt',
            'Number',
            'Object',
          ),
          tie('value'),
        )
        .map(([type, value]) => ({ $type: type, value })),
    ),
  }))
  .value.map((value) => JSON.stringify(value));

const deep: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('[', '{"a":', '{"$type":"Set","value":['),
    fc.constantFrom(10, 600, 100_000),
  )
  .map(([open, depth]) => open.repeat(depth));

fuzz({
  name: 'decode',
  share: 0.3,
  inputs: fc.oneof(
    { weight: 400, arbitrary: tagged },
    {
      weight: 300,
      arbitrary: fc.array(fc.constantFrom(...FRAGMENTS)).map((parts) => parts.join('')),
    },
    { weight: 200, arbitrary: fc.oneof(hostileText, fc.json()) },
    { weight: 1, arbitrary: deep },
  ),
  limitMs: 2_000,
  check(text) {
    const decoded = ending(() => decode(text, MODELS));
    if (!('value' in decoded)) return;
    const again = ending(() => encode(decoded.value));
    if ('error' in again)
      throw new Error('what was decoded cannot be encoded', { cause: again.error });
  },
});

fuzz({
  name: 'encode',
  share: 0.23,
  inputs: fc.tuple(hostileValue, fc.constantFrom('', 'locked', 'persistent', 'ref')),
  limitMs: 2_000,
  check: async ([recipe, companion]) => {
    const { lock, persistent } = await lockedThing;
    const value: unknown = build(recipe);
    const extra = { '': value, locked: lock, persistent, ref: Thing.ref(persistent) }[companion];
    const written = ending(() => encode([value, new Map([[value, { extra }]])] as never));
    if ('error' in written) {
      if (written.error.message.includes(SECRET)) throw new Error('an error shows what is locked');
      return;
    }
    if (companion === 'locked') throw new Error('a lock left its process');
    const text = String(written.value);
    // Two boxed texts in a Set are one text when they arrive; what has arrived once does not change any more.
    const arrived = encode(decode(text, MODELS) as never);
    if (encode(decode(arrived, MODELS) as never) !== arrived)
      throw new Error('it does not survive the way');
  },
});

/** A lock that is held for as long as this file's tests run. */
const lockedThing = new Promise<{ lock: Locked<Thing>; persistent: Persistent<Thing> }>(
  (resolve, reject) => {
    const store = memoryStore();
    const things = store.repository(Thing);
    things
      .save(new Thing({ title: SECRET, amount: 1, data: null }))
      .then((persistent) =>
        store.transaction(async () => {
          const lock = await things.lock(Thing.ref(persistent));
          if (lock !== null) resolve({ lock, persistent });
          await new Promise(() => undefined);
        }),
      )
      .catch(reject);
  },
);
