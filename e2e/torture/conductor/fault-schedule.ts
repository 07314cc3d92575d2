import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import type { Fault } from './faults.js';

/** Injects faults until it is stopped; each kind on its own, at random times. */
export class FaultSchedule {
  readonly counts = new Map<string, number>();
  readonly #stop = new AbortController();
  readonly #running: Promise<void>[];

  constructor(cluster: Cluster, faults: readonly Fault[]) {
    setMaxListeners(faults.length, this.#stop.signal);
    this.#running = faults.map((fault) => this.#run(cluster, fault));
  }

  /** Stops; resolves when the last fault is mended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #run(cluster: Cluster, fault: Fault): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const meanMs = fault.everySeconds * 1_000;
      await delay(cluster.random.int(meanMs / 2, meanMs * 1.5), undefined, { signal }).catch(
        () => undefined,
      );
      if (signal.aborted) return;
      try {
        for (const [name, count] of Object.entries(await fault.inject(cluster))) {
          this.counts.set(name, (this.counts.get(name) ?? 0) + count);
        }
      } catch {
        // The fault itself ran into another fault, such as a query while Postgres is down: it did not happen.
      }
    }
  }
}
