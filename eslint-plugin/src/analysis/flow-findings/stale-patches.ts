import type ts from 'typescript';
import { getReportNode, type FlowFacts, type WriteFact } from '../flow/facts.js';
import { conditionsUntil, type Condition } from '../flow/state.js';
import { mayBeSame } from '../flow/identity.js';
import { allReads, type Read, type Value } from '../flow/value.js';
import { findClaims, isClaimed, type Claim } from './claims.js';
import { isForeign } from '../../vocabulary/model-name.js';
import type { Tier } from './tier.js';
import { isClaiming, isCompared, isOf, isStale, isValidated } from './staleness.js';

/** A patch that was computed from data that no lock of its transaction protects. */
export interface StalePatch {
  readonly node: ts.Node;
  readonly write: WriteFact;
  readonly reads: readonly Read[];
  readonly tier: Tier;
}

export function findStalePatches(facts: FlowFacts): readonly StalePatch[] {
  const found = new Map<ts.Node, StalePatch>();
  const claims = findClaims(facts);
  for (const write of facts.writes) {
    const reads = staleReads(write, claims);
    if (reads.length === 0) continue;
    const { site } = write;
    const node = getReportNode(
      site,
      reads.map((read) => read.site),
    );
    if (!node) continue;
    const reported = node === site.node ? (write.patchNode ?? node) : node;
    if (!found.has(reported))
      found.set(reported, { node: reported, write, reads, tier: tierOf(write, reads) });
  }
  return [...found.values()];
}

/**
 * In tables of a library, a field that was computed from itself loses what another process wrote; one that follows from
 * others may be meant to.
 */
function tierOf(write: WriteFact, reads: readonly Read[]): Tier {
  const { patch } = write;
  const isCertain = reads.some(({ model, field, isHandedOver }) => {
    if (!isForeign(model)) return true;
    if (field === '*') return [...(patch?.properties?.values() ?? [])].some(isCopied);
    const written = patch?.properties?.get(field);
    if (!written) return false;
    return (
      isHandedOver !== true &&
      allReads(written).some((read) => read.field === field || read.field === '*')
    );
  });
  const isTaken = isForeign(write.target?.model ?? null) && isClaiming(write);
  return isCertain && !isTaken ? 'certain' : 'probable';
}

/** Whether a value is an object or a list into which the data of a row was copied. */
function isCopied(value: Value): boolean {
  const isMadeOf = value.reads.some(({ field, isHandedOver }) => field === '*' && !isHandedOver);
  return isMadeOf && (value.properties !== null || value.element !== null);
}

/** What the patch of a write was computed from, of the very row that is written, and may no longer be. */
function staleReads(write: WriteFact, claims: readonly Claim[]): readonly Read[] {
  const { target, patch } = write;
  if (!target || !patch || write.operation === 'insert') return [];
  const conditions = conditionsUntil(write.conditions, null);
  const ownReads = readsOfItself(write);
  return allReads(patch).filter(
    (read) =>
      (isOf(read, target) || ownReads.has(read)) &&
      isStale(read, write) &&
      !isValidated(read, write, conditions) &&
      !isCompared(read, write) &&
      !isResultChecked(read, write, conditions) &&
      !isClaimed(read, write, claims),
  );
}

/**
 * Data of the same field that a field was computed from, of a row of the same table that nothing says is another one.
 * A field that is only copied may well be another row's.
 */
function readsOfItself({ target, patch }: WriteFact): ReadonlySet<Read> {
  const found = new Set<Read>();
  if (!target || !isForeign(target.model)) return found;
  for (const [field, value] of patch?.properties ?? []) {
    for (const read of allReads(value)) {
      const isOfField = read.field === field && read.model === target.model;
      const isCopy = value.identity?.key === `${read.identity.key}.${field}`;
      if (isOfField && !isCopy && mayBeSame(read.identity, target.identity)) found.add(read);
    }
  }
  return found;
}

/** What work made of the data is stored, after a look at the locked row: how it stands now was taken into account. */
function isResultChecked(read: Read, write: WriteFact, conditions: readonly Condition[]): boolean {
  return (
    read.isHandedOver === true &&
    conditions.some(({ reads }) =>
      reads.some((locked) => locked.protectedBy === write.scope && isOf(locked, read)),
    )
  );
}
