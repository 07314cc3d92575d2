import type { OperationResult, RunningOperation } from '../operation/operation.js';
import type { Proxy } from '../proxy/proxy.js';

/** One of the two processes of an execution: its way to the server, and the operation that runs on it. */
export class ProcessSide {
  /** Called when its operation has begun or ended, and when something has happened on its connections. */
  onChange: () => void = () => undefined;
  readonly name: 'a' | 'b';
  readonly proxy: Proxy;
  result: OperationResult | undefined;
  /** What stopped the operation from being run at all. */
  failure: Error | undefined;
  #hasBegun = false;
  readonly #running: RunningOperation;

  constructor(name: 'a' | 'b', proxy: Proxy, running: RunningOperation) {
    this.name = name;
    this.proxy = proxy;
    this.#running = running;
    const changed = () => this.onChange();
    proxy.onChange = changed;
    running.begun.then(() => (this.#hasBegun = true)).then(changed, () => undefined);
    running.result
      .then(
        (result) => (this.result = result),
        (failure: unknown) =>
          (this.failure = failure instanceof Error ? failure : new Error(String(failure))),
      )
      .finally(changed);
  }

  /** Whether it loads its code, or opens a connection: that ends by itself. */
  get isStarting(): boolean {
    if (this.result !== undefined) return false;
    return !this.#hasBegun || this.proxy.isConnecting;
  }

  /** Whether it computes: it will send a statement, or end, or waits for something else than the database. */
  get isThinking(): boolean {
    return this.result === undefined && this.#isQuiet;
  }

  get isDone(): boolean {
    return this.result !== undefined && this.#isQuiet;
  }

  turnOfLoop(): Promise<void> {
    return this.#running.turnOfLoop();
  }

  async stop(): Promise<void> {
    await this.#running.stop();
    await this.proxy.close();
  }

  get #isQuiet(): boolean {
    return this.proxy.next === undefined && this.proxy.inFlight.length === 0;
  }
}
