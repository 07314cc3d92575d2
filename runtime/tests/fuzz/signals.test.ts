import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { waitUntil } from '@justscale/fixtures/wait-until';
import { type Store } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, expect } from 'vitest';
import { fuzz } from './fuzz.js';
import { build, buildObject, hostileText, hostileValue, type Properties } from './hostile.js';
import { assertNamed, endingOf } from './named-error.js';
import { FuzzSignals, Thing } from './models.js';

/** How many payloads travel in one statement. */
const PAYLOADS = 100;

const database = useDatabase();
const errors: unknown[] = [];
const foreign: unknown[] = [];
const said: string[] = [];
const onlyOne: string[] = [];
let sql: postgres.Sql;
let memory: Store;
let heardOnMemory: unknown[] = [];
let stores: Store[];

beforeAll(async () => {
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  memory = memoryStore();
  const mine = postgresStore(database.url, { channel: 'tenant-1' });
  const theirs = postgresStore(database.url, { channel: 'tenant-2' });
  stores = [memory, mine, theirs];
  for (const store of stores) store.on('error', (error) => errors.push(error));

  const { said: saidThere, touched: touchedThere } = theirs.signals(FuzzSignals);
  await saidThere.subscribe((signal) => foreign.push(signal)).ready;
  await touchedThere.subscribe((signal) => foreign.push(signal)).ready;
  const signals = mine.signals(FuzzSignals);
  await signals.said.subscribe(({ what }) => said.push(what)).ready;
  await signals.said.subscribe(({ what }) => onlyOne.push(what), { what: 'only this' }).ready;
  await signals.touched.subscribe(({ thing }) => Thing.ref(thing)).ready;
  const onMemory = memory.signals(FuzzSignals);
  await onMemory.said.subscribe((signal) => heardOnMemory.push(signal.what)).ready;
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await sql.end();
});

const parameters: fc.Arbitrary<Properties> = fc.uniqueArray(
  fc.tuple(
    fc.oneof({ weight: 5, arbitrary: fc.constantFrom('what', 'thing', 'how') }, hostileText),
    hostileValue,
  ),
  { maxLength: 3, selector: ([name]) => name },
);

fuzz({
  name: 'signal parameters on memory',
  share: 0.04,
  inputs: fc.record({
    what: hostileValue,
    whole: fc.oneof(hostileValue, parameters),
    limit: fc.option(hostileValue),
  }),
  limitMs: 3_000,
  check: async ({ what, whole, limit }) => {
    const { said: signal, touched } = memory.signals(FuzzSignals);
    heardOnMemory = [];
    const value = build(what);
    const ending = await endingOf(() => signal.emit({ what: value as string }));
    const expected = 'value' in ending ? [value] : [];
    await turn();
    expect(heardOnMemory).toEqual(expected);

    const given = typeof whole[0] === 'string' ? build(whole as never) : buildObject(whole);
    await endingOf(() => touched.emit(given as never));
    await endingOf(async () => touched.subscribe(() => undefined, given as never).unsubscribe());
    await endingOf(async () => {
      const options = limit === null ? { only: given } : { limit: build(limit) };
      await touched.stream(options as never).return();
    });
  },
  checkAll: async () => {
    expect(
      errors
        .splice(0)
        .map(assertNamed)
        .map(({ code }) => code),
    ).toEqual([]);
    await Promise.resolve();
  },
});

/** What somebody else may send on the channel: garbage, and what looks like a signal. */
const payload: fc.Arbitrary<string> = fc.oneof(
  hostileText,
  fc
    .tuple(fc.constantFrom('1 ', '0 ', '', '.', 'a.1 ', '99999999999999999 '), hostileText)
    .map(([head, tail]) => `${head}${tail}`),
  fc
    .tuple(
      fc.constantFrom('', '7 '),
      fc.constantFrom('/said/', '/said', '/said//', '/thing/', '/thing/x/touched/', '/'),
      fc.oneof(
        hostileText,
        hostileText.map((text) => encodeURIComponent(text.toWellFormed())),
      ),
      fc.constantFrom('', '/', '/touched/x', '%', '%ff', '?a', '#'),
    )
    .map((parts) => parts.join('')),
);

fuzz({
  name: 'NOTIFY payloads from another connection',
  share: 0.05,
  inputs: fc.array(payload, { minLength: PAYLOADS, maxLength: PAYLOADS }),
  inputsPerRun: PAYLOADS,
  limitMs: 20_000,
  check: async (payloads) => {
    const last = `last ${performance.now()}`;
    const sendable = payloads
      .map((text) => text.toWellFormed().replaceAll('\0', ''))
      .filter((text) => Buffer.byteLength(text) < 8_000);
    await sql`
      select pg_notify('tenant-1', payload)
      from json_array_elements_text(${JSON.stringify(sendable)}::text::json) as payloads (payload)`;
    await sql`select pg_notify('tenant-1', ${`/said/${encodeURIComponent(last)}`})`;
    await waitUntil(() => said.at(-1) === last, { timeoutMs: 10_000 });
    for (const text of said.splice(0)) {
      if (
        text !== last &&
        !sendable.some((each) => each.endsWith(`/said/${encodeURIComponent(text)}`))
      )
        throw new Error(`heard ${JSON.stringify(text)}, which nobody sent`);
    }
    if (onlyOne.some((what) => what !== 'only this'))
      throw new Error('heard what it did not ask for');
    for (const error of errors.splice(0)) {
      const { code } = assertNamed(error);
      if (code !== 'SIGNAL_DECODE' && code !== 'SIGNAL_LISTENER')
        throw new Error(`reported ${code}`);
    }
  },
  checkAll: async () => {
    expect(foreign).toEqual([]);
    await Promise.resolve();
  },
});
