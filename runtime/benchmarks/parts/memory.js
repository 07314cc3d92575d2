import { byTurns, withChildren } from '../by-turns.js';
import { Child } from '../child.js';

const UPDATES = 100_000;
const CLIENTS = 10;

/** Locked updates in memory for each second of processor time, by variant. */
export function measureMemory({ rounds }) {
  const variants = ['mutate', 'transaction', 'mutex', 'checkedMutex'];
  return withChildren(
    variants,
    () => Child.start('jobs/memory.js'),
    (children) =>
      byTurns(variants, rounds, (variant) =>
        children.get(variant).ask({ variant, clients: CLIENTS, updates: UPDATES }),
      ),
  );
}
