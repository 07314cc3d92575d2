import type { Footprint } from './footprint.js';
import type { Reduction } from './reduction.js';
import type { Turn } from './run-schedule.js';

type Name = 'a' | 'b';

/** The turns that a schedule begins with. */
export interface Plan {
  readonly turns: readonly Name[];
  /**
   * Whose next statement was taken here by another schedule, and gives the same after what this one takes: it has no turn
   * before a statement that it is not independent of.
   */
  readonly asleep: Asleep | undefined;
}

export interface Asleep {
  readonly process: Name;
  readonly footprint: Footprint;
}

/**
 * The plans that are still to be run, those with the fewest switches between the processes first, so that the first
 * anomaly is the simplest one. Every interleaving comes once, and of those that differ only in the order of independent
 * statements one (sleep sets).
 */
export class Plans {
  readonly #reduction: Reduction;
  readonly #waiting: { plan: Plan; switches: number }[] = [
    { plan: { turns: [], asleep: undefined }, switches: 0 },
  ];

  constructor(reduction: Reduction) {
    this.#reduction = reduction;
  }

  get size(): number {
    return this.#waiting.length;
  }

  next(): Plan | undefined {
    let best = 0;
    for (const [index, { switches }] of this.#waiting.entries())
      if (switches < (this.#waiting[best]?.switches ?? 0)) best = index;
    return this.#waiting.splice(best, 1)[0]?.plan;
  }

  /** Adds the turns that could have been taken otherwise, after those that the plan had fixed. */
  add(plan: Plan, turns: readonly Turn[]): void {
    const taken = turns.map(({ process }) => process);
    let { asleep } = plan;
    for (const [index, { process, statement, other }] of turns.entries()) {
      if (index < plan.turns.length) continue;
      const before = turns.slice(0, index);
      const footprint = this.#reduction.footprint(process, statement, before);
      const name = process === 'a' ? 'b' : 'a';
      if (other !== undefined && asleep === undefined) {
        const next = this.#reduction.footprint(name, other, before);
        const branch = [...taken.slice(0, index), name] as const;
        this.#waiting.push({
          plan: {
            turns: branch,
            asleep: this.#reduction.areIndependent(footprint, next)
              ? { process, footprint }
              : undefined,
          },
          switches: switchesOf(branch),
        });
      }
      asleep = afterTurn(asleep, footprint, this.#reduction);
    }
  }
}

/** Who sleeps after a statement with this footprint. */
export function afterTurn(
  asleep: Asleep | undefined,
  footprint: Footprint,
  reduction: Reduction,
): Asleep | undefined {
  return asleep !== undefined && reduction.areIndependent(asleep.footprint, footprint)
    ? asleep
    : undefined;
}

function switchesOf(plan: readonly Name[]): number {
  return plan.filter((process, index) => index > 0 && process !== plan[index - 1]).length;
}

/** In how many ways two sequences of statements can be interleaved where nothing waits. */
export function interleavings(a: number, b: number): number {
  let count = 1;
  for (let taken = 1; taken <= b; taken++) count = (count * (a + taken)) / taken;
  return Math.round(count);
}
