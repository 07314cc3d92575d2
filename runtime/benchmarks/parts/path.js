import { byTurns, withChildren } from '../by-turns.js';
import { Child } from '../child.js';

const COUNT = 30_000;

/** What the runtime takes for a write without a database, in microseconds of processor time, by case. */
export function measurePath({ rounds }) {
  const cases = ['checks', 'update', 'path', 'mutate'];
  return withChildren(
    cases,
    () => Child.start('jobs/path.js'),
    (children) => byTurns(cases, rounds, (name) => children.get(name).ask({ name, count: COUNT })),
  );
}
