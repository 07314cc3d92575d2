import justscale from '@justscale/eslint-plugin';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { getRule, javascriptTester, typescriptTester } from '../support/rule-tester.js';

const rule = getRule('no-module-state');

type MessageId =
  | 'writtenBinding'
  | 'writtenStatic'
  | 'writtenGlobal'
  | 'cache'
  | 'memoized'
  | 'kept'
  | 'instance'
  | 'closure'
  | 'exported'
  | 'injected'
  | 'memoryStore'
  | 'lock'
  | 'lazyResource';

const state = (messageId: MessageId, code: string) => ({ code, errors: [{ messageId }] });

/** Written from code that runs after the module was initialised; the same in JavaScript and TypeScript. */
const written = [
  'const rooms = new Map(); export function add(id) { rooms.set(id, 1); }',
  'let count = 0; export const next = () => { count++; };',
  'let total = 0; export function add(n) { total += n; }',
  'const stats = { hits: 0 }; export function hit() { stats.hits = stats.hits + 1; }',
  'const seen = {}; export function forget(id) { delete seen[id]; }',
  'const groups = new Map([["a", new Set()]]); export function join(who) { groups.get("a").add(who); }',
  'const state = { list: { items: [] } }; export function add(x) { state.list.items.push(x); }',
  'const list = []; export function add(x) { const alias = list; alias.push(x); }',
  'const list = []; export function add(x) { list[list.length] = x; }',
  'const rows = [{ n: 1 }]; export function bump() { for (const row of rows) row.n++; }',
  'const rows = [{ n: 1 }]; export function bump() { rows.forEach((row) => { row.n = 2; }); }',
  'const cart = { items: [], add(x) { this.items.push(x); } }; export { cart };',
  'const rooms = new Map(); function fill(map) { map.set(1, 2); } export function open() { fill(rooms); }',
  'let users = []; export async function load(db) { users = await db.query("select"); }',
  'let token = null; export async function get() { if (!token) token = await fetchToken(); return token; }',
  'const rooms = new Map(); app.get("/", (request) => { rooms.set(request.id, 1); });',
  'let config = {}; export function set(patch) { Object.assign(config, patch); }',
  'const list = []; export function add(x) { Array.prototype.push.call(list, x); }',
  'const n = { a: 0 }; export function swap(x) { [n.a] = x; }',
  'export const next = (() => { let n = 0; return () => ++n; })();',
  'function counted() { counted.calls = (counted.calls || 0) + 1; } export { counted };',
  'if (process.env.X) { var last = 0; } export function mark() { last = Date.now(); }',
  'import options from "./options.js"; export function set(name, value) { options[name] = value; }',
  'const app = express(); export function hit(path) { app.hits[path] = 1; }',
  'const lookup = Array.from({ length: 3 }, () => new Set()); export const add = (x) => lookup[0].add(x);',
  'const cache = new Map(); setInterval(() => cache.clear(), 1000); export const get = (k) => cache.get(k);',
  'let maintenance = false; export function enter() { maintenance = true; }',
  // It runs on a server, too, and a parameter is no window of a browser.
  'let seen = 0; export function see() { seen += 1; if (typeof document !== "undefined") document.title = seen; }',
  'let saved; export function save(document) { saved = document.id; }',
];

const hidden = [
  state(
    'writtenStatic',
    'export class A { static cache = new Map(); static get(k) { return A.cache.set(k, 1); } }',
  ),
  state('writtenStatic', 'export class A { static #n = 0; static next() { return ++this.#n; } }'),
  state('writtenStatic', 'export class A { set(k) { A.last = k; } }'),
  state('writtenGlobal', 'export function hit() { globalThis.hits = (globalThis.hits ?? 0) + 1; }'),
  state('writtenGlobal', 'export function login(id) { global.sessions.set(id, 1); }'),
  state('memoized', 'export const price = memoize((id) => load(id));'),
  state('memoized', 'import _ from "lodash"; export const price = _.memoize(load);'),
  state('cache', 'export const prices = new LRUCache({ max: 10 });'),
  state('cache', 'export default new NodeCache();'),
  state('cache', 'export const caches = { users: new TTLCache() };'),
  state('cache', 'export class A { static cache = new LRUCache({ max: 1 }); }'),
  state(
    'closure',
    'function createCache() { const m = new Map(); return { get: (k) => m.get(k), set: (k, v) => m.set(k, v) }; } export const cache = createCache();',
  ),
  state(
    'closure',
    'const counter = () => { let n = 0; return () => ++n; }; export const next = counter();',
  ),
  state(
    'instance',
    'class Rooms { all = new Map(); add(r) { this.all.set(r.id, r); } } export const rooms = new Rooms();',
  ),
  state(
    'instance',
    'class Rooms { constructor() { this.all = []; } add(r) { this.all.push(r); } } export default new Rooms();',
  ),
  state(
    'instance',
    'class Rooms { all = new Map(); add(r) { this.all.set(r.id, r); } } let rooms; export const get = () => (rooms ??= new Rooms());',
  ),
  state('kept', 'export const rooms = singleton("rooms", () => new Map());'),
  state(
    'writtenBinding',
    'const seen = new Set(); export async function once(key, work) { seen.add(key); try { return await work(); } finally { seen.delete(key); } }',
  ),
  state('kept', 'export const settings = singleton("settings", () => ({}));'),
  state(
    'closure',
    'export const rooms = singleton("rooms", () => { const all = new Map(); return { add: (r) => all.set(r.id, r) }; });',
  ),
  state(
    'instance',
    'class Licences { seen = new Map(); add(k) { this.seen.set(k, 1); } } export function start() { const instance = new Licences(); globalThis.__licences__ = instance; }',
  ),
  state(
    'writtenGlobal',
    'const holder = globalThis; const other = holder; export function login(id) { other.session = id; }',
  ),
  state('exported', 'export const rooms = new Map();'),
];

const clean = [
  // A script of a page: each window has its own.
  'let room; export function enter(name) { room = name; document.title = name; }',
  'let open = 0; window.addEventListener("click", () => { open += 1; });',
  'const table = new Map(); table.set("a", 1); export const get = (k) => table.get(k);',
  'const table = new Map(); ["a", "b"].forEach((k) => { table.set(k, 1); }); export const get = (k) => table.get(k);',
  'const table = new Map(); (() => { table.set("a", 1); })(); export const get = (k) => table.get(k);',
  'const table = {}; for (const k of ["a"]) table[k] = 1; export const get = (k) => table[k];',
  'const table = new Map(); function register(k) { table.set(k, 1); } register("a"); export const get = (k) => table.get(k);',
  'const table = Object.freeze({ a: 1 }); export const get = () => table.a;',
  'class Table { static #rows = new Map(); static { Table.#rows.set("a", 1); } static get(k) { return Table.#rows.get(k); } } export { Table };',
  'let client; export function getClient() { client ??= new Client(); return client; }',
  'let pool = null; export function getPool() { if (!pool) pool = createPool(); return pool; } export async function close() { await pool.end(); pool = null; }',
  'let logger; export const log = () => { logger = logger || createLogger(); return logger; };',
  'let timer; export function start() { timer = setInterval(tick, 1000); } export function stop() { clearInterval(timer); }',
  'let started = false; export function start() { if (started) return; started = true; }',
  'export class Db { static instance; static get() { return (Db.instance ??= new Db()); } }',
  'export function getPrisma() { globalThis.prisma ??= new PrismaClient(); return globalThis.prisma; }',
  'const holder = globalThis; export function get() { const sdk = new Sdk(); holder.__billing_client__ = sdk; return sdk; }',
  'const holder = globalThis; export function get() { holder.queueInitializing = (async () => { holder.queue = await createQueue(); })(); }',
  'export function hang(runtime) { globalThis.jobs = runtime; }',
  'let queueSingleton = globalThis.queue; export function get() { const made = createQueue(); queueSingleton = made; return made; }',
  'let sigtermReceived = false; export function set() { sigtermReceived = true; }',
  'export function leave(url) { globalThis.location.href = url; globalThis.history.scrollRestoration = "manual"; }',
  'const telemetry = singleton("telemetry", () => ({ attempts: meter.createCounter("attempts") })); export const hit = () => telemetry.attempts.add(1);',
  'export const monitor = singleton("monitor", () => { const hook = createHook(); return { enable: () => hook.enable() }; });',
  'const marks = new Set(); export function withMark(mark, work) { marks.add(mark); try { return work(); } finally { marks.delete(mark); } }',
  'export class Issues { static get all() { return open().issues; } static add(issue) { this.all[issue.id] = issue; } }',
  'let linting; export const lint = () => (linting ??= import("linter").then((module) => new module.Linter()));',
  'const names = new WeakMap(); export function name(object, n) { names.set(object, n); }',
  'const requests = new Counter({ name: "requests" }); export function count() { requests.inc(); requests.set(1); }',
  'import { AsyncLocalStorage } from "node:async_hooks"; const als = new AsyncLocalStorage(); export const run = (f) => als.run(new Map(), f);',
  'const config = loadConfig(); export function set(v) { config.set("a", v); config.delete("b"); }',
  'const rooms = new Map([["a", 1]]); export function f(rooms) { rooms.set(1, 2); }',
  'const rooms = new Map([["a", 1]]); export function f() { const rooms = new Map(); rooms.set(1, 2); return rooms; }',
  'export function f() { const seen = new Set(); let n = 0; seen.add(n++); return seen; }',
  'export class Service { #rooms = new Map(); add(r) { this.#rooms.set(r.id, r); } }',
  'export const create = () => new Service(); class Service { rooms = []; add(r) { this.rooms.push(r); } }',
  'class Router { routes = []; add(r) { this.routes.push(r); } match() { return this.routes[0]; } } const router = new Router(); router.add("/"); export const handle = () => router.match();',
  'const list = [3, 1]; export const top = () => [...list].sort()[0]; export const longer = () => list.concat(1);',
  'import process from "node:process"; export function fail() { process.exitCode = 1; }',
  'const server = createServer(); export function start() { server.keepAliveTimeout = 5; }',
  'const usersByRedis = new RedisCache(client); export const get = (k) => usersByRedis.get(k);',
  'const words = /a/g; export function find(text) { words.lastIndex = 0; return words.exec(text); }',
  'let current; export function run(value, work) { const outer = current; current = value; try { return work(); } finally { current = outer; } }',
  'const controllers = new Map(); export const Controller = (path) => (target) => { controllers.set(target, path); };',
  'export class Plugin { static options = {}; static forRoot(options) { this.options = options; return Plugin; } }',
  'let bus; export const handler = { init(injector) { bus = injector.get(EventBus); } };',
  'const columns = []; export const Id = () => (entity, propertyKey) => { columns.push([entity, propertyKey]); };',
  'let settings; export const handler = { init(injector) { settings = injector.get(SETTINGS); } };',
  'let git; export function open(folder) { git = instrument(createGit(folder)); }',
  'export function run(work) { globalThis[KEY] = {}; work(); delete globalThis[KEY]; }',
  'const registry = {}; export function register(name, factory) { registry[name] = factory; }',
  'const modules = new Map(); export function __setModules(name, module) { modules.set(name, module); } export const get = (name) => modules.get(name);',
  'const uploadMetrics = { count: 0 }; export function record() { uploadMetrics.count++; }',
];

describe('JavaScript', () => {
  javascriptTester.run('no-module-state', rule, {
    valid: clean,
    invalid: [...written.map((code) => state('writtenBinding', code)), ...hidden],
  });
});

describe('TypeScript', () => {
  typescriptTester.run('no-module-state', rule, {
    valid: [
      ...clean,
      'const handlers = new Map<string, () => void>(); export function on(k: string, f: () => void) { handlers.set(k, f); }',
      'const plugins = new Map<string, Plugin[]>(); export function use(k: string, p: Plugin) { plugins.set(k, [p]); }',
      'export const pools = new LRUCache<string, ConnectionPool>({ max: 5 });',
      'const sockets = new Set<WebSocket>(); export function open(s: WebSocket) { sockets.add(s); }',
      'class Exits { all = new Map<string, { work: WorkHandler; signals: string[] }>(); add(k: string, e: never) { this.all.set(k, e); } } export const exits = new Exits();',
      'const agents = new Map<string, { http: HttpAgent; https: HttpsAgent }>(); export function add(k: string, a: never) { agents.set(k, a); }',
      'const clients = singleton("clients", () => new Map<string, StoreClientType>()); export const add = (k: string, c: never) => clients.set(k, c);',
      'const dispatchers = new Map<string, Dispatcher>(); export function add(k: string, d: Dispatcher) { dispatchers.set(k, d); }',
      'let timer: NodeJS.Timeout | undefined; export function start() { timer = later(); }',
      'let starting: Promise<void> | undefined; export const start = () => (starting ??= boot());',
      'declare let injected: number; export function f() { injected = 1; }',
      'enum Color { Red } export const red = () => Color.Red;',
      'export const names: ReadonlySet<string> = new Set();',
      { code: 'export const rooms = new Map<string, number>();', filename: 'rooms.d.ts' },
      { code: 'let n = 0; it("x", () => { n++; });', filename: 'src/rooms.test.ts' },
    ],
    invalid: [
      ...written.map((code) => state('writtenBinding', code)),
      ...hidden,
      state(
        'writtenBinding',
        'const a = new Map<string, Set<string>>(load()); export const f = () => a.get("x")!.add("y");',
      ),
      state(
        'writtenBinding',
        'const a = {} as Record<string, string[]>; export const f = () => (a["x"] as string[]).push("y");',
      ),
      state(
        'writtenBinding',
        'let users: readonly string[] | undefined; export function f(u: string[]) { users = u; }',
      ),
      state(
        'writtenBinding',
        'namespace Counter { let n = 0; export function next() { return n++; } } export { Counter };',
      ),
      state(
        'writtenBinding',
        'const sizes = new Map<string, { width: number; height: number }>(); export function add(k: string, s: never) { sizes.set(k, s); }',
      ),
      state('writtenGlobal', 'export function f() { (globalThis as { hits?: number }).hits = 1; }'),
      state(
        'instance',
        'class R { private readonly all: string[] = []; add(r: string) { this.all.push(r); } } export const r = new R();',
      ),
    ],
  });
});

describe('messages', () => {
  it('say which binding, in which function, on which line', () => {
    const code = 'const rooms = new Map();\nexport function open(id) {\n  rooms.set(id, 1);\n}';
    expect(lint(code)).toMatchObject([
      {
        message:
          '`rooms` is one per process and is written at run time in `open` (line 3): another process will not see it. Keep it in the database, behind a repository, or pass it as an argument; if it may differ between processes, list it in the option `allowNames`.',
        line: 1,
        column: 7,
      },
    ]);
  });
});

describe('stores in memory by default', () => {
  const limiter = "import { rateLimit } from 'express-rate-limit';";
  const session = "import session from 'express-session';";
  javascriptTester.run('no-module-state', rule, {
    valid: [
      `${limiter} export const limit = rateLimit({ limit: 5, store: new RedisStore() });`,
      `${session} export const use = (store, app) => app.use(session({ secret: 's', store }));`,
      // What is not written there may name a store.
      `${limiter} export const limit = rateLimit(options);`,
      `${limiter} export const limit = rateLimit({ ...options, limit: 5 });`,
      "import limit from '@fastify/rate-limit'; app.register(limit, { max: 5, redis });",
      "import { rateLimit } from './limits.js'; export const limit = rateLimit({ limit: 5 });",
      {
        code: `${limiter} export const limit = rateLimit({ limit: 5 });`,
        options: [{ allowConstructors: ['rateLimit'] }],
      },
    ],
    invalid: [
      state('memoryStore', `${limiter} export const limit = rateLimit({ limit: 5 });`),
      state('memoryStore', `${limiter} export const f = (app) => app.use(rateLimit());`),
      state(
        'memoryStore',
        `${session} export function f(app) { app.use(session({ secret: 's' })); }`,
      ),
      state('memoryStore', "const session = require('express-session'); app.use(session({}));"),
      state(
        'memoryStore',
        "import limit from '@fastify/rate-limit'; app.register(limit, { max: 5 });",
      ),
      state('memoryStore', "import * as all from 'express-slow-down'; app.use(all.slowDown({}));"),
    ],
  });
});

describe('what belongs to a request, on an object of the module', () => {
  typescriptTester.run('no-module-state', rule, {
    valid: [
      'const api = connect(); export function setUp() { api.timeout = 5000; }',
      'const api = connect(); export function setUp(timeout: number) { api.timeout = timeout; }',
      'export function f(req: Request) { const api = connect(); api.user = req.user; }',
      // The request itself is its own.
      'export function f(req: Request) { req.user = req.headers.user; }',
    ],
    invalid: [
      state(
        'writtenBinding',
        'const api = connect(); export const f = (req) => { api.user = req.user; };',
      ),
      state(
        'writtenBinding',
        'const api = connect(); export function f(r: Request) { api.user = r.headers["x"]; }',
      ),
      state(
        'writtenBinding',
        'const c = new Client(); export function f({ user }: Request) { c.user = user; }',
      ),
      state(
        'writtenBinding',
        'import { api } from "./api.js"; export async function f(ctx) { const who = await auth(ctx.token); api.user = who.name; }',
      ),
    ],
  });
});

describe('the one instance of an injected class', () => {
  const nest = "import { Controller, Injectable, Scope } from '@nestjs/common';";
  typescriptTester.run('no-module-state', rule, {
    valid: [
      `${nest} @Injectable() export class A { constructor(private readonly limit: number) {} get() { return this.limit; } }`,
      `${nest} @Injectable({ scope: Scope.REQUEST }) export class A { private user = ''; set(user: string) { this.user = user; } }`,
      `${nest} @Injectable() export class A { private open = false; onModuleInit() { this.open = true; } }`,
      `${nest} @Injectable() export class A { private connected = false; up() { this.connected = true; } down() { this.connected = false; } }`,
      `${nest} @Injectable() export class A { private client?: Client; async get() { return (this.client ??= await connect()); } }`,
      // Nobody says that there is one instance only.
      "import { Injectable } from './own.js'; @Injectable() export class A { private n = 0; f() { this.n++; } }",
      'export class A { private n = 0; f() { this.n++; } }',
      "import { Service } from 'typedi'; @Service({ transient: true }) class A { n = 0; f() { this.n++; } }",
    ],
    invalid: [
      {
        code: `${nest} @Injectable() export class Tabs { private readonly tabs = new Map<string, number>(); f(id: string) { this.tabs.set(id, 1); } }`,
        errors: [{ messageId: 'injected' }],
      },
      state(
        'injected',
        `${nest} @Controller('x') class A { private n = 0; f() { return ++this.n; } }`,
      ),
      state(
        'injected',
        `${nest} @Injectable() class A { #names: string[] = []; add = (name: string) => { this.#names.push(name); }; }`,
      ),
      state(
        'injected',
        `${nest} @Injectable() class A { last?: string; f(id: string) { this.last = id; } }`,
      ),
      state(
        'injected',
        `${nest} @Injectable() class A { running = false; async f() { if (this.running) return; this.running = true; await work(); this.running = false; } }`,
      ),
      state(
        'injected',
        "import { singleton } from 'tsyringe'; @singleton() class A { n = 0; f() { this.n++; } }",
      ),
      {
        code: `${nest} @Injectable() class A { a = 0; b: string[] = []; f() { this.a++; this.b.push(''); } }`,
        errors: [{ messageId: 'injected' }, { messageId: 'injected' }],
      },
    ],
  });
});

describe('containers of what only sounds like a live thing', () => {
  const map = (type: string) =>
    `${type} const all = new Map<string, Thing>(); export const f = (id: string, x: Thing) => all.set(id, x);`;
  typescriptTester.run('no-module-state', rule, {
    valid: [
      map("import type { Thing } from 'node:net';").replaceAll('Thing', 'Socket'),
      map('interface Thing { id: string; socket: WebSocket }'),
      map('class Thing { constructor(readonly socket: WebSocket) {} }'),
      map('type Thing = NodeJS.Timeout;'),
      map('interface Thing { name: string; run: () => void }'),
      map('interface Thing { run(): void }').replaceAll('Thing', 'CommandHandler'),
    ],
    invalid: [
      state(
        'writtenBinding',
        map('interface Thing { progress: number }').replaceAll('Thing', 'UploadTask'),
      ),
      state(
        'writtenBinding',
        map('type Thing = { members: string[] };').replaceAll('Thing', 'Channel'),
      ),
      state(
        'writtenBinding',
        map('class Thing { score = 0; }').replaceAll('Thing', 'GameInstance'),
      ),
      state(
        'writtenBinding',
        map('interface Thing { close(): void }').replaceAll('Thing', 'Transport'),
      ),
      state(
        'writtenBinding',
        map('interface Thing { next: Thing | null }').replaceAll('Thing', 'Worker'),
      ),
    ],
  });
});

describe('data that is read when it is first asked for', () => {
  javascriptTester.run('no-module-state', rule, {
    valid: [
      'let client; export const get = async () => (client ??= await connect());',
      'let logger; export const get = async () => (logger ??= await import("./logger.js"));',
      'let config; export const get = () => (config ??= loadConfig());',
    ],
    invalid: [
      state(
        'writtenBinding',
        'let service; export const get = async () => (service ??= await fetchRates());',
      ),
      state(
        'writtenBinding',
        'let config; export const get = async (db) => (config ??= await db.query("select 1"));',
      ),
      state('writtenBinding', 'let flags; export const get = () => (flags ??= computeFlags());'),
    ],
  });
});

describe('options', () => {
  javascriptTester.run('no-module-state', rule, {
    valid: [
      {
        code: 'let hits = 0; export const hit = () => hits++;',
        options: [{ allowNames: ['hits'] }],
      },
      {
        code: 'let hits = 0; export const hit = () => hits++;',
        options: [{ allowNames: ['/^hit/'] }],
      },
      {
        code: 'export class A { static n = 0; f() { A.n++; } }',
        options: [{ allowNames: ['A.n'] }],
      },
      { code: 'export const c = new LRUCache();', options: [{ allowConstructors: ['LRUCache'] }] },
      { code: 'export const c = memoize(f);', options: [{ allowConstructors: ['memoize'] }] },
      {
        code: 'let n = 0; export const f = () => n++;',
        filename: 'scripts/seed.js',
        options: [{ allowFiles: ['scripts/**'] }],
      },
    ],
    invalid: [
      {
        code: 'let client; export const get = () => (client ??= new Client());',
        options: [{ reportLazyResources: true }],
        errors: [
          { messageId: 'lazyResource', data: { name: 'client', function: '`get`', line: 1 } },
        ],
      },
    ],
  });

  it('names an option that makes no sense', () => {
    expect(() => lint('', { allowName: ['a'] })).toThrow(/"allowName"/);
    expect(() => lint('', { allowNames: 'a' })).toThrow(/should be array/);
    expect(() => lint('', { allowNames: ['/(/'] })).toThrow(/option `allowNames`: \/\(\//);
  });
});

function lint(code: string, options: object = {}) {
  return new Linter().verify(code, [
    {
      plugins: { justscale },
      rules: { 'justscale/no-module-state': ['error', options] },
    },
  ]);
}
