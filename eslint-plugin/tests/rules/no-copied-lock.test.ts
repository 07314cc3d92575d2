import { domainCode } from '../support/domain-code.js';
import { getRule, typedTester } from '../support/rule-tester.js';

const rule = getRule('no-copied-lock');

/** A test's code, around which an account is locked and another one read. */
const locked = (body: string) =>
  domainCode(`export async function f(ref: Ref<Account>) {
  const held = await lockAccount(ref);
  const seen = await loadAccount(ref.id);
  ${body}
  return [held.id, seen.id];
}`);

const valid = (name: string, body: string) => ({ name, code: locked(body) });
const invalid = (name: string, body: string, ...messageIds: readonly MessageId[]) => ({
  name,
  code: locked(body),
  errors: messageIds.map((messageId) => ({ messageId })),
});
const validModule = (name: string, body: string) => ({ name, code: domainCode(body) });
const invalidModule = (name: string, body: string, ...messageIds: readonly MessageId[]) => ({
  name,
  code: domainCode(body),
  errors: messageIds.map((messageId) => ({ messageId })),
});
type MessageId = keyof typeof rule.meta.messages;

typedTester.run('no-copied-lock', rule, {
  valid: [
    valid('fields by name', 'const view = { owner: held.owner, tags: [...held.tags] }; void view;'),
    valid('a copy of a snapshot is writable', 'const view = { ...seen }; view.owner = "me";'),
    valid('a spread of a snapshot', 'const view = { ...seen }; void view;'),
    valid('a rest of a snapshot', 'const { id, ...fields } = seen; void [id, fields];'),
    valid('a clone of a snapshot', 'void structuredClone(seen); void Object.assign({}, seen);'),
    valid('an array of locks is no lock', 'const all = [held]; const more = [...all]; void more;'),
    valid('a part of a lock', 'const view = { ...held.tags }; void structuredClone(held.tags);'),
    valid(
      'destructuring without a rest',
      'const { owner, balance } = held; void [owner, balance];',
    ),
    valid(
      'a sorted copy of a field',
      'const tags = [...held.tags]; tags.sort(); tags.push("new");',
    ),
    valid('a method of an array that copies', 'void held.tags.map((tag) => tag).sort();'),
    valid(
      'a write into an object of its own',
      'const patch = { balance: held.balance }; patch.balance += 1;',
    ),
    valid(
      'a lock as a key',
      'const seenBy = new Map<Locked<Account>, string>(); seenBy.set(held, "me");',
    ),
    valid(
      'a lock in a container',
      'const set = new Set<Locked<Account>>(); set.add(held); set.delete(held);',
    ),
    valid('frozen, which copies nothing', 'Object.freeze(held);'),
    valid(
      'entries that are only looked at',
      'for (const [key] of Object.entries(held)) console.log(key);',
    ),
    valid('a helper that reads', 'void isUsable(held);'),
    validModule(
      'a draft is writable',
      `export function rename(owner: string) {
        const draft = new Account({ owner: '', balance: 0, frozen: false, version: 0, tags: [] });
        draft.owner = owner;
        draft.tags.push('new');
        return { ...draft };
      }`,
    ),
    validModule(
      'a helper that copies something else',
      `const copy = <T extends object>(value: T): T => ({ ...value });
      export const f = (held: Locked<Account>) => copy({ owner: held.owner });`,
    ),
    validModule(
      'a Locked of somebody else',
      `interface Locked2<T> { readonly locked: T }
      export const f = (held: Locked2<string>) => ({ ...held });`,
    ),
    validModule(
      'a method of its own named as one of a container',
      `class Registry { add(_: unknown) {} set(_: unknown) {} }
      export function f(held: Locked<Account>, registry: Registry) { registry.add(held); registry.set(held); }`,
    ),
    validModule(
      'a helper that writes into its own object',
      `function count(into: { n: number }, account: { readonly balance: number }) { into.n += account.balance; }
      export function f(held: Locked<Account>) { const sum = { n: 0 }; count(sum, held); return sum; }`,
    ),
  ],
  invalid: [
    invalid(
      'a borrowed setter',
      'Object.getOwnPropertyDescriptor(Object.getPrototypeOf(held), "balance")?.set?.call(held, 1);',
      'written',
    ),
    invalid(
      'its prototype',
      'Object.defineProperty(Object.getPrototypeOf(held), "balance", { value: 1 });',
      'written',
    ),
    invalid('a spread', 'const copy = { ...held }; void copy;', 'spread'),
    invalid(
      'a spread into a patch',
      'await accounts.update(held, { ...held, balance: 1 });',
      'spread',
    ),
    invalid('a spread of a cast', 'void { ...(held as { readonly owner: string }) };', 'spread'),
    invalid(
      'a spread of an alias',
      'const alias: { readonly owner: string } = held; void { ...alias };',
      'spread',
    ),
    invalid(
      'a spread of what may be a lock',
      'const x: Locked<Account> | Persistent<Account> = Math.random() > 1 ? held : seen; void { ...x };',
      'spread',
    ),
    invalid('a spread of a choice', 'void { ...(Math.random() > 1 ? held : {}) };', 'spread'),
    invalid('a rest', 'const { id, ...fields } = held; void [id, fields];', 'rest'),
    invalid('a rest in an assignment', 'let fields; ({ ...fields } = held); void fields;', 'rest'),
    invalid(
      'a rest of an element',
      'for (const { id, ...fields } of [held]) void [id, fields];',
      'rest',
    ),
    invalidModule(
      'a rest parameter pattern',
      'export const f = ({ id, ...fields }: Locked<Account>) => [id, fields];',
      'rest',
    ),
    invalid('Object.assign', 'void Object.assign({}, held);', 'assigned'),
    invalid('Object.assign onto a snapshot', 'void Object.assign({ ...seen }, held);', 'assigned'),
    invalid('structuredClone', 'void structuredClone(held);', 'cloned'),
    invalid(
      'structuredClone of a container',
      'void structuredClone({ accounts: [held] });',
      'cloned',
    ),
    invalid(
      'the descriptors',
      'void Object.create(null, Object.getOwnPropertyDescriptors(held));',
      'cloned',
    ),
    invalid(
      'the entries, made an object again',
      'void Object.fromEntries(Object.entries(held).filter(([key]) => key !== "id"));',
      'cloned',
    ),
    invalid('Object.create', 'void Object.create(held);', 'inherited'),
    invalid('Object.setPrototypeOf', 'void Object.setPrototypeOf({}, held);', 'inherited'),
    invalid('__proto__', 'void { __proto__: held };', 'inherited'),
    invalid('a proxy', 'void new Proxy(held, {});', 'proxied'),
    invalid('a proxy of a cast', 'void new Proxy(held as object, {});', 'proxied'),
    invalidModule(
      'a generic',
      'export const f = <L extends Locked<Account>>(held: L) => ({ ...held });',
      'spread',
    ),
    invalidModule(
      'a lock of an alias of the type',
      'type Held<T> = Locked<T> | null; export const f = (held: Held<Account>) => ({ ...held });',
      'spread',
    ),
    invalidModule(
      'a helper that copies anything',
      `const copy = <T extends object>(value: T): T => ({ ...value });
      export const f = (held: Locked<Account>) => copy(held);`,
      'copiedInHelper',
    ),
    invalidModule(
      'a helper of a helper',
      `function clone<T>(value: T): T { return structuredClone(value); }
      function detach<T>(value: T): T { const alias = value; return clone(alias); }
      export const f = (held: Locked<Account>) => detach(held);`,
      'copiedInHelper',
    ),
    invalidModule(
      'a helper with a rest pattern',
      `function without<T extends { id: string }>({ id, ...rest }: T) { return [id, rest]; }
      export const f = (held: Locked<Account>) => without(held);`,
      'copiedInHelper',
    ),
    {
      name: 'a function of a package, by its name',
      code: `import * as util from 'node:util';\n${locked('void util.inspect(held);')}`,
      options: [{ cloneFunctions: ['inspect'] }] as const,
      errors: [{ messageId: 'cloned' as const }],
    },

    invalid('an assignment through any', '(held as any).balance = 1;', 'written'),
    invalid(
      'an assignment through a wider type',
      '(held as { balance: number }).balance = 1;',
      'written',
    ),
    invalid(
      'a writable alias',
      'const alias: { balance: number } = held; alias.balance = 1;',
      'written',
    ),
    invalid('an alias of an alias', 'const a: any = held; const b = a; b.balance++;', 'written'),
    invalid('delete', 'delete (held as { owner?: string }).owner;', 'written'),
    invalid(
      'a destructuring assignment',
      '[(held as { balance: number }).balance] = [1];',
      'written',
    ),
    invalid('Reflect.set', 'Reflect.set(held, "balance", 1);', 'written'),
    invalid(
      'Reflect.defineProperty',
      'Reflect.defineProperty(held, "balance", { value: 1 });',
      'written',
    ),
    invalid(
      'Object.defineProperty',
      'Object.defineProperty(held, "balance", { value: 1 });',
      'written',
    ),
    invalid('Object.assign into it', 'Object.assign(held, { balance: 1 });', 'written'),
    invalid('a nested array', '(held.tags as string[]).push("vip");', 'written'),
    invalid(
      'an alias of a nested array',
      'const tags = held.tags as string[]; tags.sort();',
      'written',
    ),
    invalid('an element of a nested array', '(held.tags as string[])[0] = "vip";', 'written'),
    invalid('a destructured field', 'const { tags } = held; (tags as string[]).pop();', 'written'),
    invalid('a borrowed method', 'Array.prototype.push.call(held.tags, "vip");', 'written'),
    invalid('a snapshot', '(seen as { balance: number }).balance = 1;', 'written'),
    invalidModule(
      'a helper that writes',
      `function bump(account: { balance: number }) { account.balance += 1; }
      export function f(held: Locked<Account>) { bump(held); }`,
      'writtenInHelper',
    ),
    invalidModule(
      'a helper that sorts a field in place',
      `function sortAll(list: string[]) { list.sort(); }
      export function f(held: Locked<Account>) { sortAll(held.tags as string[]); }`,
      'writtenInHelper',
    ),
    invalidModule(
      'a method of the model that writes into this',
      `import { defineModel } from '@justscale/runtime';
      import { z } from 'zod';
      class Topic extends defineModel('topic', z.object({ title: z.string() })) {
        rename(title: string) { this.setTitle(title); }
        setTitle(title: string) { this.title = title; }
      }
      export function f(held: Locked<Topic>, draft: Topic) { draft.rename('fine'); held.rename('lost'); }`,
      'writtenInHelper',
    ),
  ],
});
