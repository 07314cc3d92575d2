import { afterTurn, type Plan } from './plans.js';
import type { Reduction } from './reduction.js';
import type { Choose } from './run-schedule.js';

/** What came of following a plan. */
export interface Following {
  readonly choose: Choose;
  /** Whether a turn of the plan could not be taken: the process had no statement there. */
  diverged: boolean;
  /** Whether it was ended, as another schedule gives the same. */
  redundant: boolean;
}

/**
 * Takes the turns of a plan again, as far as they can be taken: whom the server ends in a deadlock, and so who goes on, may
 * differ.
 */
export function repeatTurns(plan: readonly ('a' | 'b')[]): Choose {
  return (possible, turns) => {
    const wanted = plan[turns.length] ?? turns.at(-1)?.process;
    return possible.find((name) => name === wanted) ?? possible[0];
  };
}

/** Takes the turns of a plan; after them the last process goes on as long as it can, and who sleeps has no turn. */
export function followPlan(plan: Plan, reduction: Reduction): Following {
  let { asleep } = plan;
  const following: Following = {
    diverged: false,
    redundant: false,
    choose(possible, turns) {
      const wanted = plan.turns[turns.length];
      if (wanted !== undefined) {
        if (possible.includes(wanted)) return wanted;
        following.diverged = true;
        return undefined;
      }
      const last = turns.at(-1);
      if (last !== undefined && turns.length > plan.turns.length) {
        const footprint = reduction.footprint(last.process, last.statement, turns.slice(0, -1));
        asleep = afterTurn(asleep, footprint, reduction);
      }
      const awake = possible.filter((name) => name !== asleep?.process);
      following.redundant = awake.length === 0;
      return awake.find((name) => name === last?.process) ?? awake[0];
    },
  };
  return following;
}
