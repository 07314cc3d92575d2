import { byTurns, withChildren } from '../by-turns.js';
import { Child } from '../child.js';
import type { LockManyJobs } from '../jobs/lock-many.js';
import type { MeasureContext } from '../measure-context.js';

const COUNT = 100;

/** How long a transaction takes that locks 100 rows, in milliseconds, at +2.4 ms for a round trip. */
export async function measureLockMany({ database, delayed, rounds }: MeasureContext) {
  await database.fill(COUNT);
  return withChildren(
    ['locks'],
    () => Child.start<LockManyJobs>('jobs/lock-many.js'),
    ({ locks }) =>
      byTurns(['loop', 'lockMany'], rounds, (way) =>
        locks.ask('lock', { url: delayed.url, way, count: COUNT }),
      ),
  );
}
