// A callback that writes, whose promise the one who calls it drops: from a field, a list, through call, in a loop.
import { defineModel, type Repository, type Store } from '@justscale/runtime';
import { z } from 'zod';
class Film extends defineModel('film', z.object({ views: z.number() })) {}
declare const store: Store;
declare const films: Repository<Film>;
const seen = async (id: string) =>
  void (await films.mutate(Film.ref(id), (film) => ({ views: film.views + 1 })));

// of bad_class_hook
class Runner {
  constructor(private readonly after: (id: string) => Promise<void>) {}
  bad_class_hook(id: string) {
    this.after(id);
  }
}
export const runner = new Runner(seen);
// of bad_list
class Hooks {
  private readonly hooks: ((id: string) => Promise<void>)[] = [];
  on(hook: (id: string) => Promise<void>) {
    this.hooks.push(hook);
  }
  bad_list(id: string) {
    for (const hook of this.hooks) hook(id);
  }
}
export const hooks = new Hooks();
hooks.on(seen);
// of bad_each
export function bad_each(ids: string[], work: (id: string) => Promise<void>) {
  ids.forEach((id) => {
    work(id);
  });
}
export const caller = (ids: string[]) => bad_each(ids, seen);
// of bad_for_each_direct
export function bad_for_each_direct(ids: string[]) {
  ids.forEach(seen);
}
// of bad_map_dropped
export async function bad_map_dropped(ids: string[]) {
  ids.map((id) => seen(id));
}
// of bad_generic
function bad_generic<A extends unknown[]>(fn: (...args: A) => Promise<void>, ...args: A) {
  fn(...args);
}
export const g = (id: string) => bad_generic(seen, id);
// of bad_apply
export function bad_apply(fn: typeof seen, id: string) {
  fn.call(null, id);
}
export const a = (id: string) => bad_apply(seen, id);
// of bad_void_arrow
export async function bad_void_arrow(id: string) {
  await store.transaction(async () => {
    [id].forEach((x) => void seen(x));
  });
}
// of bad_try
export function bad_try(work: () => Promise<unknown>) {
  try {
    work();
  } catch {}
}
export const t = (id: string) => bad_try(() => seen(id));
// of bad_table
const table = { film: seen };
export function bad_table(kind: 'film', id: string) {
  table[kind](id);
}
// of bad_conditional
export function bad_conditional(id: string, cb?: (id: string) => Promise<void>) {
  if (cb) cb(id);
  cb && cb(id);
}
export const c = (id: string) => bad_conditional(id, seen);
// of ok_all
export async function ok_all(ids: string[], work: (id: string) => Promise<void>) {
  await Promise.all(ids.map((id) => work(id)));
}
export const ca = (ids: string[]) => ok_all(ids, seen);
// of ok_returned
export function ok_returned(work: () => Promise<void>) {
  return work();
}
export const cr = (id: string) => ok_returned(() => seen(id));
// of ok_caught
export function ok_caught(work: () => Promise<void>) {
  work().catch((error: unknown) => console.error(error));
}
export const cc = (id: string) => ok_caught(() => seen(id));
// of ok_sync
export function ok_sync(log: (id: string) => void, id: string) {
  log(id);
}
export const cs = (id: string) => ok_sync((x) => console.log(x), id);
// of ok_pushed
export async function ok_pushed(ids: string[], work: (id: string) => Promise<void>) {
  const all: Promise<void>[] = [];
  ids.forEach((id) => {
    all.push(work(id));
  });
  await Promise.all(all);
}
export const cp = (ids: string[]) => ok_pushed(ids, seen);
// of ok_reduce
export async function ok_reduce(ids: string[]) {
  await ids.reduce((before, id) => before.then(() => seen(id)), Promise.resolve());
}
