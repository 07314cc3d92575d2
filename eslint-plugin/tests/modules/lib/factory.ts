import { TtlCache, Client } from './ttl.js';
import { Mutex } from 'async-mutex';
export function createCounter() {
  let n = 0;
  return { next: () => ++n };
}
export const createCache = () => new TtlCache<string>();
export const createClient = () => new Client('http://x');
export function createGuard() {
  const mutex = new Mutex();
  return { run: (w: () => Promise<void>) => mutex.runExclusive(w) };
}
export const rooms = new Map<string, number>();
export const size = () => rooms.size;
export const config = { url: 'x' };
export default class Registry {
  #all: string[] = [];
  add(x: string) {
    this.#all.push(x);
  }
}
