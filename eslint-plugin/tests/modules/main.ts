import { TtlCache, counter, Registry, Client, Named } from './lib/index.js';
import { createCache, createClient, rooms, createGuard, config } from '@/lib/factory';
import { createLookup } from './lib/cached.js';
import * as f from './lib/factory.js';
// of bad_a
export const a = new TtlCache<number>();
// of bad_b
export const b = counter();
// of bad_c
export const c = new Registry();
// of bad_d
export const d = createCache();
export const fill = (id: string) => rooms.set(id, 1);
// of bad_f
export const g = createGuard();
// of bad_g
export const h = f.createCounter();
// of bad_h
class Limiter {
  private readonly cache = new TtlCache<number>();
  check(ip: string) {
    this.cache.set(ip, 1);
  }
}
// of bad_h
export const limiter = new Limiter();
// of bad_i
export const named = new Named();
// of bad_j
let lazy: TtlCache<string> | undefined;
export const bad_j = () => (lazy ??= createCache());
// of bad_k
export const lookup = createLookup();
// of ok_a
export const client = createClient();
// of ok_b
export const other = new Client('y');
// of ok_c
export const ok_c = () => config.url;
