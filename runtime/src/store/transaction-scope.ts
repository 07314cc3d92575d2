/** A running transaction, for code that has lost its async context: a queue's worker, an emitter that was made before. */
export interface TransactionScope {
  /**
   * Runs `work` as code of this transaction: repositories used inside find it.
   *
   * @returns what `work` returns
   * @throws {@link TransactionRolledBackError} when the transaction was rolled back, {@link LockReleasedError} when it has
   *   ended otherwise
   */
  run<R>(work: () => R): R;
}
