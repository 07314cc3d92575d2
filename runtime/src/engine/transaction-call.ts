import { LockTimeoutError } from '../errors/lock-errors.js';
import { TransactionTimeoutError } from '../errors/store-errors.js';
import type { TransactionSettings } from './transaction-options.js';
import type { Transaction } from './transaction.js';

/** One call of `Store.transaction`, with all its attempts: what can end it from outside. */
export class TransactionCall {
  readonly settings: TransactionSettings;
  /** When it has to be over, in milliseconds of `performance.now()`. */
  readonly deadline: number | undefined;
  /** The attempt that runs now. */
  transaction: Transaction | undefined;
  #interruption: { readonly reason: unknown } | undefined;
  #stopWaiting: ((reason: unknown) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #abort = (): void => this.interrupt(this.settings.signal?.reason);

  constructor(settings: TransactionSettings) {
    const { timeoutMs } = settings;
    this.settings = settings;
    this.deadline = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
  }

  /** Whether another attempt would come too late. */
  get isOver(): boolean {
    const isLate = this.deadline !== undefined && performance.now() >= this.deadline;
    return isLate || this.#interruption !== undefined;
  }

  /** Ends it: what is not on its way to be committed is rolled back. */
  interrupt(reason: unknown): void {
    if (this.#interruption !== undefined) return;
    this.#interruption = { reason };
    this.transaction?.state.fail(reason);
    this.#stopWaiting?.(reason);
  }

  /** Waits for work, but not for longer than it may take; {@link TransactionCall.unwatch} has to follow. */
  watch(): void {
    this.settings.signal?.addEventListener('abort', this.#abort, { once: true });
    if (this.deadline === undefined) return;
    const left = Math.max(0, this.deadline - performance.now());
    this.#timer = setTimeout(() => this.interrupt(this.#timeoutError()), left);
  }

  unwatch(): void {
    this.settings.signal?.removeEventListener('abort', this.#abort);
    clearTimeout(this.#timer);
  }

  /** Waits for work, but no longer than until it is interrupted. */
  until<R>(work: R | PromiseLike<R>): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#stopWaiting = reject;
      if (this.#interruption !== undefined) reject(this.#interruption.reason);
      Promise.resolve(work).then(resolve, reject);
    });
  }

  #timeoutError(): Error {
    const waiting = this.transaction?.waitingFor;
    return waiting === undefined
      ? new TransactionTimeoutError(this.settings.timeoutMs ?? 0)
      : new LockTimeoutError(waiting.subject, waiting.ids);
  }
}
