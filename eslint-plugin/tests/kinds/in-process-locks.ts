// A lock of this process is none between processes: a mutex of a package, in the module, a container, a class or a factory, or a chain
// of promises. What bounds how much this process does at once, sets it up once, or puts its own output in order, is no such lock.
import AsyncLock from 'async-lock';
import * as am from 'async-mutex';
import { Mutex, Semaphore, withTimeout, type MutexInterface } from 'async-mutex';
import pLimit from 'p-limit';
import PQueue from 'p-queue';
import { Injectable } from '@nestjs/common';
import { appendFile } from 'node:fs/promises';

// of bad_ns
const ns = new am.Mutex();
export const bad_ns = (w: () => Promise<void>) => ns.runExclusive(w);
// of bad_timeout
const timed: MutexInterface = withTimeout(new Mutex(), 100);
export const bad_timeout = (w: () => Promise<void>) => timed.runExclusive(w);
// of bad_sem1
const sem = new Semaphore(1);
export const bad_sem1 = (w: () => Promise<void>) => sem.runExclusive(w);
// of bad_striped
const stripes = Array.from({ length: 16 }, () => new Mutex());
export const bad_striped = (i: number, w: () => Promise<void>) => stripes[i % 16]!.runExclusive(w);
// of bad_literal
const locks = { orders: new Mutex(), users: new AsyncLock() };
export const bad_literal = (w: () => Promise<void>) => locks.orders.runExclusive(w);
// of bad_keyed_limit
const limits = new Map<string, ReturnType<typeof pLimit>>();
export function bad_keyed_limit(id: string, w: () => Promise<void>) {
  let l = limits.get(id);
  if (!l) {
    l = pLimit(1);
    limits.set(id, l);
  }
  return l(w);
}
// of bad_tails
const tails = new Map<string, Promise<void>>();
export function bad_tails(id: string, w: () => Promise<void>) {
  const before = tails.get(id) ?? Promise.resolve();
  const mine = before.then(w, w);
  tails.set(id, mine);
  return mine.finally(() => {
    if (tails.get(id) === mine) tails.delete(id);
  });
}
// of bad_tail
let queue = Promise.resolve();
export function bad_tail(w: () => Promise<void>) {
  queue = queue.then(w);
  return queue;
}
// of bad_released
let held: Promise<void> | undefined;
export async function bad_released(w: () => Promise<void>) {
  const before = held;
  let release!: () => void;
  held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await before;
  try {
    await w();
  } finally {
    release();
  }
}
// of bad_record
const chains: Record<string, Promise<unknown>> = {};
export function bad_record(id: string, w: () => Promise<void>) {
  return (chains[id] = (chains[id] ?? Promise.resolve()).then(w));
}
// of bad_while
const busy = new Map<string, Promise<void>>();
export async function bad_while(id: string, w: () => Promise<void>) {
  while (busy.has(id)) await busy.get(id);
  let resolve!: () => void;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  busy.set(id, promise);
  try {
    await w();
  } finally {
    busy.delete(id);
    resolve();
  }
}
// of bad_own_class
class KeyedQueue {
  readonly #ends = new Map<string, Promise<unknown>>();
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const end = (this.#ends.get(key) ?? Promise.resolve()).then(work);
    this.#ends.set(
      key,
      end.catch(() => undefined),
    );
    return end;
  }
}
// of bad_own_class
export const keyed = new KeyedQueue();
export const bad_own_class = keyed;
// of bad_own_tail
class Serial {
  private last: Promise<unknown> = Promise.resolve();
  run<T>(work: () => Promise<T>): Promise<T> {
    const next = this.last.then(work);
    this.last = next.catch(() => undefined);
    return next;
  }
}
// of bad_own_tail
export const serial = new Serial();
export const bad_own_tail = serial;
// of bad_factory
function createGuard() {
  const mutex = new Mutex();
  return { run: (w: () => Promise<void>) => mutex.runExclusive(w) };
}
// of bad_factory
export const guard = createGuard();
export const bad_factory = guard;
// of bad_injected
@Injectable()
export class Orders {
  private readonly mutex = new Mutex();
  bad_injected(w: () => Promise<void>) {
    return this.mutex.runExclusive(w);
  }
}
// of bad_static
export class Accounts {
  static readonly #lock = new AsyncLock();
  static bad_static(id: string, w: () => Promise<void>) {
    return Accounts.#lock.acquire(id, w);
  }
}
// of bad_lazy
let lazy: Mutex | undefined;
export const bad_lazy = (w: () => Promise<void>) => (lazy ??= new Mutex()).runExclusive(w);
// of ok_limit
const limit = pLimit(8);
export const ok_limit = (w: () => Promise<void>) => limit(w);
// of ok_queue
const pq = new PQueue({ concurrency: 4 });
export const ok_queue = (w: () => Promise<void>) => pq.add(w);
// of ok_init
const initMutex = new Mutex();
let client: Promise<object> | undefined;
export const ok_init = () =>
  initMutex.runExclusive(async () => void (await (client ??= connect())));
declare function connect(): Promise<object>;
// of ok_log
let writing = Promise.resolve();
export function ok_log(line: string) {
  writing = writing.then(() => appendFile('log', line));
}
// of ok_local
export async function ok_local(ids: string[]) {
  const mutex = new Mutex();
  await Promise.all(ids.map((id) => mutex.runExclusive(() => appendFile('x', id))));
}
// of ok_ready
const ready = new Map<string, Promise<void>>();
export function ok_ready(tenant: string) {
  let r = ready.get(tenant);
  if (!r) ready.set(tenant, (r = connect().then(() => undefined)));
  return r;
}
// of ok_connecting
let connecting: Promise<void> | undefined;
export async function ok_connecting() {
  if (connecting) await connecting;
  else connecting = new Promise((resolve) => setTimeout(resolve, 1));
}
// of bad_under_way
const active: Record<string, Promise<void>> = {};
export async function bad_under_way(id: string, work: () => Promise<void>) {
  if (id in active) return 'already running';
  active[id] = (async () => {
    try {
      await work();
    } finally {
      delete active[id];
    }
  })();
  await active[id];
  return 'done';
}
// of bad_aborted
const controllers = new Map<string, AbortController>();
export async function bad_aborted(id: string, work: (signal: AbortSignal) => Promise<void>) {
  if (controllers.has(id)) throw new Error('already running');
  const controller = new AbortController();
  controllers.set(id, controller);
  await work(controller.signal).finally(() => controllers.delete(id));
}
// of ok_joined
const flights = new Map<string, Promise<void>>();
export function ok_joined(id: string, work: () => Promise<void>) {
  const running = flights.get(id);
  if (running) return running;
  const mine = work().finally(() => flights.delete(id));
  flights.set(id, mine);
  return mine;
}
// of ok_cancelled
const cancels = new Map<string, AbortController>();
export async function ok_cancelled(id: string, work: (signal: AbortSignal) => Promise<void>) {
  const controller = new AbortController();
  cancels.set(id, controller);
  try {
    await work(controller.signal);
  } finally {
    cancels.delete(id);
  }
}
export const cancel = (id: string) => cancels.get(id)?.abort();
