import { byTurns, withChildren } from '../by-turns.js';
import { Child } from '../child.js';
import type { MemoryJobs } from '../jobs/memory.js';
import type { MeasureContext } from '../measure-context.js';

const UPDATES = 100_000;
const CLIENTS = 10;

/** Locked updates in memory for each second of processor time, by variant. */
export function measureMemory({ rounds }: MeasureContext) {
  const variants = ['mutate', 'transaction', 'mutex', 'checkedMutex'] as const;
  return withChildren(
    variants,
    () => Child.start<MemoryJobs>('jobs/memory.js'),
    (children) =>
      byTurns(variants, rounds, (variant) =>
        children[variant].ask('measure', { variant, clients: CLIENTS, updates: UPDATES }),
      ),
  );
}
