/**
 * What a worker writes down while it runs, one JSON line per event. Times are nanoseconds of the machine's monotonic
 * clock (`process.hrtime`), which all processes of one machine share and which no clock jump touches.
 */
export type HistoryEvent =
  | BeginEvent
  | LockEvent
  | WriteEvent
  | DeleteEvent
  | ChangeEvent
  | UndoneEvent
  | ToldEvent
  | EmitEvent
  | LeaveEvent
  | OutcomeEvent
  | SubscribedEvent
  | SignalEvent
  | GapEvent;

interface Timed {
  readonly at: number;
  /** The worker process, unique over restarts. */
  readonly process: string;
}

interface OfTransaction extends Timed {
  /** One attempt of a transaction; a retry is another one. */
  readonly transaction: string;
}

/** The work of a transaction begins. */
export interface BeginEvent extends OfTransaction {
  readonly event: 'begin';
  readonly kind: string;
}

/** A lock was returned, with the list that the row held. */
export interface LockEvent extends OfTransaction {
  readonly event: 'lock';
  readonly key: string;
  /** How many entries the row's list had, and the last one. */
  readonly length: number;
  readonly last: string | null;
}

/** An entry is about to be appended to a locked row's list. */
export interface WriteEvent extends OfTransaction {
  readonly event: 'write';
  readonly key: string;
  readonly entry: string;
}

/** A locked row is about to be deleted. */
export interface DeleteEvent extends OfTransaction {
  readonly event: 'delete';
  readonly key: string;
}

/** A slot is about to be changed. */
export interface ChangeEvent extends OfTransaction {
  readonly event: 'change';
  /** What the change is called, in its row and in the audit. */
  readonly change: string;
  readonly slot: string;
  readonly operation: 'insert' | 'update' | 'delete';
  /** The amount that was seen under the lock; `null` when a trigger adds to whatever there is. */
  readonly from: number | null;
  /** What is added to the amount. */
  readonly by: number;
  /** Whether it takes something that another may have: a UNIQUE constraint may refuse it. */
  readonly claims: boolean;
}

/** A change was refused or taken back, and its transaction goes on without it. */
export interface UndoneEvent extends OfTransaction {
  readonly event: 'undone';
  readonly change: string;
}

/** The store returned a changed slot. */
export interface ToldEvent extends OfTransaction {
  readonly event: 'told';
  readonly change: string;
  readonly amount: number;
}

/** A signal is about to be emitted inside the transaction. */
export interface EmitEvent extends OfTransaction {
  readonly event: 'emit';
  readonly topic: string;
}

/** The work is done; COMMIT or ROLLBACK follows. */
export interface LeaveEvent extends OfTransaction {
  readonly event: 'leave';
}

/** The caller was told how it ended. */
export interface OutcomeEvent extends OfTransaction {
  readonly event: 'outcome';
  readonly outcome: 'ok' | 'fail' | 'unknown';
  readonly error?: string;
}

/** A subscription's `ready` resolved. */
export interface SubscribedEvent extends Timed {
  readonly event: 'subscribed';
}

/** A signal arrived. */
export interface SignalEvent extends Timed {
  readonly event: 'signal';
  readonly topic: string;
}

/** The bus reported that signals may have been missed. */
export interface GapEvent extends Timed {
  readonly event: 'gap';
}
