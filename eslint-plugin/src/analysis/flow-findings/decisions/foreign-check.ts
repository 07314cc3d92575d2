import type { ProgramContext } from '../../../program/program-context.js';
import type { WriteFact } from '../../flow/facts.js';
import type { Condition } from '../../flow/state.js';
import type { Read, Value } from '../../flow/value.js';
import { allReads } from '../../flow/value.js';
import { isForeign } from '../../../vocabulary/model-name.js';
import type { Tier } from '../tier.js';
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
): Tier | null {
  let tier: Tier | null = null;
  for (const read of reads) {
    if (!isForeign(read.model)) return 'certain';
    const found = tierOf(context, write, condition, read);
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
): Tier | null {
  const { field, model, asked } = read;
  if (field === '*' || read.isHandedOver === true) return null;
  const written = write.patch?.properties?.get(field);
  if (written) {
    if (isRestated(condition, asked, written)) return null;
    return write.guards.length > 0 && asked === 'match' ? 'probable' : 'certain';
  }
  if (!isEverChanged(context, model, field)) return null;
  // Who may do it, and until when, is rarely what a concurrent write changes.
  if (asked === 'match' || asked === 'time' || condition.kind === 'branch') return null;
  return write.operation === 'delete' && asked === 'equality' && write.guards.length === 0
    ? 'certain'
    : 'probable';
}

/**
 * The write brings the field to what somebody asked for, or to a constant that it may have already: whoever comes second
 * writes the same.
 */
function isRestated(condition: Condition, asked: Read['asked'], written: Value): boolean {
  if (asked === 'match') return true;
  return condition.kind === 'branch' && allReads(written).length === 0;
}
