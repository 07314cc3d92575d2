import { domainCode } from '../support/domain-code.js';
import { getRule, typedTester } from '../support/rule-tester.js';

const rule = getRule('no-forged-lock');

/** A test's code in a function that has a snapshot, a draft and a lock. */
const inFunction = (body: string, before = '') =>
  domainCode(`${before}
export async function f(ref: Ref<Account>, input: string) {
  const seen = await loadAccount(ref.id);
  const held = await lockAccount(ref);
  ${body}
  return [seen, held, input];
}`);

const valid = (name: string, body: string, before?: string) => ({
  name,
  code: inFunction(body, before),
});
const invalid = (name: string, messageId: string, body: string, before?: string) => ({
  name,
  code: inFunction(body, before),
  errors: [{ messageId }],
});

/** A test's code in a method of a model. */
const inMethod = (method: string) =>
  domainCode(`import { defineModel, type Transient } from '@justscale/runtime';
import { z } from 'zod';
class Note extends defineModel('note', z.object({ text: z.string() })) {
  ${method}
}
void [Note];`);

typedTester.run('no-forged-lock', rule, {
  valid: [
    {
      name: 'a method that demands a draft',
      code: inMethod(
        'create(this: Transient<Note>, notes: Repository<Note>): Promise<unknown> { return notes.save(this); }',
      ),
    },
    {
      name: 'this in a constructor is a draft',
      code: inMethod(
        'constructor(fields: { text: string }, notes: Repository<Note>) { super(fields); void notes.save(this); }',
      ),
    },
    {
      name: 'a method that hands itself to something that only reads',
      code: inMethod(
        'show(print: (note: { readonly text: string }) => void): void { print(this); }',
      ),
    },
    { name: 'a method that returns itself', code: inMethod('self(): this { return this; }') },
    valid(
      'a lock',
      'await accounts.update(held, {}); const alias: Locked<Account> = held; await accounts.delete(alias);',
    ),
    valid(
      'checked for null',
      'const maybe = await accounts.lock(ref); if (!maybe) return null; await accounts.update(maybe, {});',
    ),
    valid(
      'narrowed to null by the compiler',
      'let outer: Locked<Account> | null = null; await store.transaction(async () => { outer = held; }); if (outer) await accounts.update(outer, {});',
    ),
    valid(
      'an upcast',
      'const wide = held as Locked<Account> | null; const plain = held as { readonly owner: string }; void [wide, plain];',
    ),
    valid('as const', 'void ([1, 2] as const);'),
    valid(
      'empty containers',
      'const a = [] as Locked<Account>[]; const b: Locked<Account>[] = []; const c = new Map() as Map<string, Locked<Account>>; const d: Map<string, Locked<Account>> = new Map(); const e = {} as Record<string, Locked<Account>>; const g: Record<string, Locked<Account>> = Object.create(null) as Record<string, Locked<Account>>; void [a, b, c, d, e, g];',
    ),
    valid(
      'null for a missing lock',
      'let maybe = null as Locked<Account> | null; const other: Locked<Account> | null = null; maybe = held; void [maybe, other];',
    ),
    valid(
      'a guard against null',
      'const all = [held, null].filter((account): account is Locked<Account> => account !== null); await accounts.update(all[0] ?? held, {});',
    ),
    valid(
      'a guard that the compiler infers',
      'const all = [held, null].filter((account) => account !== null); void all;',
    ),
    valid(
      'a generic guard against null',
      'const all = [held, undefined].filter(isPresent); if (isPresent(all[0])) await accounts.update(all[0], {});',
      'function isPresent<T>(value: T | null | undefined): value is T { return value != null; }',
    ),
    valid(
      'elements of what lockMany returned',
      'const [a, b] = await accounts.lockMany([ref, ref]); await accounts.update(a!, {}); await accounts.update(b!, {}); const all = await accounts.lockMany([ref]); await accounts.update(all[0]!, {});',
    ),
    valid(
      'a non-null assertion on something else',
      'await accounts.update(held, { balance: (await accounts.get(ref))!.balance });',
    ),
    valid(
      'generics that pass on what they are given',
      'await accounts.update(identity(held), {}); await accounts.update(requirePresent(await accounts.lock(ref), "gone"), {}); const [first] = await Promise.all([lockAccount(ref)]); await accounts.update(first, {}); await accounts.update([held].reduce((_, account) => account), {});',
      'const identity = <T>(value: T): T => value;',
    ),
    valid(
      'a generic that makes what no method for locks is called on',
      'const text = cast<{ trim(): string } & Partial<Locked<Account>>>(input); text.trim();',
      'function cast<T>(value: unknown): T { return value as T; }',
    ),
    valid(
      'the object of a method for locks that was locked',
      'const account = await lockAccount(ref); await accounts.update(account, account.withdrawal(1));',
    ),
    valid(
      'a generic that runs a callback',
      'await accounts.update(await retry(() => lockAccount(ref)), {});',
      'async function retry<T>(run: () => Promise<T>): Promise<T> { return run(); }',
    ),
    valid(
      'any where no lock is expected',
      'const body = JSON.parse(input); console.log(body.name, body as { name: string }); await accounts.update(held, { owner: body.owner, tags: body.tags });',
    ),
    valid(
      'any for any',
      'const body = JSON.parse(input); const copy: any = body; const list: any[] = [body]; void [copy, list];',
    ),
    valid(
      'never where no lock is expected',
      'const n: number = ((): never => { throw new Error(input); })(); void n;',
    ),
    valid(
      'a call that never returns',
      'const account: Locked<Account> = input ? held : fail(); await accounts.update(account, {});',
      'function fail(): never { throw new Error("x"); }',
    ),
    valid(
      'an early return of a rejected promise',
      'void load(true);',
      'const load = (bad: boolean): Promise<Locked<Account>> => bad ? Promise.reject(new Error("x")) : lockAccount(Account.ref("a"));',
    ),
    valid(
      'printing, comparing and mocking',
      'console.log(accounts, held, accounts.update); process.emitWarning(String(held)); Reflect.get(accounts, "update"); new Set<unknown>([accounts]);',
    ),
    valid(
      'callbacks that are given a lock',
      'await Promise.all([held].map(async (account: Locked<Account>) => accounts.update(account, {}))); [held].forEach((account: Locked<Account>) => { console.log(account.id); });',
    ),
    valid(
      'a draft',
      "const draft = new Account({ owner: '', balance: 0, frozen: false, version: 0, tags: [] }); await accounts.save(draft); const wide = draft as unknown; void wide;",
    ),
    valid(
      'suppressions of other things',
      '// @ts-expect-error -- no such name\n  console.log(nothing);\n  // @ts-ignore\n  const n: number = "x"; void n;',
    ),
    valid('a word in a comment', '// write @ts-ignore nowhere\n  await accounts.update(held, {});'),
    valid(
      'assigned later',
      'let account: Locked<Account>; if (input) account = held; else account = await lockAccount(ref); await accounts.update(account, {});',
    ),
    {
      name: 'declarations of services',
      code: domainCode(`declare const service: { load(ref: Ref<Account>): Promise<Locked<Account>>; accounts: Repository<Account> };
      declare function audit(account: Locked<Account>): void;
      interface Locks { take(ref: Ref<Account>): Promise<Locked<Account>>; readonly current: Locked<Account> | null }
      export async function f(ref: Ref<Account>, locks: Locks) { audit(await service.load(ref)); audit(await locks.take(ref)); }`),
    },
    {
      name: 'a class that demands what its interface demands',
      code: domainCode(`interface Handler<T> { handle(value: T): Promise<void> }
      abstract class Base { abstract run(account: Locked<Account>, n: number): Promise<unknown> }
      export class Close implements Handler<Locked<Account>> { async handle(account: Locked<Account>) { await accounts.update(account, {}); } }
      export class Sub extends Base { run(account: Locked<Account>) { return accounts.update(account, {}); } }`),
    },
    {
      name: 'overloads that say what they return',
      code: domainCode(`export function load(ref: Ref<Account>, lock: true): Promise<Locked<Account>>;
      export function load(ref: Ref<Account>): Promise<Persistent<Account>>;
      export function load(ref: Ref<Account>, lock?: boolean): Promise<Locked<Account> | Persistent<Account>> { return lock ? lockAccount(ref) : loadAccount(ref.id); }`),
    },
    valid(
      'the same repository under two names',
      'const mine = accounts; const account = await mine.lock(ref); if (account) await accounts.update(account, {});',
    ),
    valid(
      'the same arguments make the same repository',
      'const a = store.repository(Account); const b = store.repository(Account); const account = await a.lock(ref); if (account) await b.update(account, {});',
    ),
    valid(
      'a list that is only read',
      'const total = (rows: { balance: number }[]) => rows.reduce((sum, { balance }) => sum + balance, 0); const locks = [held]; void total(locks); const rows: { readonly id: string }[] = locks; void rows.length;',
    ),
    {
      name: 'a generic service',
      code: domainCode(`import type { AnyModel, UpdateData } from '@justscale/runtime';
      export class Service<T extends AnyModel> {
        constructor(private readonly repository: Repository<T>) {}
        async change(ref: Ref<T>, change: (entity: Locked<T>) => UpdateData<T>) {
          const entity = await this.repository.lock(ref);
          if (entity) await this.repository.update(entity, change(entity));
        }
      }
      export const service = new Service(accounts);`),
    },
    {
      name: 'a Locked of somebody else',
      code: domainCode(`interface Locked2<T> { readonly locked: T } declare const other: Locked2<string>;
      export const f = (x: unknown) => [x as Locked2<string>, other];`),
    },
  ],

  invalid: [
    // Assertions
    invalid(
      'a double assertion',
      'asserted',
      'await accounts.update(seen as unknown as Locked<Account>, {});',
    ),
    invalid(
      'through any',
      'asserted',
      'await accounts.update(seen as any as Locked<Account>, {});',
    ),
    invalid(
      'angle brackets',
      'asserted',
      'await accounts.update(<Locked<Account>>(<unknown>seen), {});',
    ),
    invalid('of an empty object', 'asserted', 'await accounts.update({} as Locked<Account>, {});'),
    invalid(
      'of null',
      'asserted',
      'await accounts.update(null as unknown as Locked<Account>, {});',
    ),
    invalid(
      'of what may be a snapshot',
      'asserted',
      'const either: Locked<Account> | Persistent<Account> = input ? held : seen; await accounts.update(either as Locked<Account>, {});',
    ),
    invalid(
      'of a container',
      'asserted',
      'const list = [seen] as unknown as Locked<Account>[]; void list;',
    ),
    invalid(
      'of a promise',
      'asserted',
      'void (accounts.get(ref) as unknown as Promise<Locked<Account>>);',
    ),
    invalid(
      'of a map',
      'asserted',
      'void (new Map([["a", seen]]) as unknown as Map<string, Locked<Account>>);',
    ),
    invalid(
      'of a property',
      'asserted',
      'void ({ account: seen } as unknown as { account: Locked<Account> });',
    ),
    invalid(
      'of a function',
      'asserted',
      'const load = loadAccount as unknown as (id: string) => Promise<Locked<Account>>; void load;',
    ),
    invalid(
      'of a constructor',
      'asserted',
      'const Made = Object as unknown as new () => Locked<Account>; void Made;',
    ),
    invalid(
      'of arguments',
      'asserted',
      'await accounts.update(...([seen, {}] as unknown as [Locked<Account>, object]));',
    ),
    invalid(
      'of an alias of the type',
      'asserted',
      'void (seen as unknown as Held);',
      'type Held = Locked<Account>;',
    ),
    invalid(
      'in a generic',
      'asserted',
      'void make<Locked<Account>>(seen);',
      'const make = <L extends Locked<Account>>(value: unknown) => [value as L];',
    ),
    invalid(
      'of a lock that may be missing',
      'present',
      'await accounts.update((await accounts.lock(ref)) as Locked<Account>, {});',
    ),
    invalid('of a draft', 'draft', 'await accounts.save(seen as unknown as Account);'),
    invalid('of a repository', 'widened', 'const wide = accounts as any; void wide;'),
    invalid(
      'of a repository, twice',
      'widened',
      'void (accounts as unknown as { update(entity: object): void });',
    ),
    invalid(
      'of a repository to one that takes anything',
      'narrowed',
      'void (accounts as { update(entity: unknown, patch: object): Promise<unknown> });',
    ),
    invalid('of a repository to a record', 'widened', 'void (accounts as Record<string, any>);'),
    invalid(
      'of a function that demands a lock',
      'widened',
      '(write as any)(seen);',
      'const write = (account: Locked<Account>) => accounts.update(account, {});',
    ),
    invalid(
      'of a function to Function',
      'widened',
      '(write as Function)(seen);',
      'const write = (account: Locked<Account>) => accounts.update(account, {});',
    ),
    invalid(
      'of a function to one that takes anything',
      'narrowed',
      '(write as (account: object) => unknown)(seen);',
      'const write = (account: Locked<Account>) => accounts.update(account, {});',
    ),
    invalid('!', 'present', 'await accounts.update((await accounts.lock(ref))!, {});'),
    invalid(
      '! on a variable',
      'present',
      'const maybe = await accounts.lock(ref); await accounts.update(maybe!, {});',
    ),
    invalid(
      '! on an element',
      'present',
      'const all = new Map([["a", held]]); await accounts.update(all.get("b")!, {});',
    ),
    invalid(
      '! on an element too many',
      'present',
      'const all = await accounts.lockMany([ref]); await accounts.update(all[1]!, {});',
    ),

    invalid(
      'of a method of the runtime',
      'asserted',
      'const lock = accounts.get.bind(accounts) as unknown as Repository<Account>["lock"]; void lock;',
    ),

    // any
    invalid('an argument', 'any', 'await accounts.update(JSON.parse(input), {});'),
    invalid('a cast argument', 'any', 'await accounts.update(seen as any, {});'),
    invalid('delete', 'any', 'await accounts.delete(seen as any);'),
    invalid(
      'an argument of a helper',
      'any',
      'await write(seen as any);',
      'const write = (account: Locked<Account>) => accounts.update(account, {});',
    ),
    invalid(
      'an argument of a generic',
      'any',
      'await write(seen as any);',
      'const write = <L extends Locked<Account>>(account: L) => accounts.update(account, {});',
    ),
    invalid('this', 'any', 'held.withdrawal.call(seen as any, 1);'),
    invalid('a variable', 'any', 'const account: Locked<Account> = seen as any; void account;'),
    invalid(
      'an assignment',
      'any',
      'let account = held; account = JSON.parse(input); void account;',
    ),
    invalid(
      'a property of a literal',
      'any',
      'const box: { account: Locked<Account> } = { account: JSON.parse(input) }; void box;',
    ),
    invalid(
      'an element of a literal',
      'any',
      'const list: Locked<Account>[] = [seen as any]; void list;',
    ),
    invalid(
      'an array',
      'any',
      'const all: any[] = [seen]; const list: Locked<Account>[] = all; void list;',
    ),
    invalid(
      'a promise',
      'any',
      'const later: Promise<Locked<Account>> = Promise.resolve(JSON.parse(input)); void later;',
    ),
    invalid(
      'a map',
      'any',
      'const map = new Map<string, any>([["a", seen]]); const locks: Map<string, Locked<Account>> = map; void locks;',
    ),
    invalid(
      'an element of a map of any',
      'any',
      'const map = new Map<string, any>([["a", seen]]); await accounts.update(map.get("a"), {});',
    ),
    invalid(
      'an index signature',
      'any',
      'const bag: Record<string, any> = { seen }; await accounts.update(bag["seen"], {});',
    ),
    invalid(
      'a property',
      'any',
      'const box: { account: any } = { account: seen }; await accounts.update(box.account, {});',
    ),
    invalid(
      'an object with a property of any',
      'any',
      'const box: { account: any } = { account: seen }; const typed: { account: Locked<Account> } = box; void typed;',
    ),
    invalid(
      'destructured',
      'any',
      'const { account }: { account: Locked<Account> } = JSON.parse(input); void account;',
    ),
    invalid(
      'a default',
      'any',
      'const write = (account: Locked<Account> = JSON.parse(input)) => account; void write;',
    ),
    invalid(
      'spread arguments',
      'any',
      'await accounts.update(...(JSON.parse(input) as [any, any]));',
    ),
    invalid(
      'the arguments object',
      'any',
      'void old();',
      'function old() { return accounts.update(arguments[0], {}); }',
    ),
    invalid(
      'what a function returns',
      'any',
      'await accounts.update(load(), {});',
      'const load = (): any => JSON.parse("{}");',
    ),
    invalid(
      'a return',
      'any',
      'void load();',
      'function load(): Locked<Account> { return JSON.parse("{}"); }',
    ),
    invalid(
      'a return of a promise',
      'any',
      'void load();',
      'async function load(): Promise<Locked<Account> | null> { return JSON.parse("{}"); }',
    ),
    invalid(
      'an arrow',
      'any',
      'void load();',
      'const load = (): Locked<Account> => JSON.parse("{}");',
    ),
    invalid(
      'a getter',
      'any',
      'void box;',
      'const box = { get account(): Locked<Account> { return JSON.parse("{}"); } };',
    ),
    invalid(
      'a callback',
      'any',
      'void run(() => JSON.parse(input));',
      'const run = (load: () => Locked<Account>) => load();',
    ),
    invalid(
      'a generator',
      'any',
      'void all();',
      'function* all(): Generator<Locked<Account>> { yield JSON.parse("{}"); }',
    ),
    invalid(
      'a field',
      'any',
      'void new Box();',
      'class Box { account: Locked<Account> = JSON.parse("{}"); }',
    ),
    invalid(
      'caught',
      'any',
      'try { throw seen; } catch (error: any) { await accounts.update(error, {}); }',
    ),
    invalid(
      'a callback that says that any is a lock',
      'any',
      'on("x", (account: Locked<Account>) => { console.log(account); });',
      'function on(_: string, listener: (...args: any[]) => void) { listener(1); }',
    ),
    invalid(
      'a lock of any model',
      'any',
      'const write = (entity: Locked<any>) => accounts.update(entity, {}); void write; // does not compile: it lacks the fields',
    ),
    {
      name: 'a model that saves itself',
      code: inMethod(
        'persist(notes: Repository<Note>): Promise<unknown> { return notes.save(this); }',
      ),
      errors: [{ messageId: 'self' }],
    },
    {
      name: 'a model that saves itself by another name, and in a callback',
      code: inMethod(
        'get persisted(): (notes: Repository<Note>) => unknown { const note = this; return (notes) => notes.save(note); }',
      ),
      errors: [{ messageId: 'self' }],
    },
    {
      name: 'a model that hands itself on as a draft',
      code: inMethod('draft(): Note { return this; }'),
      errors: [{ messageId: 'self' }],
    },
    invalid('a draft of any', 'anyDraft', 'const draft: Account = JSON.parse(input); void draft;'),
    invalid('saved', 'any', 'await accounts.save(JSON.parse(input));'),
    invalid('in a choice', 'any', 'await accounts.update(input ? JSON.parse(input) : held, {});'),

    // never
    invalid('never', 'asserted', 'await accounts.update(seen as never, {});'),
    invalid(
      'a variable of never',
      'never',
      'const account: Locked<Account> = nothing; void account;',
      'declare const nothing: never;',
    ),
    invalid(
      'an impossible intersection',
      'never',
      'await accounts.update(box.both, {});',
      'declare const box: { both: never };',
    ),

    // Guards
    invalid(
      'an own guard',
      'guard',
      'if (isLocked(seen)) await accounts.update(seen, {});',
      'function isLocked(value: unknown): value is Locked<Account> { return value !== null; }',
    ),
    invalid(
      'an own assertion function',
      'guard',
      'const check: (v: unknown) => asserts v is Locked<Account> = () => undefined; check(seen);',
    ),
    invalid(
      'a guard between states',
      'guard',
      'void isLocked;',
      'const isLocked = (value: Locked<Account> | Persistent<Account>): value is Locked<Account> => "id" in value;',
    ),
    invalid(
      'a guard of this',
      'guard',
      'void new Box();',
      'class Box { isLocked(): this is Locked<Account> { return true; } }',
    ),
    invalid(
      'a guard in an interface',
      'guard',
      'void 0;',
      'export interface Guards { isLocked(value: unknown): value is Locked<Account> }',
    ),
    invalid(
      'instanceof',
      'guard',
      'void LockedLike;',
      'class LockedLike { static [Symbol.hasInstance](value: unknown): value is Locked<Account> { return value !== null; } }',
    ),
    invalid(
      'a generic guard',
      'guard',
      'const x: unknown = seen; if (isA<Locked<Account>>(x)) await accounts.update(x, {});',
      'function isA<T>(value: unknown): value is T { return value !== null; }',
    ),
    invalid(
      'a generic guard in a filter',
      'guard',
      'const list: unknown[] = [seen]; void list.filter(isA<Locked<Account>>);',
      'function isA<T>(value: unknown): value is T { return value !== null; }',
    ),

    // Generics
    invalid(
      'a generic that returns any T',
      'generic',
      'await accounts.update(make<Locked<Account>>(), {});',
      'function make<T>(): T { return JSON.parse("{}"); }',
    ),
    invalid(
      'a generic that infers T from its place',
      'generic',
      'const account: Locked<Account> = cast(seen); void account;',
      'function cast<T>(value: unknown): T { return value as T; }',
    ),
    invalid(
      'a generic that makes the object of a method for locks',
      'generic',
      'await make<Locked<Account>>().withdrawal(1);',
      'function make<T>(): T { return JSON.parse("{}"); }',
    ),
    invalid(
      'a generic that makes the object of a method for locks, kept in a name and read by index',
      'generic',
      'const account = cast<Locked<Account> | null>(seen); if (account !== null) account["withdrawal"](1);',
      'function cast<T>(value: unknown): T { return value as T; }',
    ),
    invalid(
      'a generic with a constraint',
      'any',
      'await accounts.update(forge<Locked<Account>>(), {});',
      'function forge<L extends Locked<Account>>(): L { return JSON.parse("{}"); }',
    ),
    invalid(
      'a generic that returns a promise of any T',
      'generic',
      'await accounts.update(await fetchJson<Locked<Account>>(input), {});',
      'async function fetchJson<T>(url: string): Promise<T> { return (await fetch(url)).json() as Promise<T>; }',
    ),
    invalid(
      'a generic with a witness',
      'generic',
      'await accounts.update(cast(seen, held), {});',
      'function cast<T>(value: unknown, _: T): T { return value as T; }',
    ),
    invalid(
      'a method',
      'generic',
      'await accounts.update(new Json().read<Locked<Account>>(input), {});',
      'class Json { read<T>(text: string): T { return JSON.parse(text); } }',
    ),
    invalid(
      'a generic class',
      'generic',
      'await accounts.update(new Box<Locked<Account>>(seen).get(), {});',
      'class Box<T> { constructor(private readonly value: unknown) {} get(): T { return this.value as T; } }',
    ),
    invalid(
      'a generic class with a field',
      'generic',
      'await accounts.update(new Box<Locked<Account>>().value, {});',
      'class Box<T> { value!: T; }',
    ),

    invalid(
      'an overload',
      'overload',
      'void load;',
      'function load(ref: Ref<Account>): Promise<Locked<Account> | null>; function load(ref: Ref<Account>): Promise<unknown> { return accounts.get(ref); }',
    ),
    invalid(
      'an overload of a method',
      'overload',
      'void Loads;',
      'class Loads { load(ref: Ref<Account>): Promise<Locked<Account> | null>; load(ref: Ref<Account>): Promise<unknown> { return accounts.get(ref); } }',
    ),

    // Declarations
    invalid(
      'declare const',
      'ambient',
      'await accounts.update(forged, {});',
      'declare const forged: Locked<Account>;',
    ),
    invalid(
      'declare var in global',
      'ambient',
      'void globalThis;',
      'declare global { var forged: Locked<Account>; }',
    ),
    invalid(
      'declare function',
      'ambient',
      'void forge;',
      'declare function forge(): Promise<Locked<Account>>;',
    ),
    invalid(
      'a declared object',
      'ambient',
      'void box;',
      'declare const box: { readonly account: Locked<Account> };',
    ),
    invalid(
      'an ambient module',
      'ambient',
      'void 0;',
      'declare module "forged" { export const account: Locked<Account>; } // does not compile: there is none',
    ),
    invalid(
      'an ambient class',
      'ambient',
      'void 0;',
      'class Forge { declare readonly account: Locked<Account>; }',
    ),
    invalid(
      'an augmented module',
      'merged',
      'void 0;',
      'declare module "./domain.js" { interface Account { forged: Locked<Account>; } }',
    ),
    invalid(
      'an augmented global',
      'ambient',
      'void 0;',
      'declare global { interface Array<T> { firstLock(): Locked<Account>; } }',
    ),
    invalid(
      'the augmented runtime',
      'augmented',
      'void 0;',
      'declare module "@justscale/runtime" { interface Store { readonly mine: string } }',
    ),
    invalid(
      'let !',
      'definite',
      'let account!: Locked<Account>; await accounts.update(account, {});',
    ),
    invalid('a field with !', 'definite', 'void Box;', 'class Box { account!: Locked<Account>; }'),
    invalid(
      'never assigned',
      'unassigned',
      'void later;',
      'let account: Locked<Account>; const later = () => accounts.update(account, {}); // does not compile: it is used before',
    ),
    invalid(
      'a class merged with a lock',
      'merged',
      'await accounts.update(new Forged() as Forged, {});',
      'class Forged {} interface Forged extends Locked<Account> {}',
    ),
    invalid(
      'a member merged into a class',
      'merged',
      'void new Box();',
      'class Box {} interface Box { account: Locked<Account> }',
    ),

    // Variance
    invalid(
      'a method that demands more than its interface',
      'narrowed',
      'void Close;',
      'interface Handler { handle(value: object): unknown } class Close implements Handler { handle(account: Locked<Account>) { return accounts.update(account, {}); } }',
    ),
    invalid(
      'a method that demands more than its base',
      'narrowed',
      'void Sub;',
      'class Base { handle(value: Persistent<Account> | Locked<Account>): unknown { return value; } } class Sub extends Base { override handle(account: Locked<Account>) { return accounts.update(account, {}); } }',
    ),
    invalid(
      'a method of a literal',
      'narrowed',
      'void handler;',
      'interface Handler { handle(value: object): unknown } const handler: Handler = { handle(account: Locked<Account>) { return accounts.update(account, {}); } };',
    ),
    invalid(
      'a wide repository',
      'narrowed',
      'await writer.update(seen, {});',
      'interface Writer { update(entity: object, patch: object): Promise<unknown> } const writer: Writer = accounts;',
    ),
    invalid(
      'a wide repository as an argument',
      'narrowed',
      'void write(accounts);',
      'interface Writer { update(entity: unknown, patch: object): Promise<unknown> } const write = (writer: Writer) => writer.update({}, {});',
    ),
    invalid(
      'a repository of any',
      'widened',
      'void write(accounts);',
      'const write = (repository: Repository<any>) => repository.get(Account.ref("a"));',
    ),
    invalid('a repository as any', 'widened', 'const wide: any = accounts; void wide;'),
    invalid(
      'a function in a container of any',
      'widened',
      'const writes: Record<string, any> = { write: accounts }; void writes;',
    ),
    invalid(
      'a function as Function',
      'widened',
      'apply(accounts.update);',
      'const apply = (run: Function) => run();',
    ),
    invalid(
      'a write with a repository of any',
      'anyModel',
      'const wide = store.repository(JSON.parse(input)); await wide.update(held, {});',
    ),
    invalid(
      'an untyped repository',
      'untyped',
      'const untyped = JSON.parse(input); await untyped.update(seen, {});',
    ),

    invalid(
      'an array under a wider type',
      'aliased',
      'const locks: Locked<Account>[] = [held]; const rows: { readonly id: string }[] = locks; rows.push(seen);',
    ),
    invalid(
      'an object under a wider type',
      'aliased',
      'const slot: { account: Locked<Account> | null } = { account: null }; fill(slot, seen);',
      'function fill(slot: { account: unknown }, value: unknown) { slot.account = value; }',
    ),

    // Repositories
    invalid(
      'a lock of another repository',
      'foreign',
      'void write;',
      'async function write(a: Repository<Account>, b: Repository<Account>, ref: Ref<Account>) { const account = await b.lock(ref); if (account) await a.update(account, {}); }',
    ),
    invalid(
      'a lock of another table',
      'foreign',
      'void write;',
      "const a = store.repository(Account), b = store.repository(Account, { table: 'old' }); async function write(ref: Ref<Account>) { const account = await b.lock(ref); if (account) await a.delete(account); }",
    ),
    invalid(
      'a lock of another member',
      'foreign',
      'void write;',
      'interface World { accounts: Repository<Account>; archive: Repository<Account> } async function write({ accounts: live, archive }: World, ref: Ref<Account>) { const account = await archive.lock(ref); if (account) await live.update(account, {}); }',
    ),

    // Suppressions
    invalid('@ts-ignore', 'suppressed', '// @ts-ignore\n  await accounts.update(seen, {});'),
    invalid(
      '@ts-expect-error',
      'suppressed',
      '// @ts-expect-error -- it works\n  await accounts.update(seen, {});',
    ),
    invalid('in a block comment', 'suppressed', '/* @ts-ignore */\n  await accounts.delete(seen);'),
    invalid(
      'over an argument',
      'suppressed',
      'await accounts.update(\n    // @ts-expect-error -- it works\n    seen,\n    {},\n  );',
    ),
    invalid(
      'over a method under the lock',
      'suppressed',
      '// @ts-expect-error -- it works\n  void seen.withdrawal(1);',
    ),
    {
      name: '@ts-nocheck',
      code: `// @ts-nocheck\n${domainCode('export const f = async (ref: Ref<Account>) => accounts.update(await accounts.get(ref), {});')}`,
      errors: [{ messageId: 'suppressed' }],
    },

    // Provenance
    invalid(
      'what a callback is given that nobody gave',
      'made',
      'each<Locked<Account>>((account) => void accounts.update(account, {}));',
      'declare function each<T>(done: (item: T) => void): void;',
    ),
    invalid('two objects in one', 'copied', 'await accounts.update(Object.assign({}, held), {});'),
    invalid(
      'a check that a snapshot passes',
      'narrowedTo',
      'await write(held);',
      "const write = async (target: { readonly id: string } | Locked<Account>) => { if ('balance' in target) await accounts.update(target, {}); };",
    ),
    invalid(
      'a closure that assigns after the check',
      'replaced',
      'let account: Locked<Account> | Persistent<Account> = held; const refresh = () => { account = seen; }; account = await lockAccount(ref); refresh(); await accounts.update(account, {});',
    ),
    invalid(
      'a holder that is written into',
      'replaced',
      'const context = { account: held }; Object.assign(context, { account: seen }); await accounts.update(context.account, {});',
    ),
    invalid(
      'a list with holes',
      'missing',
      'for (const account of new Array<Locked<Account>>(1)) await accounts.update(account, {});',
    ),
    invalid(
      'a method that is chosen when it runs',
      'dynamic',
      "const account = await accounts[input as 'lock'](ref); if (account) await accounts.update(account, {});",
    ),
    invalid(
      'what a decorator decides',
      'injected',
      'void new Deposit();',
      'declare const provided: (...args: unknown[]) => any; class Deposit { @provided accessor account: Locked<Account> | null = null; run() { return this.account && accounts.update(this.account, {}); } }',
    ),
    invalid(
      'a proxy of a repository',
      'patched',
      'const traced = new Proxy(accounts, {}); const account = await traced.lock(ref); if (account) await traced.update(account, {});',
    ),
    invalid(
      'a service with other methods',
      'patched',
      'const service = new Accounts(); Object.assign(service, { load: () => loadAccount("a") });',
      'class Accounts { load(): Promise<Locked<Account>> { return lockAccount(Account.ref("a")); } }',
    ),
    invalid(
      'a clone of a draft',
      'unknownDraft',
      "const draft = new Account({ owner: '', balance: 0, frozen: false, version: 0, tags: [] }); await accounts.save(structuredClone(draft));",
    ),
  ],
});
