import { createRecord, withChildren } from '../by-turns.js';
import type { MeasureContext } from '../measure-context.js';
import { startVariant } from '../measure-variant.js';
import type { Areas } from '../profile-areas.js';
import { ROWS } from './throughput.js';

/** The variants whose processor time is taken apart; the first is what the others are compared with. */
export const PROFILED_VARIANTS = ['hand-written', 'mutate', 'transaction'] as const;

const CLIENTS = 10;
const WARM_UP_MS = 5_000;
const DURATION_MS = 700;

/**
 * Where a variant's process spends its time, by sampling.
 *
 * @returns by variant, one entry of each round: microseconds for an update, by area
 */
export function measureProfile({ database, rounds, progress }: MeasureContext) {
  const results = createRecord(PROFILED_VARIANTS, (): Areas[] => []);
  return withChildren(PROFILED_VARIANTS, startVariant, async (workers) => {
    await database.fill(ROWS);
    const work = { clients: CLIENTS, rows: ROWS };
    for (const worker of Object.values(workers)) {
      await worker.ask('open', { url: database.url, connections: CLIENTS });
      await worker.ask('measure', { ...work, warmUpMs: WARM_UP_MS, durationMs: 1 });
    }
    for (let round = 0; round < rounds; round++) {
      progress(`round ${round + 1} of ${rounds}`);
      for (const variant of PROFILED_VARIANTS)
        results[variant].push(
          await workers[variant].ask('profile', { ...work, durationMs: DURATION_MS }),
        );
    }
    for (const worker of Object.values(workers)) await worker.ask('close', {});
    return results;
  });
}
