import { byTurns, withChildren } from '../by-turns.js';
import { Child } from '../child.js';
import type { PathJobs } from '../jobs/path.js';
import type { MeasureContext } from '../measure-context.js';

const COUNT = 30_000;

/** What the runtime takes for a write without a database, in microseconds of processor time, by case. */
export function measurePath({ rounds }: MeasureContext) {
  const cases = ['checks', 'update', 'path', 'mutate', 'listened'] as const;
  return withChildren(
    cases,
    () => Child.start<PathJobs>('jobs/path.js'),
    (children) =>
      byTurns(cases, rounds, (name) => children[name].ask('measure', { name, count: COUNT })),
  );
}
