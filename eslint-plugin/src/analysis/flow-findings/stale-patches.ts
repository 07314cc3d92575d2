import type ts from 'typescript';
import { getReportNode, type FlowFacts, type WriteFact } from '../flow/facts.js';
import { conditionsUntil, type Condition } from '../flow/state.js';
import { allReads, type Read } from '../flow/value.js';
import { findClaims, isClaimed, type Claim } from './claims.js';
import { isCompared, isOf, isStale, isValidated } from './staleness.js';

/** A patch that was computed from data that no lock of its transaction protects. */
export interface StalePatch {
  readonly node: ts.Node;
  readonly write: WriteFact;
  readonly reads: readonly Read[];
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
    if (!found.has(reported)) found.set(reported, { node: reported, write, reads });
  }
  return [...found.values()];
}

/** What the patch of a write was computed from, of the very row that is written, and may no longer be. */
function staleReads(write: WriteFact, claims: readonly Claim[]): readonly Read[] {
  const { target, patch } = write;
  if (!target || !patch || write.operation === 'insert') return [];
  const conditions = conditionsUntil(write.conditions, null);
  return allReads(patch).filter(
    (read) =>
      isOf(read, target) &&
      isStale(read, write) &&
      !isValidated(read, write, conditions) &&
      !isCompared(read, write) &&
      !isResultChecked(read, write, conditions) &&
      !isClaimed(read, write, claims),
  );
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
