const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Aborts on Ctrl-C as on the caller's signal, so that what was made is removed before the process ends. */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  #received: NodeJS.Signals | undefined;
  #isOurs = false;

  constructor(outer: AbortSignal | undefined) {
    this.#outer = outer;
    if (outer?.aborted === true) this.#controller.abort(outer.reason);
    outer?.addEventListener('abort', this.#onAbort);
    for (const signal of SIGNALS) process.once(signal, this.#onSignal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** To be called when all is removed: the process ends by the signal that it was sent, unless others listen to that. */
  end(): void {
    this.#outer?.removeEventListener('abort', this.#onAbort);
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
    if (this.#received !== undefined && this.#isOurs) process.kill(process.pid, this.#received);
  }

  readonly #onAbort = (): void => this.#controller.abort(this.#outer?.reason);

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    this.#received = signal;
    this.#isOurs = process.listenerCount(signal) === 0;
    this.#controller.abort(new Error(`The process was sent ${signal}.`));
  };
}
