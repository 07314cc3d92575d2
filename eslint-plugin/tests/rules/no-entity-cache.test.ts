import { domainCode } from '../support/domain-code.js';
import { getRule, typedTester } from '../support/rule-tester.js';

const rule = getRule('no-entity-cache');

type MessageId = keyof typeof rule.meta.messages;

const valid = (name: string, body: string) => ({ name, code: domainCode(body) });
const invalid = (name: string, messageId: MessageId, body: string) => ({
  name,
  code: domainCode(body),
  errors: [{ messageId }],
});

typedTester.run('no-entity-cache', rule, {
  valid: [
    valid(
      'a variable of the call',
      'export async function f(ref: Ref<Room>) { let room = await rooms.get(ref); room = await rooms.get(ref); return room; }',
    ),
    valid(
      'a map of the call',
      `export async function f(ids: string[]) {
      const byId = new Map<string, Persistent<Room>>();
      for (const room of await rooms.find()) byId.set(room.id, room);
      await Promise.all(ids.map(async (id) => { const room = await rooms.get(Room.ref(id)); if (room) byId.set(id, room); }));
      return [...byId.values()];
    }`,
    ),
    valid(
      'a variable around a transaction',
      `export async function f(ref: Ref<Room>) {
      let room: Persistent<Room> | null = null;
      await store.transaction(async () => { room = await rooms.get(ref); });
      return room;
    }`,
    ),
    valid(
      'what rows say, for one call; a field that is set anew; a key; what a function makes of it; the identity',
      `export class Names {
      owner = '';
      readonly #sockets = new Map<string, object>();
      readonly #ids = new Set<string>();
      async load(ref: Ref<Room>) {
        const names = new Map<string, string>();
        for (const room of await rooms.find()) names.set(room.id, room.owner);
        const room = await rooms.get(ref);
        if (room) { this.owner = room.owner; this.#sockets.set(room.owner, {}); this.#ids.add(room.id); }
        return names;
      }
    }`,
    ),
    valid(
      'a helper that calls a callback and keeps nothing of it',
      `export class Timed {
      readonly times = new Map<string, number>();
      async timed<T>(key: string, load: () => Promise<T>): Promise<T> {
        const start = Date.now();
        const loaded = await load();
        this.times.set(key, Date.now() - start);
        return loaded;
      }
      get(id: string) { return this.timed(id, () => rooms.get(Room.ref(id))); }
    }`,
    ),
    valid(
      'a lock in a field: no-escaped-lock says what is wrong with it',
      'export class Lobby { #locks = new Set<Locked<Room>>(); add(room: Locked<Room>) { this.#locks.add(room); } }',
    ),
    valid(
      'a view that is made for one call',
      'export class RoomView { readonly room: Persistent<Room>; constructor(room: Persistent<Room>) { this.room = room; } }',
    ),
    valid(
      'a parameter property',
      'export class RoomView { constructor(readonly room: Persistent<Room>) {} name() { return this.room.name; } }',
    ),
    valid(
      'the identity in a field',
      'export class Lobby { room: Ref<Room> | null = null; open(id: string) { this.room = Room.ref(id); } }',
    ),
    valid(
      'other data in a field',
      'export class Lobby { names = new Map<string, number>(); open(id: string) { this.names.set(id, 1); } }',
    ),
    valid(
      'a repository in a field',
      'export class Lobby { readonly rooms: Repository<Room>; constructor() { this.rooms = rooms; } use(other: Repository<Room>) { Object.assign(this, { other }); } }',
    ),
    valid(
      'a map that nothing is put into yet',
      'export class Lobby { rooms = new Map<string, Persistent<Room>>(); list: Persistent<Room>[] = []; }',
    ),
    valid(
      'a draft in a field',
      "export class Form { draft: Room | null = null; open() { this.draft = new Room({ name: '', members: 0, capacity: 1, status: 'open', owner: 'me' }); } }",
    ),
    valid(
      'weakly, for a request',
      'export class Requests { #rooms = new WeakMap<object, Persistent<Room>>(); async of(request: object) { const room = await rooms.get(Room.ref("a")); if (room) this.#rooms.set(request, room); return room; } }',
    ),
    valid(
      'a function that reads each time',
      'export const createRooms = () => ({ get: (id: string) => rooms.get(Room.ref(id)) });',
    ),
    valid(
      'what a test prepares',
      `declare function beforeEach(run: () => Promise<void>): void; declare function it(name: string, run: () => void): void;
      let room: Persistent<Room> | null;
      beforeEach(async () => { room = await rooms.get(Room.ref("a")); });
      it('is open', () => { console.log(room); });`,
    ),
    valid('a script', 'const room = await rooms.get(Room.ref("a")); console.log(room);'),
    valid(
      'a callback of the call',
      `export async function f(list: Persistent<Room>[]) {
      let largest: Persistent<Room> | null = null;
      list.forEach((room) => { if (!largest || room.members > largest.members) largest = room; });
      return largest;
    }`,
    ),
    valid(
      'a helper inside of the call',
      `export async function f(ids: string[]) {
      const seen: Persistent<Room>[] = [];
      async function add(id: string) { const room = await rooms.get(Room.ref(id)); if (room) seen.push(room); }
      for (const id of ids) await add(id);
      return seen;
    }`,
    ),
    {
      name: 'allowed by name',
      code: domainCode(
        'export class Lobby { #live: unknown; async open(ref: Ref<Room>) { this.#live = await rooms.get(ref); } get() { return this.#live; } }',
      ),
      options: [{ allow: ['live'] }] as const,
    },
  ],
  invalid: [
    invalid(
      'what rows say, in a map',
      'field',
      `export class Names {
      readonly #names = new Map<string, string>();
      async load() { for (const room of await rooms.find()) this.#names.set(room.id, room.owner); }
    }`,
    ),
    invalid(
      'what rows say, through a name, a pattern, an object, and a list of theirs',
      'field',
      `export class Names {
      readonly names: unknown[] = [];
      async load(ref: Ref<Room>) { const room = await rooms.get(ref); const owner = room?.owner; this.names.push({ owner }); }
    }`,
    ),
    invalid(
      'a field of a row that is read once',
      'field',
      `export class Names {
      owner: string | null = null;
      async load(ref: Ref<Room>) { this.owner ??= (await rooms.get(ref))?.owner ?? ''; return this.owner; }
    }`,
    ),
    invalid(
      'what a helper remembers of a callback',
      'memoised',
      `export class Cached {
      readonly known = new Map<string, unknown>();
      async cached<T>(key: string, load: () => Promise<T>): Promise<T> {
        const known = this.known.get(key);
        if (known !== undefined) return known as T;
        const loaded = await load();
        this.known.set(key, loaded);
        return loaded;
      }
      get(id: string) { return this.cached(id, () => rooms.get(Room.ref(id))); }
    }`,
    ),
    invalid(
      'a field',
      'field',
      'export class Lobby { room: Persistent<Room> | null = null; async open(ref: Ref<Room>) { this.room = await rooms.get(ref); } }',
    ),
    invalid(
      'a private field, once',
      'field',
      'export class Lobby { #room: Persistent<Room> | null = null; async open(ref: Ref<Room>) { this.#room ??= await rooms.get(ref); return this.#room; } }',
    ),
    invalid(
      'a promise in a field',
      'field',
      'export class Lobby { room?: Promise<unknown>; open(ref: Ref<Room>) { this.room ??= rooms.get(ref); return this.room; } }',
    ),
    invalid(
      'a field of any',
      'field',
      'export class Lobby { cache: any = {}; async open(ref: Ref<Room>) { this.cache[ref.id] = await rooms.get(ref); } }',
    ),
    invalid(
      'a map in a field',
      'field',
      'export class Lobby { #rooms = new Map<string, unknown>(); async open(ref: Ref<Room>) { this.#rooms.set(ref.id, { room: await rooms.get(ref), at: 1 }); } }',
    ),
    invalid(
      'an array in a field',
      'field',
      'export class Lobby { list: Persistent<Room>[] = []; add(room: Persistent<Room>) { this.list.push(room); } }',
    ),
    invalid(
      'a list in a field',
      'field',
      'export class Lobby { list: readonly Persistent<Room>[] = []; async refresh() { this.list = await rooms.find(); } }',
    ),
    invalid(
      'a field that reads when it is made',
      'field',
      'export class Lobby { readonly room = rooms.get(Room.ref("lobby")); }',
    ),
    invalid(
      'a static field',
      'module',
      'export class Lobby { static room: unknown; static async open(ref: Ref<Room>) { Lobby.room = await rooms.get(ref); } }',
    ),
    invalid(
      'an object that is a service',
      'field',
      'export const lobby = { room: null as Persistent<Room> | null, async open(ref: Ref<Room>) { this.room = await rooms.get(ref); } };',
    ),
    invalid(
      'a closure',
      'closure',
      `export function createLobby() {
      let room: Persistent<Room> | null = null;
      return { async get(ref: Ref<Room>) { room ??= await rooms.get(ref); return room; } };
    }`,
    ),
    invalid(
      'a map in a closure',
      'closure',
      `export const createDirectory = () => {
      const seen = new Map<string, Persistent<Room>>();
      const find = async (id: string) => { const room = await rooms.get(Room.ref(id)); if (room) seen.set(id, room); return seen.get(id); };
      return Object.freeze({ find });
    };`,
    ),
    invalid(
      'a closure that a returned one uses',
      'closure',
      `export function createDirectory() {
      const seen: Record<string, unknown> = {};
      async function load(id: string) { seen[id] = await rooms.get(Room.ref(id)); return seen[id]; }
      return (id: string) => load(id);
    }`,
    ),
    invalid(
      'a handler that stays registered',
      'closure',
      `import { EventEmitter } from 'node:events';
    export function watch(events: EventEmitter) {
      let last: unknown = null;
      events.on('seen', async (id: string) => { console.log(last); last = await rooms.get(Room.ref(id)); });
    }`,
    ),
    invalid(
      'a signal that keeps what it read',
      'closure',
      `export function watch() {
      let last: Persistent<Room> | null = null;
      return signals.changed.subscribe(async ({ room }) => { console.log(last); last = await rooms.get(room); });
    }`,
    ),
    invalid(
      'a variable of the module',
      'module',
      'let lobby: Persistent<Room> | null = null; export async function get() { lobby ??= await rooms.get(Room.ref("lobby")); return lobby; }',
    ),
    invalid(
      'a map of the module',
      'module',
      'const cache = new Map<string, unknown>(); export async function get(id: string) { const room = await rooms.get(Room.ref(id)); cache.set(id, room); return cache.get(id); }',
    ),
    invalid(
      'read when the module is loaded',
      'module',
      'export const lobby = await rooms.get(Room.ref("lobby"));',
    ),
    invalid(
      'read when the module is loaded, used later',
      'module',
      'const lobby = await rooms.get(Room.ref("lobby")); export const isOpen = () => lobby?.status === "open";',
    ),
    invalid(
      'a generic',
      'field',
      'export class Last<T extends Persistent<Room>> { last: T | null = null; use(value: T) { this.last = value; } }',
    ),
    invalid(
      'a function that remembers',
      'memoised',
      `declare function memoize<F>(work: F): F;
      export const getRoom = memoize(async (id: string) => rooms.get(Room.ref(id)));`,
    ),
    invalid(
      'a named function that is remembered',
      'memoised',
      `declare function pMemoize<F>(work: F): F;
      const load = (id: string) => rooms.get(Room.ref(id));
      export const createRooms = () => ({ get: pMemoize(load) });`,
    ),
  ],
});
