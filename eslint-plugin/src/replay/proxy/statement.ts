/** What is held and released as one: a simple query, or the messages of the extended protocol up to the next Sync. */
export interface Statement {
  /** As it was sent, with its parameters in their places. */
  readonly sql: string;
  /** The number of the connection, of those that the process has opened. */
  readonly connection: number;
  /** Whether the schedule decides when it runs; what touches no row that others see runs at once. */
  readonly scheduled: boolean;
  /** Whether it was sent within a transaction, which it does not end by itself. */
  inTransaction: boolean;
  /** Whether the server made it wait for a lock. */
  waited: boolean;
  /** The code of the error that the server answered with. */
  error: string | undefined;
}

/** A statement that has not been answered, with what is sent for it. */
export interface Held {
  readonly statement: Statement;
  readonly bytes: Buffer;
  /** In which order they came, over all connections. */
  readonly arrival: number;
  /** Executions whose end answers it, where no ReadyForQuery does. */
  executions: number | undefined;
}
