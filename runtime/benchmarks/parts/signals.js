import { byTurns, withChildren } from '../by-turns.js';
import { Child } from '../child.js';
import { median, quantile } from '../statistics.js';

const TRANSPORTS = ['raw-notify', 'runtime'];
const BURST = 10_000;
const STEADY = 100;
/** Before each round: what follows is measured with compiled code. */
const WARM_UP = 2_000;
const EVERY_MS = 10;

/**
 * Signals from one process to another, each with a transport of its own.
 *
 * @returns by transport, one entry of each round: `burstMs` from the first of 10,000 emitted at once to the last received,
 *   and the latency at 100 a second
 */
export function measureSignals({ database, rounds }) {
  const names = TRANSPORTS.flatMap((transport) => [`listen ${transport}`, `emit ${transport}`]);
  const start = (name) => {
    const [job, transport] = name.split(' ');
    return Child.start(`jobs/${job}.js`, [transport, database.url]);
  };
  let sequence = 0;
  const createIds = (count) => Array.from({ length: count }, () => `p${(sequence += 1)}`);
  return withChildren(names, start, (children) =>
    byTurns(TRANSPORTS, rounds, async (transport) => {
      const send = async (ids, job) => {
        const heard = children.get(`listen ${transport}`).ask({ ids });
        const sent = await children.get(`emit ${transport}`).ask({ ...job, ids });
        return { sent, heard: await heard };
      };
      await send(createIds(WARM_UP), { job: 'burst' });
      const burst = await send(createIds(BURST), { job: 'burst' });
      const steady = await send(createIds(STEADY), { job: 'steady', everyMs: EVERY_MS });
      const latencies = steady.heard.map((time, index) => time - steady.sent[index]);
      return {
        burstMs: Math.max(...burst.heard) - burst.sent,
        latencyMs: median(latencies),
        latencyP95Ms: quantile(latencies, 0.95),
      };
    }),
  );
}
