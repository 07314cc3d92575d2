import { defineModel, defineSignals, encode } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import fc from 'fast-check';
import { z } from 'zod';
import { fuzz } from './fuzz.js';
import { build, buildObject, hostileText, hostileValue } from './hostile.js';
import { assertNoSecret, ending } from './named-error.js';
import { Thing } from './models.js';

const SECRET = 'hunter2-of-the-store';

fuzz({
  name: 'model names, schemas, fields and ids',
  share: 0.12,
  inputs: fc.record({
    name: hostileValue,
    schema: fc.option(hostileValue),
    fields: fc.oneof(hostileValue, fc.array(fc.tuple(hostileText, hostileValue), { maxLength: 4 })),
    id: fc.option(hostileValue),
  }),
  limitMs: 2_000,
  check({ name, schema, fields, id }) {
    ending(() =>
      defineModel(build(name) as string, (schema === null ? z.object({}) : build(schema)) as never),
    );
    ending(() => {
      const given = isProperties(fields) ? buildObject(fields) : build(fields);
      return new Thing(given as never, (id === null ? undefined : { id: build(id) }) as never);
    });
    const ref = ending(() => Thing.ref(build(id ?? name) as string));
    if ('value' in ref && !encode(ref.value as never).startsWith('{"$type":"Ref","model":"thing"'))
      throw new Error('a Ref that is none');
  },
});

fuzz({
  name: 'signal paths and table names',
  share: 0.09,
  inputs: fc.record({
    path: fc.oneof(
      hostileValue,
      fc
        .array(
          fc.oneof(hostileText, fc.constantFrom(':a', ':b', 'x', ':__proto__', ':constructor')),
          {
            maxLength: 5,
          },
        )
        .map((segments) => ['text', `/${segments.join('/')}`] as const),
    ),
    parameter: hostileText,
    model: hostileValue,
    table: hostileValue,
    group: hostileValue,
  }),
  limitMs: 2_000,
  check({ path, parameter, model, table, group }) {
    ending(() =>
      defineSignals((signal) => ({
        one: signal(build(path) as '/x').types(
          Object.fromEntries([[parameter, build(model)]]) as never,
        ),
        two: signal('/fixed/:other'),
      })),
    );
    const store = memoryStore();
    ending(() => store.repository(Thing, { table: build(table) as string }));
    ending(() => store.repository(build(model) as never));
    ending(() => store.signals(build(group) as never));
    ending(() => store.on(build(group) as never, () => undefined));
  },
});

fuzz({
  name: 'store options: channel, limits, urls',
  share: 0.005,
  inputs: fc.record({
    url: fc.oneof(
      fc.constant('postgres://user:SECRET@127.0.0.1:1/db'),
      hostileText.map((text) => `postgres://user:SECRET@${text}`),
      hostileText.map((text) => `postgres://user:SECRET@host:1/${text}?${text}=${text}`),
      hostileText.map((text) => `${text}:SECRET@host`),
    ),
    option: fc.constantFrom(
      ...['channel', 'maxConnections', 'acquireTimeoutMs', 'connectTimeoutMs', 'heartbeatMs'],
      ...['replyTimeoutMs', 'idleInTransactionTimeoutMs', 'signalDelivery', 'combineMutations'],
    ),
    value: hostileValue,
  }),
  limitMs: 2_000,
  check({ url, option, value }) {
    const opened = ending(() =>
      postgresStore(url.replace('SECRET', SECRET), { [option]: build(value) }),
    );
    if ('error' in opened) assertNoSecret(opened.error, [SECRET]);
  },
});

function isProperties(fields: unknown): fields is Parameters<typeof buildObject>[0] {
  return Array.isArray(fields) && Array.isArray(fields[0]);
}
