import { StoreClosedError } from '../errors/store-errors.js';
import type { SignalBus } from './signals/signal-bus.js';
import type { StoreContext } from './store-context.js';

/** How long what was interrupted may take to be rolled back, and to be let go of, in milliseconds. */
const ROLLBACK_MS = 1_000;
const LETTING_GO_MS = 2_000;

/** Closes a store: when its work is done, or when it has taken too long. */
export class StoreClosing {
  readonly #context: StoreContext;
  readonly #signals: SignalBus;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Resolves when nothing is waited for any more. */
  readonly #isLate: Promise<void>;
  #giveUp: () => void = () => undefined;
  #closed: Promise<void> | undefined;

  constructor(context: StoreContext, signals: SignalBus) {
    this.#context = context;
    this.#signals = signals;
    this.#isLate = new Promise((resolve) => (this.#giveUp = resolve));
  }

  /**
   * @param timeoutMs - how long to wait for what runs; for ever without it. Of several calls the shortest counts
   */
  close(timeoutMs: number | undefined): Promise<void> {
    this.#closed ??= this.#close();
    if (timeoutMs !== undefined) this.#after(timeoutMs, () => this.#interrupt());
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { adapter, transport, publisher, runner, work } = this.#context;
    await this.#unlessLate(work.close());
    this.#signals.close();
    await this.#unlessLate(publisher.close());
    await this.#unlessLate(transport.close());
    const closed = adapter.close();
    await this.#unlessLate(closed);
    await Promise.race([
      closed,
      new Promise<void>((resolve) => this.#after(LETTING_GO_MS, resolve)),
    ]);
    for (const timer of this.#timers) clearTimeout(timer);
    runner.close();
  }

  #interrupt(): void {
    this.#context.work.interrupt(new StoreClosedError(INTERRUPTED));
    this.#after(ROLLBACK_MS, this.#giveUp);
  }

  async #unlessLate(step: Promise<void>): Promise<void> {
    // Who comes too late has nobody left to tell.
    step.catch(() => undefined);
    await Promise.race([step, this.#isLate]);
  }

  #after(ms: number, then: () => void): void {
    this.#timers.add(setTimeout(then, ms));
  }
}

const INTERRUPTED =
  'The store was closed with a time limit, and this was not done by then: it was rolled back, nothing was written. ' +
  'Shorten the work, or raise the timeoutMs of close().';
