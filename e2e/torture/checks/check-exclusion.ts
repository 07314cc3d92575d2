import type { History } from '../history/history.js';
import type { Anomaly } from './anomaly.js';

interface Hold {
  readonly transaction: string;
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/**
 * No two transactions hold a row at the same time. A hold is counted from when `lock` returned to when the work was
 * done, just before COMMIT: shorter than the real one, so that every overlap is a fault. Only transactions that committed
 * are sure to have held anything: another one may have lost its connection, and with it its locks, while the reply to its
 * last lock was still on the way.
 */
export function checkExclusion(history: History): Anomaly[] {
  const byKey = new Map<string, Hold[]>();
  for (const { id, locks, left, outcome } of history.transactions.values()) {
    if (outcome !== 'ok' || left === undefined) continue;
    for (const { key, at } of locks) {
      const holds = byKey.get(key) ?? [];
      byKey.set(key, holds);
      holds.push({ transaction: id, key, from: at, to: left });
    }
  }
  return [...byKey.values()].flatMap(overlaps);
}

function overlaps(holds: Hold[]): Anomaly[] {
  holds.sort((a, b) => a.from - b.from);
  const anomalies: Anomaly[] = [];
  let longest: Hold | undefined;
  for (const hold of holds) {
    if (
      longest !== undefined &&
      hold.from < longest.to &&
      hold.transaction !== longest.transaction
    ) {
      anomalies.push({
        name: 'lock not exclusive',
        detail: `${longest.transaction} and ${hold.transaction} held ${hold.key} at the same time, ${longest.to - hold.from} ns long`,
      });
    }
    if (longest === undefined || hold.to > longest.to) longest = hold;
  }
  return anomalies;
}
