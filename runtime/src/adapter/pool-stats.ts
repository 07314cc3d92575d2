/** The connections of a store at one moment. */
export interface PoolStats {
  /** The most that there can be: `maxConnections`. */
  readonly size: number;
  readonly open: number;
  readonly idle: number;
  /** How many wait for one. */
  readonly waiting: number;
}
