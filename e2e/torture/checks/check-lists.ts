import type { FinalState, History, TransactionHistory } from '../history/history.js';
import type { Anomaly } from './anomaly.js';

/**
 * Every acknowledged append is in its list, once; nothing is there that was rolled back or that nobody wrote; and what a
 * transaction saw under its lock is a prefix of what the list became.
 */
export function checkLists(history: History, final: FinalState): Anomaly[] {
  const anomalies: Anomaly[] = [];
  const writers = writersByEntry(history);

  for (const [key, list] of final.lists) {
    const seen = new Set<string>();
    for (const entry of list) {
      if (seen.has(entry))
        anomalies.push({ name: 'duplicate write', detail: `${entry} is in ${key} twice` });
      seen.add(entry);
      const writer = writers.get(entry);
      if (writer === undefined) {
        anomalies.push({
          name: 'phantom write',
          detail: `${entry} in ${key} was written by no transaction`,
        });
      } else if (writer.outcome === 'fail') {
        anomalies.push({
          name: 'aborted write (G1a)',
          detail: `${entry} in ${key} is of ${writer.id}, which failed`,
        });
      }
    }
  }

  const maybeDeleted = new Set<string>();
  for (const { outcome, deletes } of history.transactions.values()) {
    for (const key of deletes) {
      if (outcome !== 'fail') maybeDeleted.add(key);
      if (outcome === 'ok' && final.lists.has(key)) {
        anomalies.push({ name: 'lost update', detail: `${key} was deleted, and is still there` });
      }
    }
  }
  for (const transaction of history.transactions.values()) {
    if (transaction.outcome === 'ok')
      anomalies.push(...lostWrites(transaction, final, maybeDeleted));
    // What a transaction saw that did not commit may have been undone with it: a combined mutation sees those before it.
    if (transaction.outcome === 'ok')
      anomalies.push(...unseenPrefixes(transaction, final, writers));
  }
  return anomalies;
}

function writersByEntry(history: History): Map<string, TransactionHistory> {
  const writers = new Map<string, TransactionHistory>();
  for (const transaction of history.transactions.values()) {
    for (const { entry } of transaction.writes) writers.set(entry, transaction);
  }
  return writers;
}

function lostWrites(
  transaction: TransactionHistory,
  final: FinalState,
  maybeDeleted: ReadonlySet<string>,
): Anomaly[] {
  return transaction.writes
    .filter(
      ({ key, entry }) => !maybeDeleted.has(key) && final.lists.get(key)?.includes(entry) !== true,
    )
    .map(({ key, entry }) => ({
      name: 'lost update',
      detail: `${transaction.id} was acknowledged, but its ${entry} is not in ${key}`,
    }));
}

/** A locked read must be a prefix of the final list, or else it saw what was undone or overwritten. */
function unseenPrefixes(
  transaction: TransactionHistory,
  final: FinalState,
  writers: ReadonlyMap<string, TransactionHistory>,
): Anomaly[] {
  const anomalies: Anomaly[] = [];
  for (const { key, length, last } of transaction.locks) {
    const list = final.lists.get(key);
    if (list === undefined || last === null) continue;
    if (list[length - 1] === last) {
      anomalies.push(...intermediateRead(transaction, key, list, length, writers));
      continue;
    }
    const writer = writers.get(last);
    anomalies.push(
      writer?.outcome === 'fail'
        ? {
            name: 'aborted write (G1a)',
            detail: `${transaction.id} locked ${key} and saw ${last} of ${writer.id}, which failed`,
          }
        : {
            name: 'incompatible order',
            detail: `${transaction.id} locked ${key} and saw ${last} at ${length}, where the list has ${String(list[length - 1])}`,
          },
    );
  }
  return anomalies;
}

function intermediateRead(
  transaction: TransactionHistory,
  key: string,
  list: readonly string[],
  length: number,
  writers: ReadonlyMap<string, TransactionHistory>,
): Anomaly[] {
  const last = writers.get(list[length - 1] ?? '');
  const next = writers.get(list[length] ?? '');
  if (last === undefined || last !== next || last === transaction) return [];
  return [
    {
      name: 'intermediate read (G1b)',
      detail: `${transaction.id} locked ${key} between two writes of ${last.id}`,
    },
  ];
}
