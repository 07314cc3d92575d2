import { LockReleasedError } from '../errors/lock-errors.js';
import { TransactionRolledBackError } from '../errors/store-errors.js';
import { isUndone, Savepoints, type SavepointContext } from './savepoints.js';

/** How far a transaction is, and whether something in it has failed: what decides who may still write. */
export class TransactionState {
  #phase: 'active' | 'sealed' | 'committed' | 'rolled back' = 'active';
  #failure: { readonly error: unknown } | undefined;
  #onEnd: (() => void)[] = [];
  readonly savepoints: Savepoints;
  readonly #onOutcome: (outcome: 'committed' | 'rolled back') => void;

  /** @param onOutcome - is told how it ends */
  constructor(
    savepoints: SavepointContext,
    onOutcome: (outcome: 'committed' | 'rolled back') => void = () => undefined,
  ) {
    this.#onOutcome = onOutcome;
    this.savepoints = new Savepoints(savepoints, this);
  }

  /** Whether work may still be added. */
  get isActive(): boolean {
    return this.#phase === 'active';
  }

  get isRolledBack(): boolean {
    return this.#phase === 'rolled back';
  }

  /** What is done here and now, as part of a savepoint or of the whole: knows later whether it has been undone. */
  get part(): { readonly isRolledBack: boolean } {
    const { current } = this.savepoints;
    const isRolledBack = (): boolean => this.isRolledBack || isUndone(current);
    return {
      get isRolledBack() {
        return isRolledBack();
      },
    };
  }

  get hasEnded(): boolean {
    return this.#phase === 'committed' || this.#phase === 'rolled back';
  }

  /** The first thing that failed: since then it can only roll back. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Remembers the first failure. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** Forgets a failure that has been undone. */
  recover(failure: { readonly error: unknown } | undefined): void {
    this.#failure = failure;
  }

  /** What is refused from now on is everybody's work but the one that has called this. */
  seal(): void {
    this.#phase = 'sealed';
  }

  /** Takes work again. */
  reopen(): void {
    this.#phase = 'active';
  }

  end(outcome: 'committed' | 'rolled back'): void {
    const isFirst = !this.hasEnded;
    this.#phase = outcome;
    if (isFirst) this.#onOutcome(outcome);
    for (const ended of this.#onEnd.splice(0)) ended();
  }

  /** Resolves when it has ended. */
  ended(): Promise<void> {
    return this.hasEnded ? Promise.resolve() : new Promise((resolve) => this.#onEnd.push(resolve));
  }

  /**
   * Refuses work that comes too late, or from outside of a savepoint that is open.
   *
   * @throws {@link LockReleasedError} when it is over, {@link TransactionRolledBackError} when it was rolled back or something
   *   in it failed, {@link SavepointOpenError}
   */
  assertOpen(model: string | undefined, id?: string): void {
    this.assertActive(model, id);
    this.savepoints.assertInside(this.savepoints.current);
  }

  /** Refuses work that comes too late, wherever it was called. */
  assertActive(model: string | undefined, id?: string): void {
    if (this.isRolledBack) throw this.leftBehind();
    if (!this.isActive) throw unawaited(model, id);
    if (this.#failure !== undefined)
      throw new TransactionRolledBackError({ cause: this.#failure.error });
  }

  /** What work is told that goes on after its transaction was rolled back. */
  leftBehind(): TransactionRolledBackError {
    return new TransactionRolledBackError({
      cause: this.#failure?.error,
      message:
        'The transaction that this work belongs to was rolled back, and its caller was told: nothing that is left of it is done. ' +
        'Await all work inside the transaction; what shall outlive it belongs outside, after its end.',
    });
  }

  /** What a failed statement is told whose failure only follows from another one, or from the rollback. */
  explain(error: unknown): unknown {
    if (this.isRolledBack) {
      const why = 'was rolled back while this work ran';
      return new LockReleasedError(undefined, undefined, why, { cause: error });
    }
    return error instanceof TransactionRolledBackError && this.#failure?.error !== error
      ? new TransactionRolledBackError({ cause: this.#failure?.error })
      : error;
  }
}

/** What work is told that nobody awaited, and whose transaction is over. */
export function unawaited(model: string | undefined, id: string | undefined): LockReleasedError {
  return new LockReleasedError(
    model,
    id,
    'is gone: its transaction has ended, and this work was not awaited in it',
  );
}
