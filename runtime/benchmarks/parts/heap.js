import { Child } from '../child.js';

const WRITES = 1_000_000;
const STEPS = 10;

/** The heap in megabytes after each tenth of a million writes, by store. */
export async function measureHeap({ database, progress }) {
  await database.fill(1);
  const megabytes = {};
  for (const kind of ['memory', 'postgres']) {
    progress(`${WRITES} writes, ${kind}`);
    const child = await Child.start('jobs/heap.js', [], ['--expose-gc']);
    try {
      megabytes[kind] = await child.ask({ kind, url: database.url, writes: WRITES, steps: STEPS });
    } finally {
      await child.end();
    }
  }
  return { writes: WRITES, megabytes };
}
