import { domainCode } from '../support/domain-code.js';
import { getRule, typedTester } from '../support/rule-tester.js';

const rule = getRule('no-escaped-lock');

type MessageId = keyof typeof rule.meta.messages;

/** A test's code in the work of a transaction that holds an account. */
const inWork = (body: string, before = '') =>
  domainCode(`import { EventEmitter } from 'node:events';
let shared: unknown;
const registry = new Map<string, unknown>();
export async function f(ref: Ref<Account>, events: EventEmitter, context: { account?: unknown }) {
  ${before}
  await store.transaction(async () => {
    const held = await lockAccount(ref);
    ${body}
  });
  return [shared, registry, events, context];
}`);

const valid = (name: string, body: string, before?: string) => ({
  name,
  code: inWork(body, before),
});
const invalid = (name: string, messageId: MessageId, body: string, before?: string) => ({
  name,
  code: inWork(body, before),
  errors: [{ messageId }],
});
const validModule = (name: string, body: string) => ({ name, code: domainCode(body) });
const invalidModule = (name: string, messageId: MessageId, body: string) => ({
  name,
  code: domainCode(body),
  errors: [{ messageId }],
});

typedTester.run('no-escaped-lock', rule, {
  valid: [
    valid(
      'an async context that is waited for',
      'await current.run(held, async () => { await accounts.update(held, {}); });',
      'const { AsyncLocalStorage } = await import("node:async_hooks"); const current = new AsyncLocalStorage<Locked<Account>>();',
    ),
    valid(
      'work that is returned to the transaction',
      'return Promise.resolve().then(() => accounts.update(held, {}));',
    ),
    valid(
      'deleted in one branch',
      'if (held.frozen) { await accounts.delete(held); return; } await accounts.update(held, {});',
    ),
    valid('a snapshot is returned', 'return accounts.update(held, {});'),
    valid('the identity is returned', 'return Account.ref(held);'),
    valid('fields are returned', 'return { owner: held.owner, tags: [...held.tags] };'),
    valid('a variable of the transaction', 'let again; again = held; void again;'),
    valid(
      'a container of the transaction',
      'const all: unknown[] = []; all.push(held); const m = new Map([["a", held]]); m.set("b", held);',
    ),
    valid('an object of the transaction', 'const box: { held?: unknown } = {}; box.held = held;'),
    valid('a field is put outside', 'owner = held.owner;', 'let owner = "";'),
    valid(
      'a snapshot is put outside',
      'shared = await accounts.update(held, {}); registry.set("a", Account.ref(held));',
    ),
    valid(
      'a callback that is waited for',
      'await Promise.all([1].map(async (n) => accounts.update(held, { balance: n })));',
    ),
    valid('a callback of an array', 'const sums = [1].map((n) => held.balance + n); void sums;'),
    valid(
      'a timer without the lock',
      'const { id } = held; setTimeout(() => { console.log(id); }, 10);',
    ),
    valid(
      'a listener that locks by itself',
      'events.on("x", () => store.transaction(async () => { await lockAccount(ref); }));',
    ),
    valid(
      'a variable of an outer transaction',
      'let inner: Locked<Account> | null = null; await store.transaction(async () => { inner = await accounts.lock(ref); }); void inner;',
    ),
    valid(
      'a promise that is resolved inside',
      'await new Promise<Locked<Account>>((resolve) => { resolve(held); });',
    ),
    valid(
      'an inline function that is waited for',
      'await (async () => { await accounts.update(held, {}); })();',
    ),
    valid(
      'a helper that is handed the callback and waited for',
      'const run = async (work: () => Promise<unknown>) => { await work(); }; await run(() => accounts.update(held, {}));',
    ),
    valid('an error with fields', 'if (held.frozen) throw new Error(`frozen: ${held.id}`);'),
    valid(
      'a key of a WeakMap',
      'weak.set(held, 1);',
      'const weak = new WeakMap<object, number>();',
    ),
    valid(
      'an own timer-like name',
      'const timers = { setTimeout: (run: () => number) => run() }; timers.setTimeout(() => held.balance);',
    ),
    valid(
      'waited for',
      'const { setTimeout: sleep } = await import("node:timers/promises"); void await sleep(1, held);',
    ),
    validModule(
      'a helper that locks for its caller',
      'export const load = async (ref: Ref<Account>) => { const held = await lockAccount(ref); return held; };',
    ),
    validModule(
      'a caller is handed the lock in the transaction',
      `export async function withAccount(ref: Ref<Account>, use: (account: Locked<Account>) => Promise<void>) {
        await store.transaction(async () => { const held = await lockAccount(ref); await use(held); });
      }`,
    ),
    validModule(
      'an error that takes only the id of the lock',
      `class Frozen extends Error { constructor(account: Locked<Account>) { super(\`frozen: \${account.id}\`); } }
      export const check = (held: Locked<Account>) => { if (held.frozen) throw new Frozen(held); };`,
    ),
    validModule(
      'an object made for one transaction',
      `class Transfer {
        constructor(private readonly from: Locked<Account>) {}
        run() { return accounts.update(this.from, {}); }
      }
      export const f = (ref: Ref<Account>) => store.transaction(async () => { await new Transfer(await lockAccount(ref)).run(); });`,
    ),
    validModule(
      'a container of nothing yet',
      'export class Service { locks = new Map<string, Locked<Account>>(); list: Locked<Account>[] = []; }',
    ),
    validModule(
      'the patch of a mutate',
      'export const f = (ref: Ref<Account>) => accounts.mutate(ref, (account) => ({ balance: account.balance + 1 }));',
    ),
  ],
  invalid: [
    invalid(
      'a write under way',
      'variable',
      'writing = accounts.update(held, {});',
      'let writing: Promise<unknown> | undefined;',
    ),
    invalid(
      'a write that begins later',
      'variable',
      'writing = Promise.resolve().then(() => accounts.update(held, {}));',
      'let writing: Promise<unknown> | undefined;',
    ),
    invalid(
      'an async context that nobody waits for',
      'context',
      'current.run(held, () => { console.log("x"); });',
      'const { AsyncLocalStorage } = await import("node:async_hooks"); const current = new AsyncLocalStorage<Locked<Account>>();',
    ),
    invalid(
      'written after it was deleted',
      'deleted',
      'await accounts.delete(held); if (!held.frozen) await accounts.update(held, {});',
    ),
    invalid(
      'returned',
      'returned',
      'return held; // does not compile: the type of transaction refuses it',
    ),
    invalid('returned as something else', 'returned', 'return held as unknown;'),
    invalid('returned in an object', 'returned', 'return { held } as Record<string, unknown>;'),
    invalid('returned in a choice', 'returned', 'return held.frozen ? null : (held as object);'),
    invalid('a closure is returned', 'returned', 'return () => held.balance;'),
    invalid(
      'a closure of a closure',
      'returned',
      'const write = () => accounts.update(held, {}); return { write };',
    ),
    invalid(
      'a function of its own',
      'returned',
      'function read() { return held.balance; } return { read };',
    ),
    invalid(
      'methods that capture it',
      'returned',
      'return { get balance() { return held.balance; } };',
    ),
    invalid('a bound method', 'returned', 'return held.covers.bind(held);'),
    invalid('a bound write', 'returned', 'return accounts.update.bind(accounts, held);'),
    invalid(
      'a generator that captures it',
      'returned',
      'return (function* () { yield held.balance; })();',
    ),
    invalid(
      'a class that captures it',
      'returned',
      'return class { read() { return held.balance; } };',
    ),
    invalid(
      'an object that keeps it',
      'returned',
      'class Box { readonly #held: unknown; constructor(h: unknown) { this.#held = h; } get() { return this.#held; } } return new Box(held);',
    ),
    invalid('a weak reference', 'returned', 'return new WeakRef(held) as unknown;'),
    invalid(
      'a promise of it',
      'returned',
      'return accounts.lock(ref); // does not compile: as above',
    ),
    invalid(
      'an outer variable',
      'variable',
      'outer = held;',
      'let outer: Locked<Account> | undefined;',
    ),
    invalid('an outer variable of any', 'variable', 'outer ??= held;', 'let outer: any;'),
    invalid(
      'a pattern',
      'variable',
      '[outer] = await accounts.lockMany([ref]);',
      'let outer: Locked<Account> | undefined;',
    ),
    invalid(
      'a pattern of an object',
      'variable',
      '({ held: outer } = { held });',
      'let outer: Locked<Account> | undefined;',
    ),
    invalid(
      'a closure in an outer variable',
      'variable',
      'read = () => held.balance;',
      'let read = () => 0;',
    ),
    invalid('a variable of the module', 'variable', 'shared = held;'),
    invalid('a property of something outer', 'property', 'context.account = held;'),
    invalid('the global object', 'property', '(globalThis as { held?: unknown }).held = held;'),
    invalid(
      'Object.assign to something outer',
      'container',
      'Object.assign(context, { account: held });',
    ),
    invalid('an outer array', 'container', 'all.push(held);', 'const all: unknown[] = [];'),
    invalid('a map of the module', 'container', 'registry.set(ref.id, { held });'),
    invalid(
      'closures in an outer array',
      'container',
      'all.push(() => held.balance);',
      'const all: (() => number)[] = [];',
    ),
    invalid('a timer', 'timer', 'setTimeout(() => { console.log(held.balance); }, 10);'),
    invalid('a timer that is handed it', 'timer', 'setTimeout(console.log, 10, held);'),
    invalid('a microtask', 'timer', 'queueMicrotask(() => void accounts.update(held, {}));'),
    invalid('the next tick', 'timer', 'process.nextTick(() => held.balance);'),
    invalid(
      'a named function in a timer',
      'timer',
      'const later = () => held.balance; setImmediate(later);',
    ),
    invalid('a listener', 'listener', 'events.on("change", () => held.balance);'),
    invalid('a signal', 'listener', 'signals.changed.subscribe(() => held.balance);'),
    invalid('a store event', 'listener', 'store.on("gap", () => held.balance);'),
    invalid(
      'an event handler',
      'property',
      'socket.onmessage = () => held.balance;',
      'const socket: { onmessage?: unknown } = {};',
    ),
    invalid(
      'nobody waits',
      'left',
      'void (async () => { await Promise.resolve(); console.log(held.balance); })();',
    ),
    invalid(
      'nobody waits, but for its error',
      'left',
      '(async () => { await accounts.update(held, {}); })().catch(console.error);',
    ),
    invalid('thrown', 'thrown', 'throw held;'),
    invalid('thrown in an error', 'thrown', 'throw new Error("closed", { cause: held });'),
    invalid(
      'a helper that keeps a callback',
      'helper',
      'later(() => held.balance);',
      'const later = (run: () => unknown) => { setTimeout(() => run(), 10); };',
    ),
    invalid(
      'a helper that keeps anything',
      'helper',
      'remember(held);',
      'const remember = (value: unknown) => { registry.set("last", value); };',
    ),
    invalid(
      'a cast in an alias',
      'variable',
      'const alias = held as unknown; outer = alias;',
      'let outer: unknown;',
    ),
    invalidModule(
      'a promise that is awaited outside',
      'resolved',
      `export const f = (ref: Ref<Account>) => new Promise<unknown>((resolve, reject) => {
        store.transaction(async () => { resolve(await lockAccount(ref)); }).catch(reject);
      });`,
    ),
    invalidModule(
      'a deferred outside',
      'resolved',
      `interface Deferred<T> { resolve(value: T): void }
      export const f = (ref: Ref<Account>, deferred: Deferred<unknown>) =>
        store.transaction(async () => { deferred.resolve(await lockAccount(ref)); });`,
    ),
    invalidModule(
      'yielded',
      'yielded',
      'export async function* each(refs: Ref<Account>[]) { for (const ref of refs) { const held = await lockAccount(ref); yield held; } }',
    ),
    invalidModule(
      'a field, in a method',
      'field',
      'export class Service { current: unknown; async open(ref: Ref<Account>) { this.current = await lockAccount(ref); } }',
    ),
    invalidModule(
      'a private field, handed in',
      'field',
      'export class Service { #current: Locked<Account> | null = null; use(account: Locked<Account>) { this.#current = account; } get() { return this.#current; } }',
    ),
    invalidModule(
      'a container in a field',
      'field',
      'export class Service { locks = new Map<string, Locked<Account>>(); use(account: Locked<Account>) { this.locks.set(account.id, account); } }',
    ),
    invalidModule(
      'a field that is initialised with a lock',
      'field',
      'const ref = Account.ref("a"); export class Service { account = lockAccount(ref); }',
    ),
    invalidModule(
      'a constant of the module',
      'variable',
      'export const held = await lockAccount(Account.ref("a"));',
    ),
    invalidModule(
      'a helper that runs the transaction',
      'returned',
      `const atomically = <R>(work: () => Promise<R>) => store.transaction(work as never) as Promise<R>;
      export const f = (ref: Ref<Account>) => atomically(async () => lockAccount(ref));`,
    ),
    invalidModule(
      'a helper that calls it in a transaction',
      'variable',
      `class Unit { async run(work: () => Promise<void>) { await store.transaction(async () => { await work(); }); } }
      export async function f(unit: Unit, ref: Ref<Account>) {
        let outer: unknown;
        await unit.run(async () => { outer = await lockAccount(ref); });
        return outer;
      }`,
    ),
    invalidModule(
      'the work has a name',
      'returned',
      `export async function f(ref: Ref<Account>) {
        const work = async () => (await lockAccount(ref)) as unknown;
        return store.transaction(work);
      }`,
    ),
    invalidModule(
      'out of a mutate',
      'variable',
      `export async function f(ref: Ref<Account>) {
        let outer: unknown;
        await accounts.mutate(ref, (account) => { outer = account; return {}; });
        return outer;
      }`,
    ),
    invalidModule(
      'a method under the lock returns a closure to a timer',
      'timer',
      'export function f(held: Locked<Account>) { setInterval(() => { console.log(held.balance); }, 1000); }',
    ),
  ],
});
