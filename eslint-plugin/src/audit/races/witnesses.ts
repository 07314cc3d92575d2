import type ts from 'typescript';
import { getFlowFacts } from '../../analysis/flow/file-facts.js';
import { findLockOrders } from '../../analysis/flow-findings/lock-graph.js';
import { findStaleDecisions } from '../../analysis/flow-findings/stale-decisions.js';
import { findStalePatches } from '../../analysis/flow-findings/stale-patches.js';
import type { Tier } from '../../analysis/flow-findings/tier.js';
import { findUnguardedInserts } from '../../analysis/flow-findings/unguarded-inserts.js';
import { getLocation } from '../../report/source-places.js';

/** The sites that a report of a rule is about, which the text of the report only names. */
export interface Witness {
  readonly ruleId: string;
  /** Where the rule reports it. */
  readonly node: ts.Node;
  readonly tier: Tier;
  readonly write: ts.Node | null;
  readonly reads: readonly ts.Node[];
  /** Locks, the earlier one first. */
  readonly locks: readonly ts.Node[];
  /** A lock that is taken in the opposite order, in other code. */
  readonly elsewhere: ts.Node | null;
}

const known = new WeakMap<ts.SourceFile, readonly Witness[]>();

/** What the analyses know of the reports of one file. */
export function findWitnesses(program: ts.Program, file: ts.SourceFile): readonly Witness[] {
  let found = known.get(file);
  if (!found) known.set(file, (found = search(program, file)));
  return found;
}

function search(program: ts.Program, file: ts.SourceFile): readonly Witness[] {
  const facts = getFlowFacts(program, file);
  const nothing = { write: null, reads: [], locks: [], elsewhere: null };
  return [
    ...findStalePatches(facts).map(({ node, write, reads, tier }) => ({
      ...nothing,
      ruleId: 'no-stale-patch',
      node,
      tier,
      write: write.site.node,
      reads: reads.map(({ site }) => site.node),
    })),
    ...findStaleDecisions(program, facts).map(({ node, write, read, tier }) => ({
      ...nothing,
      ruleId: 'no-stale-decision',
      node,
      tier,
      write: write.site.node,
      reads: [read],
    })),
    ...findUnguardedInserts(facts).map(({ node, write, read, tier }) => ({
      ...nothing,
      ruleId: 'no-unguarded-insert',
      node,
      tier,
      write: write.site.node,
      reads: [read],
    })),
    ...findLockOrders(program, facts).map(({ node, lock, held, elsewhere }) => ({
      ...nothing,
      ruleId: 'lock-order',
      node,
      tier: 'certain' as const,
      locks: held ? [held.site.node, lock.site.node] : [lock.site.node],
      elsewhere: elsewhere ?? null,
    })),
  ];
}

/** Where a report is, as ESLint counts. */
export interface ReportPlace {
  readonly ruleId: string;
  readonly line: number;
  readonly column: number;
}

/** The witness of a report; `undefined` for a rule whose reports have none. */
export function witnessOf(
  witnesses: readonly Witness[],
  { ruleId, line, column }: ReportPlace,
): Witness | undefined {
  return witnesses.find((witness) => {
    if (witness.ruleId !== ruleId) return false;
    const { start } = getLocation(witness.node);
    return start.line === line && start.column + 1 === column;
  });
}
