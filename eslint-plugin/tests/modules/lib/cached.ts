import { LRUCache } from 'lru-cache';

export function createLookup() {
  const cache = new LRUCache<string, string>({ max: 100 });
  return { get: (key: string) => cache.get(key) };
}
