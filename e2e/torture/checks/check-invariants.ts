import type { FinalState } from '../history/history.js';
import type { Anomaly } from './anomaly.js';

/** Money is neither made nor lost; sequence numbers are 1 … n without gap or twin; a set has no member twice. */
export function checkInvariants(final: FinalState): Anomaly[] {
  return [...checkTotal(final), ...checkSequences(final), ...checkMembers(final)];
}

function checkTotal({ balances, expectedTotal }: FinalState): Anomaly[] {
  const total = [...balances.values()].reduce((sum, balance) => sum + balance, 0);
  if (total === expectedTotal) return [];
  return [
    { name: 'total not conserved', detail: `the accounts hold ${total}, not ${expectedTotal}` },
  ];
}

function checkSequences({ sequences }: FinalState): Anomaly[] {
  const anomalies: Anomaly[] = [];
  for (const [key, { count, numbers }] of sequences) {
    const sorted = numbers.toSorted((a, b) => a - b);
    const wrong = sorted.findIndex((number, index) => number !== index + 1);
    if (wrong !== -1) {
      anomalies.push({
        name: 'sequence broken',
        detail: `${key} has ${String(sorted[wrong])} where ${wrong + 1} belongs`,
      });
    } else if (count !== sorted.length) {
      anomalies.push({
        name: 'sequence broken',
        detail: `${key} counts ${count}, but ${sorted.length} numbers exist`,
      });
    }
  }
  return anomalies;
}

function checkMembers({ members }: FinalState): Anomaly[] {
  const anomalies: Anomaly[] = [];
  for (const [key, list] of members) {
    const twice = list.find((member, index) => list.indexOf(member) !== index);
    if (twice !== undefined)
      anomalies.push({ name: 'duplicate member', detail: `${twice} is in ${key} twice` });
  }
  return anomalies;
}
