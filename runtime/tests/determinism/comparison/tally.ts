import type { Outcome } from './outcome.js';

/** How often what happened: a comparison in which nobody waits and nothing fails shows nothing. */
export class Tally {
  readonly #counts = new Map<string, number>();

  count(outcome: Outcome | undefined): void {
    if (outcome === undefined) return;
    this.#add('error' in outcome ? String(outcome.error[0]) : 'answers');
  }

  countWait(): void {
    this.#add('waits');
  }

  get(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  toString(): string {
    const counts = [...this.#counts].sort(([, a], [, b]) => b - a);
    return counts.map(([what, count]) => `${count} ${what}`).join(', ');
  }

  #add(what: string): void {
    this.#counts.set(what, this.get(what) + 1);
  }
}
