import { withChildren } from '../by-turns.js';
import { startVariant } from '../measure-variant.js';
import { ROWS } from './throughput.js';

/** The variants whose processor time is taken apart; the first is what the others are compared with. */
export const PROFILED_VARIANTS = ['hand-written', 'mutate', 'transaction'];

const CLIENTS = 10;
const WARM_UP_MS = 5_000;
const DURATION_MS = 700;

/**
 * Where a variant's process spends its time, by sampling.
 *
 * @returns by variant, one entry of each round: microseconds for an update, by area
 */
export function measureProfile({ database, rounds, progress }) {
  const results = Object.fromEntries(PROFILED_VARIANTS.map((variant) => [variant, []]));
  return withChildren(PROFILED_VARIANTS, startVariant, async (workers) => {
    await database.fill(ROWS);
    const work = { clients: CLIENTS, rows: ROWS };
    for (const worker of workers.values()) {
      await worker.ask({ job: 'open', url: database.url, connections: CLIENTS });
      await worker.ask({ job: 'measure', ...work, warmUpMs: WARM_UP_MS, durationMs: 1 });
    }
    for (let round = 0; round < rounds; round++) {
      progress(`round ${round + 1} of ${rounds}`);
      for (const [variant, worker] of workers)
        results[variant].push(
          await worker.ask({ job: 'profile', ...work, durationMs: DURATION_MS }),
        );
    }
    for (const worker of workers.values()) await worker.ask({ job: 'close' });
    return results;
  });
}
