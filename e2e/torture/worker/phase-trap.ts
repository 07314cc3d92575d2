import { PHASES, type FromWorker, type Phase, type ToWorker } from './messages.js';

/** Lets the conductor hit this process at a certain point of a transaction. */
export class PhaseTrap {
  readonly #armed = new Map<Phase, Extract<ToWorker, { type: 'arm' }>['action']>();

  arm(phase: Phase, action: Extract<ToWorker, { type: 'arm' }>['action']): void {
    if (!PHASES.includes(phase)) throw new RangeError(`no phase ${phase}`);
    this.#armed.set(phase, action);
  }

  /** Forgets what was not hit yet. */
  disarm(): void {
    this.#armed.clear();
  }

  /** Called wherever a transaction passes a phase. */
  async pass(phase: Phase): Promise<void> {
    const action = this.#armed.get(phase);
    if (action === undefined) return;
    this.#armed.delete(phase);
    await new Promise<void>((sent) => {
      process.send?.(
        { type: 'reached', phase, action } satisfies FromWorker,
        undefined,
        undefined,
        () => sent(),
      );
    });
    if (action !== 'tell') process.kill(process.pid, action);
  }
}
