import type { SerialOracle } from '../oracle/serial-oracle.js';
import { anomalyOf } from '../report/anomaly.js';
import type { Explored, ReplayResult } from '../report/replay-result.js';
import { followPlan, repeatTurns } from '../schedule/follow-plan.js';
import { Plans, type Plan } from '../schedule/plans.js';
import type { Reduction } from '../schedule/reduction.js';
import type { Execution, Laboratory } from './laboratory.js';

export interface SearchBounds {
  readonly maxSchedules: number;
  readonly replays: number;
  readonly possible: number;
}

/** How often a schedule is tried again in which the operations sent other statements than before. */
const ATTEMPTS = 3;

/** Runs the interleavings, those with the fewest switches first, up to the first anomaly. */
export async function search(
  laboratory: Laboratory,
  oracle: SerialOracle,
  reduction: Reduction,
  { maxSchedules, replays, possible }: SearchBounds,
): Promise<ReplayResult> {
  const plans = new Plans(reduction);
  const started = performance.now();
  let schedules = 0;
  let diverged = 0;
  const explored = (complete: boolean): Explored => ({
    schedules,
    possible: Math.max(possible, schedules),
    complete,
    milliseconds: Math.round((performance.now() - started) / Math.max(1, schedules)),
  });

  for (let plan = plans.next(); plan !== undefined; plan = plans.next()) {
    if (schedules >= maxSchedules) {
      return {
        verdict: 'not confirmed',
        explored: explored(false),
        reason: `None of the first ${schedules} schedules gives an anomaly, and there are more: give a higher \`maxSchedules\`.`,
      };
    }
    const run = await follow(laboratory, reduction, plan);
    schedules++;
    if (run === undefined) {
      diverged++;
      continue;
    }
    plans.add(plan, run.execution.turns);
    if (run.redundant) continue;
    const difference = await oracle.judge(run.execution.outcome);
    if (difference === undefined) continue;
    const counts = explored(plans.size === 0);
    const failed = await replay(laboratory, oracle, run.execution, replays);
    if (failed === replays)
      return anomalyOf(
        laboratory.ground.statements,
        run.execution.steps,
        difference,
        counts,
        replays,
      );
    return {
      verdict: 'not confirmed',
      explored: counts,
      reason: `A schedule gave what no serial order gives, and again in only ${failed} of ${replays} replays.`,
    };
  }
  if (diverged > 0) {
    return {
      verdict: 'not confirmed',
      explored: explored(false),
      reason: `The operations sent other statements in ${diverged} of ${schedules} schedules than before in the same one.`,
    };
  }
  return { verdict: 'serial', explored: explored(true) };
}

async function follow(
  laboratory: Laboratory,
  reduction: Reduction,
  plan: Plan,
): Promise<{ execution: Execution; redundant: boolean } | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const following = followPlan(plan, reduction);
    const execution = await laboratory.interleaved(following.choose);
    if (!following.diverged) return { execution, redundant: following.redundant };
  }
  return undefined;
}

/** Runs a failing schedule again, and counts how often it fails. */
async function replay(
  laboratory: Laboratory,
  oracle: SerialOracle,
  { turns }: Execution,
  times: number,
): Promise<number> {
  const choose = repeatTurns(turns.map(({ process }) => process));
  let failed = 0;
  for (let run = 0; run < times; run++) {
    const { outcome } = await laboratory.interleaved(choose);
    if ((await oracle.judge(outcome)) !== undefined) failed++;
  }
  return failed;
}
