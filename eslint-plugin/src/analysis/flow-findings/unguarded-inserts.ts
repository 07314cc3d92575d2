import type ts from 'typescript';
import type { Model } from '../../vocabulary/effect.js';
import { getReportNode, type FlowFacts, type WriteFact } from '../flow/facts.js';
import { conditionsUntil, type Condition } from '../flow/state.js';
import { propertyOf } from '../flow/identity.js';
import { allReads, EXISTENCE, type Read, type Value } from '../flow/value.js';
import { isStale } from './staleness.js';
import { isForeign } from '../../vocabulary/model-name.js';
import type { Tier } from './tier.js';

/** An insert that rows which were looked for decide, and that nothing keeps from happening twice. */
export interface UnguardedInsert {
  /** There was none yet; the same, where a key lets the second one fail; there were not too many; the next number was taken from those that are there. */
  readonly kind: 'absent' | 'collides' | 'limited' | 'numbered';
  readonly tier: Tier;
  readonly node: ts.Node;
  readonly write: WriteFact;
  readonly model: Model;
  readonly read: ts.Node;
  /** The fields that the rows were looked for by, or the field that is numbered. */
  readonly fields: readonly string[];
}

export function findUnguardedInserts(facts: FlowFacts): readonly UnguardedInsert[] {
  const found = new Map<ts.Node, UnguardedInsert>();
  for (const write of facts.writes) {
    if (write.operation !== 'insert' || !isForeign(write.target?.model ?? null)) continue;
    const insert = findNumbered(write) ?? findDecided(write);
    if (insert && !found.has(insert.write.site.node)) found.set(insert.write.site.node, insert);
  }
  return [...found.values()];
}

function findDecided(write: WriteFact): UnguardedInsert | null {
  let probable: UnguardedInsert | null = null;
  for (const condition of conditionsUntil(write.conditions, null)) {
    for (const read of condition.reads) {
      const insert = isAbout(read, write) ? toInsert(write, condition, read) : null;
      if (insert?.tier === 'certain') return insert;
      probable ??= insert;
    }
  }
  return probable;
}

/** Whether a read found rows of the table of an insert, without a lock that is still held. */
function isAbout(read: Read, { target, scope, lockedNames }: WriteFact): boolean {
  if (read.model === null || read.model !== target?.model) return false;
  if (read.identity.isGuarded === true) return false;
  return isStale({ ...read, asked: 'amount' }, { scope, lockedNames });
}

function toInsert(write: WriteFact, condition: Condition, read: Read): UnguardedInsert | null {
  const { model, site, identity, asked } = read;
  const node = getReportNode(write.site, [condition, site]);
  if (!node) return null;
  const fields = [...(identity.query?.keys() ?? [])];
  const insert = { node, write, model, read: site.node, fields };
  const isNumber = read.field === 'length' || read.field === '*';
  if (isNumber && (asked === 'amount' || asked === 'next')) {
    return read.field === 'length' ? { ...insert, kind: 'limited', tier: 'certain' } : null;
  }
  if (asked !== undefined && asked !== 'existence') return null;
  if (read.field !== EXISTENCE && read.field !== 'length') return null;
  const match = matchOf(read, write);
  if (match === 'none' || isRefusalHandled(write)) return null;
  const isSure = match === 'all' && write.keys != null;
  const tier = isSure ? 'certain' : 'probable';
  if (!isExcluded(fields, write)) return { ...insert, kind: 'absent', tier };
  // Somebody who wanted the row, whoever made it, gets an error instead.
  return { ...insert, kind: 'collides', tier: condition.kind === 'throw' ? 'probable' : tier };
}

/** Whether what is inserted has the values by which it was looked for: otherwise the check was of another row. */
function matchOf({ identity }: Read, { patch }: WriteFact): 'all' | 'some' | 'none' {
  const query = [...(identity.query ?? [])];
  if (query.length === 0 || !patch) return query.length === 0 ? 'none' : 'some';
  let match: 'all' | 'some' = 'all';
  for (const [field, name] of query) {
    const value = valueOf(patch, field);
    // What is looked for without a value, such as rows that are not deleted, a new row is by default.
    if (!value && name === null) continue;
    if (!value?.identity || name === null) match = 'some';
    else if (value.identity.key !== name) return 'none';
  }
  return match;
}

/** What a field of a new row will be: also of an object that was handed in whole. */
function valueOf({ properties, identity }: Value, field: string): Pick<Value, 'identity'> | null {
  const known = properties?.get(field);
  if (known) return known;
  return identity && properties === null ? { identity: propertyOf(identity, field) } : null;
}

/**
 * Whether somebody handles a key that is taken. A statement that says what happens then knows of a key; a `catch` around it
 * may be there for anything else, where no schema shows one.
 */
function isRefusalHandled({ isConflictHandled, settlesConflict, keys }: WriteFact): boolean {
  if (settlesConflict === true) return true;
  return isConflictHandled && (keys == null || keys.some(({ isPrimary }) => !isPrimary));
}

/** Whether a unique key of the table refuses, or leaves out, a second one. */
function isExcluded(fields: readonly string[], { keys }: WriteFact): boolean {
  return keys?.some((key) => key.fields.every((field) => fields.includes(field))) === true;
}

/** The next number was computed from the highest one, or from how many there are. */
function findNumbered(write: WriteFact): UnguardedInsert | null {
  // Whether a key that nothing shows is there, whoever handles its error knows.
  if (write.isConflictHandled && write.keys == null) return null;
  for (const [field, value] of write.patch?.properties ?? []) {
    if (write.keys?.some((key) => key.fields.includes(field)) === true) continue;
    const read = allReads(value).find((one) => isNumberBefore(one, field) && isAbout(one, write));
    const node = read && getReportNode(write.site, [read.site]);
    if (!node) continue;
    const { model, site } = read;
    return {
      kind: 'numbered',
      tier: 'certain',
      node,
      write,
      model,
      read: site.node,
      fields: [field],
    };
  }
  return null;
}

function isNumberBefore({ asked, field }: Read, written: string): boolean {
  if (field === 'length' || field === '*') return asked === 'next' || asked === 'amount';
  return field === written && asked === 'next';
}
