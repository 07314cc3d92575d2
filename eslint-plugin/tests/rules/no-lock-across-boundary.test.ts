import { domainCode } from '../support/domain-code.js';
import { getRule, typedTester } from '../support/rule-tester.js';

const rule = getRule('no-lock-across-boundary');

type MessageId = 'json' | 'encoder' | 'message' | 'inHelper';

const HEAD = `import { encode, type Locked as Held } from '@justscale/runtime';
interface Queue { add(name: string, payload: unknown): Promise<void>; }
`;
/** A test's code, around which an account is locked and another one read. */
const locked = (body: string) =>
  domainCode(`${HEAD}export async function f(ref: Ref<Account>, queue: Queue) {
  const held = await lockAccount(ref);
  const seen = await loadAccount(ref.id);
  ${body}
  return [encode(held.id), seen, queue];
}`);

const valid = (name: string, body: string) => ({ name, code: locked(body) });
const invalid = (name: string, body: string, messageId: MessageId, fixed?: string) => ({
  name,
  code: locked(body),
  errors: [
    {
      messageId,
      suggestions:
        fixed === undefined ? [] : [{ messageId: 'sendRef' as const, output: locked(fixed) }],
    },
  ],
});
const module = (body: string) => domainCode(`${HEAD}${body}`);

typedTester.run('no-lock-across-boundary', rule, {
  valid: [
    valid(
      'the identity',
      'encode({ account: Account.ref(held) }); JSON.stringify({ id: held.id });',
    ),
    valid('fields', 'JSON.stringify({ owner: held.owner, tags: held.tags });'),
    valid('a snapshot', 'JSON.stringify(seen); encode({ seen });'),
    valid('what an update returned', 'encode({ account: await accounts.update(held, {}) });'),
    valid(
      'a signal, which sends the identity',
      'await signals.changed.emit({ room: await rooms.lock(Room.ref("r")) as never });',
    ),
    valid(
      'a set of this process',
      'new Set<unknown>().add(held); new Map<string, unknown>().set("a", held);',
    ),
    valid(
      'a message with the identity',
      'await queue.add("close", { account: Account.ref(held) });',
    ),
    valid(
      'a helper that sends only the id',
      'const send = (account: { readonly id: string }) => JSON.stringify(account.id); send(held);',
    ),
    {
      name: 'a port that the program implements itself',
      code: module(`interface Sink { add(account: Locked<Account>): void }
      class Total implements Sink { sum = 0; add(account: Locked<Account>) { this.sum += account.balance; } }
      export const f = (held: Locked<Account>, sink: Sink = new Total()) => sink.add(held);`),
    },
    {
      name: 'the decoder, by an import of another name',
      code: module(`import { decode as read } from '@justscale/runtime';
      export const f = (held: Locked<Account>) => read(held as unknown as string, {} as never);`),
    },
    {
      name: 'an encoder and a JSON of somebody else',
      code: module(`const local = { encode: (value: unknown) => String(value !== null) };
      export const f = (held: Locked<Account>) => local.encode(held);`),
    },
  ],
  invalid: [
    {
      name: 'the encoder, by an import of another name',
      code: module(`import { encode as pack } from '@justscale/runtime';
      export const f = (held: Locked<Account>) => pack({ value: held as object });`),
      errors: [
        {
          messageId: 'encoder',
          suggestions: [
            {
              messageId: 'sendRef',
              output: module(`import { encode as pack } from '@justscale/runtime';
      export const f = (held: Locked<Account>) => pack({ value: Account.ref(held) as object });`),
            },
          ],
        },
      ],
    },
    invalid(
      'a getter',
      'encode(Object.defineProperty({}, "account", { get: () => held }));',
      'encoder',
      'encode(Object.defineProperty({}, "account", { get: () => Account.ref(held) }));',
    ),
    invalid('JSON', 'JSON.stringify(held);', 'json', 'JSON.stringify(Account.ref(held));'),
    invalid(
      'JSON of a literal',
      'JSON.stringify({ account: held });',
      'json',
      'JSON.stringify({ account: Account.ref(held) });',
    ),
    invalid(
      'a shorthand',
      'JSON.stringify({ at: 1, accounts: [{ held }] });',
      'json',
      'JSON.stringify({ at: 1, accounts: [{ held: Account.ref(held) }] });',
    ),
    invalid(
      'a cast',
      'JSON.stringify({ x: held as unknown });',
      'json',
      'JSON.stringify({ x: Account.ref(held) as unknown });',
    ),
    invalid(
      'what a name was made of',
      'const body: unknown = { list: [1, held] }; JSON.stringify(body);',
      'json',
      'const body: unknown = { list: [1, Account.ref(held)] }; JSON.stringify(body);',
    ),
    invalid('a map', 'JSON.stringify([...new Map([["a", held]]).values()]);', 'json'),
    invalid(
      'a lock that may be missing',
      'JSON.stringify({ account: await accounts.lock(ref) });',
      'json',
    ),
    invalid('several locks', 'JSON.stringify(await accounts.lockMany([ref]));', 'json'),
    invalid(
      'the encoder',
      'encode({ account: held as object });',
      'encoder',
      'encode({ account: Account.ref(held) as object });',
    ),
    invalid(
      'the cause of an error',
      'encode(new Error("closed", { cause: held }));',
      'encoder',
      'encode(new Error("closed", { cause: Account.ref(held) }));',
    ),
    invalid(
      'a queue',
      'await queue.add("close", { held });',
      'message',
      'await queue.add("close", { held: Account.ref(held) });',
    ),
    invalid(
      'another thread',
      'new MessageChannel().port1.postMessage([held]);',
      'message',
      'new MessageChannel().port1.postMessage([Account.ref(held)]);',
    ),
    invalid(
      'the parent process',
      'process.send?.({ held });',
      'message',
      'process.send?.({ held: Account.ref(held) });',
    ),
    invalid(
      'a response',
      'void Response.json(held);',
      'message',
      'void Response.json(Account.ref(held));',
    ),
    {
      name: 'an event',
      code: module(`import { EventEmitter } from 'node:events';
      export const f = (held: Locked<Account>, events: EventEmitter) => events.emit('locked', held);`),
      errors: [
        {
          messageId: 'message',
          suggestions: [
            {
              messageId: 'sendRef',
              output: module(`import { EventEmitter } from 'node:events';
      export const f = (held: Locked<Account>, events: EventEmitter) => events.emit('locked', Account.ref(held));`),
            },
          ],
        },
      ],
    },
    {
      name: 'v8',
      code: module(`import * as v8 from 'node:v8';
      import type { Member as Person } from './domain.js';
      export const f = (held: Locked<Person>) => v8.serialize(held);`),
      errors: [
        {
          messageId: 'message',
          suggestions: [
            {
              messageId: 'sendRef',
              output: module(`import * as v8 from 'node:v8';
      import type { Member as Person } from './domain.js';
      export const f = (held: Locked<Person>) => v8.serialize(Member.ref(held));`),
            },
          ],
        },
      ],
    },
    {
      name: 'a model whose class is not at hand',
      code: `import type { Account, Locked } from './domain.js';
      export const f = (held: Locked<Account>) => JSON.stringify(held);`,
      errors: [{ messageId: 'json', suggestions: [] }],
    },
    {
      name: 'a generic',
      code: module(
        'export const f = <L extends Held<Account>>(held: L) => JSON.stringify([held]);',
      ),
      errors: [
        {
          messageId: 'json',
          suggestions: [
            {
              messageId: 'sendRef',
              output: module(
                'export const f = <L extends Held<Account>>(held: L) => JSON.stringify([Account.ref(held)]);',
              ),
            },
          ],
        },
      ],
    },
    invalid(
      'a helper that sends anything',
      'const send = (body: unknown) => { const text = JSON.stringify({ body }); return text; }; send(held);',
      'inHelper',
      'const send = (body: unknown) => { const text = JSON.stringify({ body }); return text; }; send(Account.ref(held));',
    ),
  ],
});
