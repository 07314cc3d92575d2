import { byTurns, withChildren } from '../by-turns.js';
import { Child } from '../child.js';

const COUNT = 100;

/** How long a transaction takes that locks 100 rows, in milliseconds, at +2.4 ms for a round trip. */
export async function measureLockMany({ database, delayed, rounds }) {
  await database.fill(COUNT);
  return withChildren(
    ['jobs/lock-many.js'],
    (file) => Child.start(file),
    async (children) => {
      const [child] = children.values();
      return byTurns(['loop', 'lockMany'], rounds, (way) =>
        child.ask({ url: delayed.url, way, count: COUNT }),
      );
    },
  );
}
