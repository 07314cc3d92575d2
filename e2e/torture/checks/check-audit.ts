import { correctedAmount, isAllowedAmount, OPENING } from '../domain/audited-models.js';
import type { AuditRow, AuditState } from '../history/audit.js';
import type { ChangeHistory, History, TransactionHistory } from '../history/history.js';
import type { Anomaly } from './anomaly.js';

/** The kind of a call that was made when its transaction had been rolled back and its caller been told. */
export const LEFT_BEHIND = 'left behind';

/** What a constraint refuses a change with. */
const REFUSED = { check: 'CHECK', unique: 'DUPLICATE_ENTITY' } as const;

/**
 * The database's own audit and what callers were told are one story: each acknowledged change is audited once, as it was
 * computed and returned; none that was refused, undone or rolled back is; what a constraint refuses fails its caller, and
 * nobody else; and what triggers count is what there is.
 */
export function checkAudit(history: History, state: AuditState): Anomaly[] {
  const rows = groupBy(state.audit, ({ change }) => change);
  const known = new Set([OPENING]);
  const anomalies: Anomaly[] = [];
  for (const transaction of history.transactions.values()) {
    for (const change of transaction.changes) {
      known.add(change.change);
      anomalies.push(...checkChange(transaction, change, rows.get(change.change) ?? []));
    }
    anomalies.push(...checkResults(transaction, rows));
    anomalies.push(...checkRefusal(transaction));
    if (transaction.kind === LEFT_BEHIND && transaction.outcome === 'ok')
      anomalies.push({
        name: 'work after a rollback',
        detail: `${transaction.id} was acknowledged, and its transaction had been rolled back`,
      });
  }
  for (const { change, slot } of state.audit) {
    if (!known.has(change))
      anomalies.push({ name: 'phantom write', detail: `${change} of ${slot} was made by nobody` });
  }
  return [...anomalies, ...checkVersions(state), ...checkCounters(state), ...checkLabels(state)];
}

function checkChange(
  transaction: TransactionHistory,
  change: ChangeHistory,
  rows: readonly AuditRow[],
): Anomaly[] {
  const { id, outcome, kind, error } = transaction;
  const what = `${change.change} of ${change.slot}`;
  const [row, ...others] = rows;
  if (others.length > 0) {
    return [{ name: 'duplicate write', detail: `${what} was audited ${rows.length} times` }];
  }
  const isOver = outcome === 'fail' || change.isUndone || kind === LEFT_BEHIND;
  if (row === undefined) {
    if (isOver || outcome === 'unknown') return [];
    return [{ name: 'lost update', detail: `${what} was acknowledged, and is not in the audit` }];
  }
  if (isOver) {
    const why = change.isUndone ? 'was undone' : `failed (${error ?? 'its process died'})`;
    return [
      { name: 'aborted write (G1a)', detail: `${what} is in the audit, but ${why} in ${id}` },
    ];
  }
  return checkValues(change, row, what);
}

/** The change was made to what had been seen under the lock, and gave what was returned. */
function checkValues(change: ChangeHistory, row: AuditRow, what: string): Anomaly[] {
  const { operation, from } = change;
  const anomalies: Anomaly[] = [];
  if (row.operation !== operation)
    anomalies.push({ name: 'wrong result', detail: `${what}: ${operation}, not ${row.operation}` });
  if (operation === 'update' && from !== null && row.before !== from)
    anomalies.push({
      name: 'lost update',
      detail: `${what} was computed from ${from}, and replaced ${String(row.before)}`,
    });
  const expected = expectedAmount(change, row);
  if (row.after !== expected)
    anomalies.push({
      name: 'wrong result',
      detail: `${what} left ${String(row.after)}, not ${String(expected)}`,
    });
  return anomalies;
}

/** What a call returned is what it left, or a later call of its transaction that was under way with it. */
function checkResults(
  { outcome, changes }: TransactionHistory,
  rows: ReadonlyMap<string, readonly AuditRow[]>,
): Anomaly[] {
  if (outcome !== 'ok') return [];
  return changes.flatMap(({ change, slot, told, isUndone }): Anomaly[] => {
    if (told === undefined || isUndone) return [];
    const left = changes
      .filter((other) => other.slot === slot)
      .flatMap((other) => rows.get(other.change)?.map(({ after }) => after) ?? []);
    if (left.length === 0 || left.includes(told)) return [];
    const detail = `${change} of ${slot} returned ${told}, and the database has ${left.join(', ')}`;
    return [{ name: 'wrong result', detail }];
  });
}

function expectedAmount({ operation, by }: ChangeHistory, { before }: AuditRow): number | null {
  if (operation === 'delete') return null;
  return operation === 'insert' ? by : correctedAmount((before ?? 0) + by);
}

/** Who breaks a constraint is refused, and nobody else. */
function checkRefusal({ id, changes, outcome, error }: TransactionHistory): Anomaly[] {
  const breaking = changes.filter(
    ({ operation, from, by, isUndone }) =>
      operation === 'update' && from !== null && !isUndone && !isAllowedAmount(from + by),
  );
  const [broken] = breaking;
  if (outcome === 'ok' && broken !== undefined) {
    return [
      {
        name: 'constraint not kept',
        detail: `${id} was acknowledged, with ${broken.change} to ${(broken.from ?? 0) + broken.by}`,
      },
    ];
  }
  const mayBreakCheck = breaking.length > 0 || changes.some(({ from }) => from === null);
  const isInnocent =
    (error === REFUSED.check && !mayBreakCheck) ||
    (error === REFUSED.unique && !changes.some(({ claims }) => claims));
  if (changes.length === 0 || !isInnocent) return [];
  return [
    {
      name: 'refused for another',
      detail: `${id} failed with ${error ?? ''}, and none of its changes breaks a constraint`,
    },
  ];
}

/** Each change of a slot begins where the one before it ended, and the last one is what is stored. */
function checkVersions({ audit, slots }: AuditState): Anomaly[] {
  const anomalies: Anomaly[] = [];
  const latest = new Map<string, number | null>();
  for (const { slot, change, before, after } of audit) {
    const known = latest.get(slot) ?? null;
    if (known !== before)
      anomalies.push({
        name: 'incompatible order',
        detail: `${change} found ${String(before)} in ${slot}, where ${String(known)} was left`,
      });
    latest.set(slot, after);
  }
  for (const [slot, amount] of latest) {
    const stored = slots.get(slot)?.amount ?? null;
    if (stored !== amount)
      anomalies.push({
        name: 'lost update',
        detail: `${slot} holds ${String(stored)}, and the audit ends with ${String(amount)}`,
      });
  }
  return anomalies;
}

function checkCounters({ audit, slots, shelves }: AuditState): Anomaly[] {
  const anomalies: Anomaly[] = [];
  const compare = (what: string, counted: number, there: number): void => {
    if (counted === there) return;
    anomalies.push({
      name: 'counter wrong',
      detail: `${what}: ${counted}, but there are ${there}`,
    });
  };
  const bySlot = groupBy(slots.values(), ({ shelf }) => shelf);
  const byChange = groupBy(audit, ({ shelf }) => shelf);
  for (const [shelf, counted] of shelves) {
    compare(`the slots of ${shelf}`, counted.slots, bySlot.get(shelf)?.length ?? 0);
    compare(`the changes on ${shelf}`, counted.changes, byChange.get(shelf)?.length ?? 0);
  }
  for (const [slot, { counted, entries }] of slots)
    compare(`the entries of ${slot}`, counted, entries);
  return anomalies;
}

function checkLabels({ slots }: AuditState): Anomaly[] {
  const labels = Array.from(slots.values(), ({ label }) => label).filter((label) => label !== null);
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice === undefined) return [];
  return [{ name: 'duplicate member', detail: `two slots have ${twice}` }];
}

function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? [];
    groups.set(keyOf(item), group);
    group.push(item);
  }
  return groups;
}
