import { Child } from '../child.js';
import type { HeapJobs } from '../jobs/heap.js';
import type { MeasureContext } from '../measure-context.js';

const WRITES = 1_000_000;
const STEPS = 10;

/** The heap in megabytes after each tenth of a million writes, by store. */
export async function measureHeap({ database, progress }: MeasureContext) {
  await database.fill(1);
  const megabytes: Record<'memory' | 'postgres', readonly number[]> = { memory: [], postgres: [] };
  for (const kind of ['memory', 'postgres'] as const) {
    progress(`${WRITES} writes, ${kind}`);
    const child = await Child.start<HeapJobs>('jobs/heap.js', [], ['--expose-gc']);
    try {
      megabytes[kind] = await child.ask('grow', {
        kind,
        url: database.url,
        writes: WRITES,
        steps: STEPS,
      });
    } finally {
      await child.end();
    }
  }
  return { writes: WRITES, megabytes };
}
