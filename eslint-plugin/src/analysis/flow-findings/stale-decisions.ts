import type ts from 'typescript';
import type { FlowFacts } from '../flow/facts.js';
import { conditionsUntil } from '../flow/state.js';
import { findClaims } from './claims.js';
import { findChecked } from './decisions/checked.js';
import { findCounted } from './decisions/counted.js';
import type { DecisionFinder, StaleDecision } from './decisions/decision.js';
import { findNumbered } from './decisions/numbered.js';
import { findSelected } from './decisions/selected.js';

/** What may be decided without a lock, each in a file of its own. */
const FINDERS: readonly DecisionFinder[] = [findChecked, findSelected, findCounted, findNumbered];

/** Checks whose answers may be wrong by the time the write happens: one for each place. */
export function findStaleDecisions(
  program: ts.Program,
  facts: FlowFacts,
): readonly StaleDecision[] {
  const found = new Map<ts.Node, StaleDecision>();
  const claims = findClaims(facts);
  for (const write of facts.writes) {
    const conditions = conditionsUntil(write.conditions, null);
    for (const find of FINDERS) {
      for (const decision of find(write, { conditions, claims, program })) {
        if (!found.has(decision.node)) found.set(decision.node, decision);
      }
    }
  }
  return [...found.values()];
}
