import type ts from 'typescript';
import type { FlowFacts } from '../flow/facts.js';
import { conditionsUntil } from '../flow/state.js';
import { isForeign } from '../../vocabulary/model-name.js';
import { findClaims } from './claims.js';
import { findChecked } from './decisions/checked.js';
import { findConsumed } from './decisions/consumed.js';
import { findCounted } from './decisions/counted.js';
import { findStalePatches } from './stale-patches.js';
import type { DecisionFinder, StaleDecision } from './decisions/decision.js';
import { findNumbered } from './decisions/numbered.js';
import { findSelected } from './decisions/selected.js';

/** What may be decided without a lock, each in a file of its own. */
const FINDERS: readonly DecisionFinder[] = [
  findChecked,
  findSelected,
  findCounted,
  findNumbered,
  findConsumed,
];

/** In tables of a library the write is what is wrong, whichever of the checks before it lets it happen. */
function atWrite(decision: StaleDecision): StaleDecision {
  const { node, path } = decision.write.site;
  return { ...decision, check: decision.node, node: path[0] ?? node };
}

/** Checks whose answers may be wrong by the time the write happens: one for each place. */
export function findStaleDecisions(
  program: ts.Program,
  facts: FlowFacts,
): readonly StaleDecision[] {
  const found = new Map<ts.Node, StaleDecision>();
  const claims = findClaims(facts);
  // What is said of a patch is not said again of the checks before it.
  const patched = new Set(
    findStalePatches(facts).flatMap(({ write, tier }) => (tier === 'certain' ? [write] : [])),
  );
  for (const write of facts.writes) {
    if (isForeign(write.target?.model ?? null) && patched.has(write)) continue;
    const conditions = conditionsUntil(write.conditions, null);
    for (const find of FINDERS) {
      for (const decision of find(write, { conditions, claims, writes: facts.writes, program })) {
        const placed = isForeign(decision.model) ? atWrite(decision) : decision;
        const known = found.get(placed.node);
        const isSurer = known?.tier === 'probable' && placed.tier === 'certain';
        if (!known || isSurer) found.set(placed.node, placed);
      }
    }
  }
  return [...found.values()];
}
