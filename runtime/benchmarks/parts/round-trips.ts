import { createRecord, withChildren } from '../by-turns.js';
import type { MeasureContext } from '../measure-context.js';
import { NEW_CONNECTION_TURNS, startVariant } from '../measure-variant.js';
import { countRoundTrips } from '../round-trips.js';

/** The variants whose time behind a delay is taken apart; the first is what the others are compared with. */
export const COUNTED_VARIANTS = [
  'hand-written',
  'mutate',
  'mutate-uncombined',
  'transaction',
] as const;

const WORK = { clients: 1, rows: 1, durationMs: 1 };

/** How many round trips an update takes at one client, by variant. */
export function measureRoundTrips({ database }: MeasureContext) {
  return withChildren(COUNTED_VARIANTS, startVariant, async (workers) => {
    await database.fill(WORK.rows);
    const results = createRecord(COUNTED_VARIANTS, () => 0);
    for (const variant of COUNTED_VARIANTS) {
      const worker = workers[variant];
      results[variant] = await countRoundTrips(database.url, async (url, count) => {
        await worker.ask('open', { url, connections: 1 });
        // The first updates open the connection, learn the table and prepare the statements.
        await worker.ask('measure', {
          ...WORK,
          warmUpMs: 1,
          warmUpTurns: NEW_CONNECTION_TURNS,
        });
        const before = count();
        const { acknowledged } = await worker.ask('measure', { ...WORK, warmUpMs: 1 });
        const updates = acknowledged.reduce((sum, [, times]) => sum + times, 0);
        const roundTrips = (count() - before) / updates;
        await worker.ask('close', {});
        return roundTrips;
      });
    }
    return results;
  });
}
