/** Where in a transaction a fault can be aimed. */
export const PHASES = ['begun', 'locked', 'written', 'before commit', 'committed'] as const;
export type Phase = (typeof PHASES)[number];

/** What the conductor tells a worker. */
export type ToWorker =
  | { readonly type: 'arm'; readonly phase: Phase; readonly action: 'SIGKILL' | 'SIGSTOP' | 'tell' }
  | { readonly type: 'disarm' }
  | { readonly type: 'clock'; readonly offsetMs: number }
  | { readonly type: 'finish' }
  | { readonly type: 'close' };

/** What a worker tells the conductor. */
export type FromWorker =
  | { readonly type: 'ready' }
  | {
      readonly type: 'reached';
      readonly phase: Phase;
      readonly action: 'SIGKILL' | 'SIGSTOP' | 'tell';
    }
  | { readonly type: 'progress'; readonly heapUsed: number; readonly report: WorkerReport }
  | { readonly type: 'finished'; readonly report: WorkerReport };

/** What a worker counted. */
export interface WorkerReport {
  /** Transactions by kind and outcome, such as `transfer ok`. */
  readonly operations: Readonly<Record<string, number>>;
  /** What the worker did to itself on purpose, such as a subscriber that throws. */
  readonly provoked: Readonly<Record<string, number>>;
  /** Errors by their code. */
  readonly errors: Readonly<Record<string, number>>;
  /** Errors that no user should ever meet. */
  readonly defects: readonly string[];
}

/** How a worker is set up; passed as JSON in its first argument. */
export interface WorkerSetup {
  readonly name: string;
  readonly url: string;
  readonly adapter: 'justscale' | 'naive';
  readonly delivery: 'after-commit' | 'in-transaction';
  readonly historyFile: string;
  readonly seed: number;
  /** How many operations run at a time. */
  readonly loops: number;
  readonly maxConnections: number;
  /** The `statement_timeout` of its sessions, in milliseconds; the server's without this. */
  readonly statementTimeoutMs: number | undefined;
  /** The longest think time inside a transaction, in milliseconds. */
  readonly thinkMs: number;
  /** The names of the operations to run; all without this. */
  readonly operations: readonly string[] | undefined;
}
