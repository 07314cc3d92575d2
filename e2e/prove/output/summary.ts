import { verdictOf, type FinishedCheck } from '../check.js';

/** The proof in one sentence. */
export function summarise(
  finished: readonly FinishedCheck[],
  seconds: number,
): { readonly verdict: ReturnType<typeof verdictOf>; readonly text: string } {
  const count = (verdict: string): number =>
    finished.filter((each) => verdictOf(each) === verdict).length;
  const [fallen, missed] = [count('falls'), count('misses')];
  if (fallen > 0 || finished.length === 0)
    return {
      verdict: 'falls',
      text: `The proof falls: ${fallen} of ${finished.length} claims do not hold.`,
    };
  const claims = `${finished.length} claims in ${seconds.toFixed(0)} s`;
  return missed > 0
    ? {
        verdict: 'misses',
        text: `The claims hold (${claims}); ${missed} with a figure that misses its target.`,
      }
    : { verdict: 'holds', text: `The proof holds: ${claims}.` };
}
