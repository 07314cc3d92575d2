import type { ProgramContext } from '../../../program/program-context.js';
import type { WriteFact } from '../../flow/facts.js';
import type { Condition } from '../../flow/state.js';
import type { Read, Value } from '../../flow/value.js';
import { allReads } from '../../flow/value.js';
import { isForeign } from '../../../vocabulary/model-name.js';
import type { Tier } from '../tier.js';
import { isDemanding } from '../staleness.js';
import { isInSameRun } from './same-run.js';
import { isEverChanged } from '../written-fields.js';

/**
 * How sure it is that a check of a row of a library's table is broken by another process. Nothing there makes anybody
 * look at a row under its lock, so that a check is a mistake only where the field can change meanwhile, and where the
 * write is wrong if it did. `null` when it is not.
 */
export function getForeignTier(
  context: ProgramContext,
  write: WriteFact,
  condition: Condition,
  reads: readonly Read[],
  writes: readonly WriteFact[],
): Tier | null {
  let tier: Tier | null = null;
  for (const read of reads) {
    if (!isForeign(read.model)) return 'certain';
    const found = tierOf(context, write, condition, read, writes);
    if (found === 'certain') return found;
    tier ??= found;
  }
  return tier;
}

function tierOf(
  context: ProgramContext,
  write: WriteFact,
  condition: Condition,
  read: Read,
  writes: readonly WriteFact[],
): Tier | null {
  const { field, model, asked } = read;
  if (field === '*' || read.isHandedOver === true) return null;
  const written = write.patch?.properties?.get(field);
  if (written) {
    if (isRestated(condition, asked, written)) return null;
    if (asked === undefined && isOnlyFlag(write, writes)) return 'probable';
    // A key keeps a second one out, and somebody handles its error.
    if (write.isConflictHandled) return 'probable';
    return write.guards.some(isDemanding) && asked === 'match' ? 'probable' : 'certain';
  }
  if (!isEverChanged(context, model, field)) return null;
  // Who may do it, and until when, is rarely what a concurrent write changes.
  if (asked === 'match' || asked === 'time' || condition.kind === 'branch') return null;
  return write.operation === 'delete' && asked === 'equality' && !write.guards.some(isDemanding)
    ? 'certain'
    : 'probable';
}

/** What says when a row was written last, by whatever write. */
const TOUCHED = /^(?:updated|modified)_?at$/i;

/**
 * Whether all that happens is that constants are written: that a flag is not set yet, or still is, makes no difference
 * to whoever comes second.
 */
function isOnlyFlag(write: WriteFact, writes: readonly WriteFact[]): boolean {
  const isConstant = [...(write.patch?.properties ?? [])].every(
    ([field, { reads, identity }]) =>
      reads.length === 0 && (TOUCHED.test(field) || (identity?.key.startsWith('"') ?? true)),
  );
  return isConstant && !writes.some((one) => one !== write && isInSameRun(one, write));
}

/**
 * The write brings the field to what somebody asked for, or to a constant that it may have already: whoever comes second
 * writes the same.
 */
function isRestated(condition: Condition, asked: Read['asked'], written: Value): boolean {
  if (asked === 'match') return true;
  return condition.kind === 'branch' && allReads(written).length === 0;
}
