import type { Model } from '../../vocabulary/effect.js';
import type { Guard, WriteFact } from '../flow/facts.js';
import { isSameIdentity, mayBeSame, type Identity } from '../flow/identity.js';
import { isSameModel } from '../flow/locks.js';
import type { Condition } from '../flow/state.js';
import { allChoices, type Read, type Value } from '../flow/value.js';

/** A row, or any of several, as the program names it. */
export interface Row {
  readonly model: Model;
  readonly identity: Identity;
}

/** Whether data is a row's. */
export function isOf(read: Row, row: Row): boolean {
  return isSameModel(read.model, row.model) && isSameIdentity(read.identity, row.identity);
}

/** Whether data is of one of the rows that a collection is of. */
export function isElementOf(read: Row, row: Row): boolean {
  return (
    isSameModel(read.model, row.model) && read.identity.element?.collection === row.identity.key
  );
}

/** What is locked where a write happens. */
type Protection = Pick<WriteFact, 'scope' | 'lockedNames'>;

/** Whether no lock that the transaction holds protects the data. */
export function isStale(read: Read, protection: Protection): boolean {
  return read.asked !== 'existence' && !isProtected(read, protection);
}

function isProtected(read: Read, { scope, lockedNames }: Protection): boolean {
  return read.protectedBy === scope || read.lockedNames.some((name) => lockedNames.includes(name));
}

/** Fields that change with every write, whoever sees to it: when they are equal, all the others are. */
const VERSION_FIELD = /^(?:version|revision|rev|etag|lockVersion|updatedAt|modifiedAt)$/;

/**
 * Whether a condition compared the old data with the locked one, and so made sure that it still holds: in the field
 * that was read, or in one that every such write changes, as a version is.
 */
export function isValidated(
  read: Read,
  write: WriteFact,
  conditions: readonly Condition[],
): boolean {
  const { scope, patch } = write;
  return conditions.some(({ reads }) =>
    reads.some(
      (old) =>
        isStale(old, write) &&
        isOf(old, read) &&
        (old.field === read.field || isVersion(old.field, patch)) &&
        reads.some(
          (locked) =>
            locked.protectedBy === scope && isOf(locked, old) && locked.field === old.field,
        ),
    ),
  );
}

/** Whether a write gives a field another value than the one that it demands. */
function isReplaced(field: string, { identity }: Value, patch: Value | null): boolean {
  if (VERSION_FIELD.test(field)) return true;
  const written = patch?.properties?.get(field);
  return written !== undefined && written.identity?.key !== identity?.key;
}

function isVersion(field: string, patch: Value | null): boolean {
  return VERSION_FIELD.test(field) || patch?.properties?.has(field) === true;
}

/**
 * Whether a condition of a write says how the row has to be by then, rather than whose it is: a constant, an order, or
 * what was read of it before.
 */
export function isDemanding({ comparison, value }: Guard): boolean {
  if (comparison !== 'equal' || value.reads.length > 0) return true;
  return value.identity?.key.startsWith('"') ?? true;
}

/** Whether the write takes the row out of a state that it demands: whoever does the same after it finds no such row. */
export function isClaiming({ guards, patch }: WriteFact): boolean {
  return guards.some((guard) => isDemanding(guard) && isReplaced(guard.field, guard.value, patch));
}

/** Whether the write itself demands that the row still is what was read, in that field or in such a version. */
export function isCompared(read: Read, { guards, target, patch }: WriteFact): boolean {
  if (target?.model !== read.model) return false;
  if (!mayBeSame(read.identity, target.identity)) return false;
  return guards.some(
    ({ field, comparison, value }) =>
      comparison === 'equal' &&
      value.reads.some((old) => old.field === field && isOf(old, read)) &&
      (field === read.field || isReplaced(field, value, patch)),
  );
}

/** Whether the same is asked again under the lock, before the write or to choose what is written. */
export function isRepeated(
  write: WriteFact,
  conditions: readonly Condition[],
  row: Row,
  fields: readonly string[],
): boolean {
  const asked = conditions.flatMap(({ reads }) => reads);
  if (write.patch) asked.push(...allChoices(write.patch));
  return asked.some(
    (read) =>
      isProtected(read, write) &&
      isOf(read, row) &&
      (read.field === '*' || fields.includes('*') || fields.includes(read.field)),
  );
}
