import type { FinalState, History } from '../history/history.js';
import type { Anomaly } from './anomaly.js';
import { checkAudit } from './check-audit.js';
import { checkCycles } from './check-cycles.js';
import { checkExclusion } from './check-exclusion.js';
import { checkInvariants } from './check-invariants.js';
import { checkLists } from './check-lists.js';
import { checkSignals } from './check-signals.js';

/** Everything that a run must not show; empty when it showed none of it. */
export function checkHistory(
  history: History,
  final: FinalState,
  options: { readonly signalLimit: number | undefined },
): Anomaly[] {
  return [
    ...checkLists(history, final),
    ...checkCycles(history, final),
    ...checkExclusion(history),
    ...checkInvariants(final),
    ...checkAudit(history, final.audited),
    ...checkSignals(history, { limit: options.signalLimit }),
  ];
}
