import type ts from 'typescript';
import { getReportNode, type WriteFact } from '../../flow/facts.js';
import { isAnyElement, type Identity } from '../../flow/identity.js';
import type { Condition } from '../../flow/state.js';
import { EXISTENCE, type Asked, type Read } from '../../flow/value.js';
import { isForeign } from '../../../vocabulary/model-name.js';
import { isDemanding, isElementOf, isOf } from '../staleness.js';
import type { Circumstances, DecisionFinder, StaleDecision } from './decision.js';

/**
 * Rows were looked for without any lock, and what was found (how many there are, what they add up to, that none is in
 * the way) decides a write that changes what would be found.
 */
export const findCounted: DecisionFinder = (write, circumstances) =>
  circumstances.conditions.flatMap((condition) => findCount(write, condition, circumstances) ?? []);

function findCount(
  write: WriteFact,
  condition: Condition,
  circumstances: Circumstances,
): StaleDecision | null {
  const read = condition.reads.find(
    (candidate) =>
      isOfTaken(candidate, write) ||
      (isUnlockedQuery(candidate) &&
        isOfTheRules(candidate, write) &&
        !isCleaning(condition, write) &&
        (candidate.model === write.target?.model
          ? isChanged(candidate, condition, write)
          : isOfItsOwn(candidate, write))),
  );
  if (!read || isAskedUnderLock(read, circumstances)) return null;
  const { model } = read;
  const node = getReportNode(condition, [write.site, read.site]);
  return (
    node && {
      kind: 'counted',
      tier: 'certain',
      node,
      write,
      model,
      fields: [],
      read: read.site.node,
    }
  );
}

/** Of too many rows some are deleted: whoever does it as well deletes the same. */
function isCleaning({ kind }: Condition, { operation, target }: WriteFact): boolean {
  return operation === 'delete' && kind === 'branch' && isForeign(target?.model ?? null);
}

/**
 * In tables of a library, an insert is what `no-unguarded-insert` is about, and a row that was picked from a list is
 * mostly picked for what it is.
 */
function isOfTheRules({ model, field, asked }: Read, { operation, guards }: WriteFact): boolean {
  if (!isForeign(model)) return true;
  if (operation === 'insert' || guards.some(isDemanding)) return false;
  if (operation === 'delete' && asked === 'existence') return false;
  return (
    (field === 'length' || field === '*') &&
    (asked === 'amount' || asked === 'existence' || asked === 'equality')
  );
}

/** Nobody has this very value yet, so the row gets it: no key keeps another one from getting it as well. */
function isOfTaken(read: Read, { operation, target, patch, keys }: WriteFact): boolean {
  const { model, field, asked, identity, protectedBy } = read;
  if (operation !== 'update' || keys == null || model !== target?.model) return false;
  if (asked !== 'existence' || (field !== EXISTENCE && field !== 'length')) return false;
  if (protectedBy !== null || identity.isGuarded === true) return false;
  const query = [...(identity.query ?? [])];
  const isKept = keys.some((key) =>
    key.fields.every((one) => query.some(([name, value]) => name === one && value !== null)),
  );
  return (
    !isKept &&
    query.some(
      ([name, value]) => value !== null && patch?.properties?.get(name)?.identity?.key === value,
    )
  );
}

/** Whether data says something of all the rows that a query found, and no lock was held when it did. */
function isUnlockedQuery({ model, identity, field, protectedBy }: Read): boolean {
  if (model === null) return false;
  if (protectedBy !== null || identity.isGuarded === true) return false;
  return field === 'length' || isAnyElement(identity.element?.accessor ?? '');
}

function isChanged(read: Read, condition: Condition, write: WriteFact): boolean {
  return write.operation === 'insert'
    ? isChangedByInsert(read, condition, write)
    : isChangedByUpdate(read, condition, write);
}

/** So many rows belong to the row that is written, and it says so from now on: an account is locked, a team is full. */
function isOfItsOwn({ asked, identity }: Read, { operation, target }: WriteFact): boolean {
  if (operation === 'insert' || operation === 'delete' || !target) return false;
  if (asked !== 'amount' && asked !== 'next') return false;
  return [...(identity.query?.values() ?? [])].includes(target.identity.key);
}

/** Whether the same rows are looked for again while a lock is held. */
function isAskedUnderLock({ model }: Read, { conditions }: Circumstances): boolean {
  return conditions.some(({ reads }) =>
    reads.some((read) => read.model === model && read.identity.isGuarded === true),
  );
}

/** What a unique key answers as well. */
const KEY_QUESTIONS: ReadonlySet<Asked | undefined> = new Set(['existence', 'equality', 'match']);

/**
 * One more row changes every answer. What a unique key could say as well is left to it: that there is none, or none
 * with that very value.
 */
function isChangedByInsert(read: Read, condition: Condition, write: WriteFact): boolean {
  if (KEY_QUESTIONS.has(read.asked)) return false;
  return !isEachInTurn(read.identity, condition, write);
}

/** A loop that goes through the rows and decides for each of them decides nothing for all. */
function isEachInTurn({ origins }: Identity, { kind }: Condition, { site }: WriteFact): boolean {
  return (
    kind === 'branch' &&
    origins.some((origin) => {
      const loop = enclosingLoop(origin);
      return loop && site.node.pos >= loop.pos && site.node.end <= loop.end;
    })
  );
}

/** The `for … of` whose variable a name is. */
function enclosingLoop(name: ts.Node): ts.Node | null {
  const list = name.parent?.parent;
  const loop = list?.parent;
  return loop && 'initializer' in loop && loop.initializer === list ? loop : null;
}

/** Another row joins or leaves the rows that were found: it is deleted, or a field changes that they were found by. */
function isChangedByUpdate(read: Read, condition: Condition, write: WriteFact): boolean {
  const { target, patch } = write;
  if (!target || isOneOfThem(target.identity, read.identity)) return false;
  if (write.operation === 'delete' || isSoftDeletion(write)) return true;
  const query = read.identity.query ?? new Map<string, string | null>();
  const fields = new Set(query.keys());
  for (const other of condition.reads) {
    if (isOf(other, read) || isElementOf(other, read)) fields.add(other.field);
  }
  return [...fields].some((field) => {
    const value = patch?.properties?.get(field);
    if (!value) return false;
    // That nobody else has this very value, a unique key says as well.
    const isUnique = read.asked === 'existence' && query.get(field) === value.identity?.key;
    return !isUnique;
  });
}

const DELETION = /^(?:deleted|removed|archived|disabled|deactivated)(?:At|On|_at)?$/i;

/** In tables of a library, a row is often deleted by saying so in it. */
function isSoftDeletion({ target, patch }: WriteFact): boolean {
  return (
    isForeign(target?.model ?? null) &&
    [...(patch?.properties?.keys() ?? [])].some((field) => DELETION.test(field))
  );
}

function isOneOfThem(row: Identity, found: Identity): boolean {
  const collection = found.element?.collection ?? found.key;
  return row.element?.collection === collection;
}
