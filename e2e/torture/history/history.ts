import type { AuditState } from './audit.js';
import type {
  ChangeEvent,
  EmitEvent,
  HistoryEvent,
  LockEvent,
  SignalEvent,
  WriteEvent,
} from './events.js';

/** One attempt of a transaction, put together from its events. */
export interface TransactionHistory {
  readonly id: string;
  readonly process: string;
  readonly kind: string;
  readonly begun: number;
  readonly locks: LockEvent[];
  readonly writes: WriteEvent[];
  readonly deletes: string[];
  readonly changes: ChangeHistory[];
  readonly emits: EmitEvent[];
  /** When its work was done and COMMIT or ROLLBACK began; `undefined` when its process died before. */
  left: number | undefined;
  /** A transaction whose process died is `unknown`. */
  outcome: 'ok' | 'fail' | 'unknown';
  /** The code of the error that its caller was told. */
  error: string | undefined;
  settled: number | undefined;
}

/** A change of a slot, and what became of it as far as its transaction knows. */
export interface ChangeHistory extends ChangeEvent {
  isUndone: boolean;
  /** The amount that the store returned. */
  told: number | undefined;
}

/** Everything that the workers of a run wrote down. */
export interface History {
  readonly transactions: ReadonlyMap<string, TransactionHistory>;
  readonly listeners: readonly ListenerHistory[];
}

/** What one process heard. */
export interface ListenerHistory {
  readonly process: string;
  readonly subscribed: number | undefined;
  readonly signals: SignalEvent[];
  readonly gaps: number[];
  /** When it wrote its last event. */
  lastSeen: number;
}

/** What the database holds when the run is over. */
export interface FinalState {
  /** The list of each row, by key; a deleted row is absent. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly balances: ReadonlyMap<string, number>;
  readonly expectedTotal: number;
  /** The sequence numbers handed out, by the row that counts them, with the count it holds. */
  readonly sequences: ReadonlyMap<
    string,
    { readonly count: number; readonly numbers: readonly number[] }
  >;
  /** The members of each set, as rows. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  readonly audited: AuditState;
}

/** Puts the events of all processes together. Those of one process must be in the order in which it wrote them. */
export function buildHistory(events: Iterable<HistoryEvent>): History {
  const transactions = new Map<string, TransactionHistory>();
  const listeners = new Map<string, ListenerHistory & { subscribed: number | undefined }>();
  for (const event of events) {
    const listener = listeners.get(event.process) ?? {
      process: event.process,
      subscribed: undefined,
      signals: [],
      gaps: [],
      lastSeen: event.at,
    };
    listeners.set(event.process, listener);
    listener.lastSeen = event.at;

    if (event.event === 'subscribed') listener.subscribed ??= event.at;
    else if (event.event === 'signal') listener.signals.push(event);
    else if (event.event === 'gap') listener.gaps.push(event.at);
    else if (event.event === 'begin') {
      transactions.set(event.transaction, {
        id: event.transaction,
        process: event.process,
        kind: event.kind,
        begun: event.at,
        locks: [],
        writes: [],
        deletes: [],
        changes: [],
        emits: [],
        left: undefined,
        outcome: 'unknown',
        error: undefined,
        settled: undefined,
      });
    } else {
      const transaction = transactions.get(event.transaction);
      if (transaction === undefined)
        throw new Error(`${event.event} of ${event.transaction}, which never began`);
      if (event.event === 'lock') transaction.locks.push(event);
      else if (event.event === 'write') transaction.writes.push(event);
      else if (event.event === 'delete') transaction.deletes.push(event.key);
      else if (event.event === 'change')
        transaction.changes.push({ ...event, isUndone: false, told: undefined });
      else if (event.event === 'undone') changeOf(transaction, event.change).isUndone = true;
      else if (event.event === 'told') changeOf(transaction, event.change).told = event.amount;
      else if (event.event === 'emit') transaction.emits.push(event);
      else if (event.event === 'leave') transaction.left = event.at;
      else {
        transaction.outcome = event.outcome;
        transaction.error = event.error;
        transaction.settled = event.at;
      }
    }
  }
  return { transactions, listeners: [...listeners.values()] };
}

function changeOf({ id, changes }: TransactionHistory, name: string): ChangeHistory {
  const found = changes.find(({ change }) => change === name);
  if (found === undefined) throw new Error(`${name} of ${id}, which was never begun`);
  return found;
}
