/** @param {readonly number[]} values - at least one */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A value at a part of the sorted values, from 0 to 1: the nearest one. */
export function quantile(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}

/**
 * The median of several rounds, with the lowest and the highest.
 *
 * @param {readonly number[]} values - one of each round
 */
export function summarise(values) {
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}

/**
 * How a variant compares with a reference that was measured by turns with it: the ratio within each round, so that what
 * disturbs a whole round is in both.
 */
export function ratios(values, reference) {
  return summarise(values.map((value, round) => value / reference[round]));
}
