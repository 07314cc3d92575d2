import { renamed, UNKNOWN, withChoices, withReads, type Value } from './value.js';

/** What a map has under a key: where entries are kept by their own ids, the one that has this id. */
export function entryOf(map: Value, key: Value): Value {
  const own = map.element?.properties?.get('0');
  const entry = map.element?.properties?.get('1');
  if (!entry) return { ...UNKNOWN, reads: map.reads, choices: map.choices };
  const value = own?.identity && key.identity ? renamed(entry, own.identity, key.identity) : entry;
  return withChoices(withReads(value, map.reads), map.choices);
}
