// A process of its own for one variant, so that no other variant's heap or compiled code is in its way.
import { answerJobs } from './child.js';
import { accountId } from './database.js';
import { perTime, profileAreas } from './profile-areas.js';
import { loadVariant } from './variant.js';

const variant = await loadVariant(process.argv[2]);

/** Coprime to all numbers of rows here: clients come to every row, and not to neighbours one after another. */
const STRIDE = 7_919;

/** @type {import('./variant.js').OpenVariant | undefined} */
let opened;

const JOBS = {
  async open({ url, connections }) {
    opened = await variant.open({ url, connections });
  },

  async measure({ clients, rows, firstRow = 0, warmUpMs, warmUpTurns = 1, durationMs }) {
    const acknowledged = new Map();
    const work = { clients, rows, firstRow, acknowledged };
    await load({ ...work, durationMs: warmUpMs, turns: warmUpTurns });
    const before = process.cpuUsage();
    const { updates, elapsedMs } = await load({ ...work, durationMs });
    const { user, system } = process.cpuUsage(before);
    return {
      perSecond: (updates * 1_000) / elapsedMs,
      processorMicroseconds: (user + system) / updates,
      acknowledged: [...acknowledged],
    };
  },

  /** Microseconds for an update, by area. */
  async profile({ clients, rows, durationMs }) {
    const work = { clients, rows, firstRow: 0, acknowledged: new Map(), durationMs };
    const { result, areas } = await profileAreas(() => load(work));
    return perTime(areas, result.updates);
  },

  async close() {
    await opened.close();
  },
};

answerJobs(({ job, ...options }) => JOBS[job](options));

/**
 * Every client updates rows of its own, one after another; with one row, all of them that row. It goes on until the time is over
 * and each has had its turns.
 */
async function load({ clients, rows, firstRow, durationMs, turns = 1, acknowledged }) {
  const start = performance.now();
  const end = start + durationMs;
  let updates = 0;
  const client = async (first) => {
    for (let turn = first, left = turns; ; turn += clients) {
      const row = firstRow + ((turn * STRIDE) % rows);
      await opened.increment(accountId(row));
      acknowledged.set(row, (acknowledged.get(row) ?? 0) + 1);
      updates += 1;
      left -= 1;
      if (left <= 0 && performance.now() >= end) return;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  return { updates, elapsedMs: performance.now() - start };
}
