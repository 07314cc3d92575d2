import type { History, ListenerHistory, TransactionHistory } from '../history/history.js';
import type { Anomaly } from './anomaly.js';

/** A signal that a transaction emitted. */
interface Emission {
  readonly transaction: TransactionHistory;
  readonly position: number;
}

/**
 * Signals come after their commit, once, never for a rollback, and in their emitter's order for each identity. With
 * a `limit`, in the unit of the history's times, every listener that lived for so long after the emission heard every
 * acknowledged one since its last gap: what it was about to be told, or of a gap, it cannot know when it dies before.
 *
 * Each emission's topic must be unique in the history.
 */
export function checkSignals(
  history: History,
  options: { readonly limit: number | undefined },
): Anomaly[] {
  const emissions = new Map<string, Emission>();
  for (const transaction of history.transactions.values()) {
    transaction.emits.forEach(({ topic }, position) =>
      emissions.set(topic, { transaction, position }),
    );
  }
  return history.listeners.flatMap((listener) => [
    ...checkHeard(listener, emissions),
    ...(options.limit === undefined ? [] : checkUnheard(listener, emissions, options.limit)),
  ]);
}

function checkHeard(
  listener: ListenerHistory,
  emissions: ReadonlyMap<string, Emission>,
): Anomaly[] {
  const anomalies: Anomaly[] = [];
  const heard = new Set<string>();
  const latest = new Map<string, { readonly settled: number; readonly topic: string }>();
  for (const { topic, at } of listener.signals) {
    if (heard.has(topic))
      anomalies.push({ name: 'signal twice', detail: `${listener.process} heard ${topic} twice` });
    heard.add(topic);

    const emission = emissions.get(topic);
    if (emission === undefined) {
      anomalies.push({
        name: 'signal out of thin air',
        detail: `${listener.process} heard ${topic}, which nobody emitted`,
      });
      continue;
    }
    const { transaction, position } = emission;
    if (transaction.outcome === 'fail') {
      anomalies.push({
        name: 'signal of a rollback',
        detail: `${listener.process} heard ${topic} of ${transaction.id}, which failed`,
      });
    } else if (
      transaction.left === undefined ? transaction.outcome === 'ok' : at < transaction.left
    ) {
      anomalies.push({
        name: 'signal before commit',
        detail: `${listener.process} heard ${topic} before ${transaction.id} committed`,
      });
    }
    anomalies.push(...checkOrder(listener, topic, transaction, position, latest));
  }
  return anomalies;
}

/** The order is checked where it is certain: of one emitter and identity, one commit acknowledged before the next began. */
function checkOrder(
  listener: ListenerHistory,
  topic: string,
  transaction: TransactionHistory,
  position: number,
  latest: Map<string, { readonly settled: number; readonly topic: string }>,
): Anomaly[] {
  const key = `${transaction.process} ${identityOf(topic)}`;
  const before = latest.get(key);
  const begun = transaction.begun + position;
  const settled = transaction.settled ?? begun;
  if (before === undefined || settled >= before.settled) latest.set(key, { settled: begun, topic });
  if (before === undefined || settled >= before.settled) return [];
  return [
    {
      name: 'signals out of order',
      detail: `${listener.process} heard ${before.topic} before ${topic}`,
    },
  ];
}

function checkUnheard(
  listener: ListenerHistory,
  emissions: ReadonlyMap<string, Emission>,
  limit: number,
): Anomaly[] {
  if (listener.subscribed === undefined) return [];
  // What was emitted before a gap may have been missed, and the listener was told so.
  const since = Math.max(listener.subscribed, ...listener.gaps);
  const until = listener.lastSeen - limit;
  const heard = new Set(listener.signals.map(({ topic }) => topic));
  return [...emissions]
    .filter(([topic, { transaction }]) => {
      const { begun, settled, outcome } = transaction;
      return (
        outcome === 'ok' &&
        begun > since &&
        settled !== undefined &&
        settled < until &&
        !heard.has(topic)
      );
    })
    .map(([topic, { transaction }]) => ({
      name: 'signal lost',
      detail: `${listener.process} never heard ${topic} of ${transaction.id}`,
    }));
}

/** The identity in a topic `/…/:identity/:nonce`: all but its last segment. */
function identityOf(topic: string): string {
  return topic.slice(0, topic.lastIndexOf('/'));
}
