/** A store at one moment; the sums are since it was opened. */
export interface StoreStats {
  readonly transactions: {
    /** How many run now, those of `save` and `mutate` included. */
    readonly running: number;
    readonly committed: number;
    /** Those that failed, each attempt. */
    readonly rolledBack: number;
    /** How often one ran again after a deadlock or a serialization failure. */
    readonly repeated: number;
  };
  readonly locks: {
    /** How many entities are locked now. */
    readonly held: number;
    /** How many transactions wait for a lock now. */
    readonly waiting: number;
  };
  /** The connections for transactions and reads, where there are any. */
  readonly pool:
    | {
        /** The most that there can be: `maxConnections`. */
        readonly size: number;
        readonly open: number;
        readonly idle: number;
        /** How many wait for one. */
        readonly waiting: number;
      }
    | undefined;
}
