import { eventLoopUtilization, now } from './real-time.js';

/** How often the event loop is looked at, in milliseconds. */
const LOOK_EVERY_MS = 20;
/** From which share of the time on that it works, the event loop is busy; and up to which it has time to spare. */
const BUSY = 0.95;
const SPARE = 0.85;
/** So many are used whenever they are asked for: fewer could not keep this process and the server busy at the same time. */
const ALWAYS = 4;
/** How long a wait calls for one more connection, in milliseconds: where the event loop is busy everything takes longer. */
const PATIENCE_MS = 4;
const BUSY_PATIENCE_MS = 25;

/**
 * Decides how many connections of a pool are used at a time. When this process has all hands full, more connections than keep it busy
 * only let the server change between its processes, and transactions that could leave together go one by one. As long as
 * it has time to spare, all may be used.
 */
export class ConnectionDemand {
  /** So many may be opened without anybody having waited. */
  readonly always: number;
  readonly #size: number;
  #limit: number;
  #isBusy = false;
  #lookedAt = now();
  #utilization = eventLoopUtilization();

  /** @param size - the most connections */
  constructor(size: number) {
    this.#size = size;
    this.#limit = size;
    this.always = Math.min(size, ALWAYS);
  }

  /** How many may be used now. */
  get limit(): number {
    const time = now();
    if (time - this.#lookedAt >= LOOK_EVERY_MS) this.#look(time);
    return this.#limit;
  }

  /** How long a wait calls for one more, in milliseconds. */
  get patienceMs(): number {
    return this.#isBusy ? BUSY_PATIENCE_MS : PATIENCE_MS;
  }

  /** Somebody has waited for long enough: so many are needed. */
  raise(limit: number): void {
    this.#limit = Math.max(this.#limit, Math.min(this.#size, limit));
  }

  #look(time: number): void {
    const before = this.#utilization;
    this.#utilization = eventLoopUtilization();
    this.#lookedAt = time;
    const { utilization } = eventLoopUtilization(this.#utilization, before);
    this.#isBusy = utilization >= BUSY;
    if (this.#isBusy) this.#limit = Math.max(this.always, Math.floor(this.#limit * 0.9));
    else if (utilization <= SPARE) this.#limit = Math.min(this.#size, Math.ceil(this.#limit * 1.5));
  }
}
