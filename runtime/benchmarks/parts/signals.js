import { byTurns, withChildren } from '../by-turns.js';
import { Child } from '../child.js';
import { perTime } from '../profile-areas.js';
import { median, quantile } from '../statistics.js';

const TRANSPORTS = ['raw-notify', 'runtime'];
const BURST = 10_000;
/** Of each round, which has their median. */
const BURSTS = 5;
const STEADY = 100;
const EVERY_MS = 10;
/** Before the first round, so many bursts, and then so many one after another: what follows is measured with compiled code. */
const WARM_UP_BURSTS = 8;
const WARM_UP_SINGLE = 2_000;

/**
 * Signals from one process to another, each with a transport of its own.
 *
 * @returns by transport, one entry of each round: `burstMs` from the first of 10,000 emitted at once to the last received, the
 *   median of some; the latency at 100 a second, and of both, done once more, the `profile`: microseconds for a signal in the process that
 *   emits and in the one that listens, by area
 */
export function measureSignals({ database, rounds, progress }) {
  const names = TRANSPORTS.flatMap((transport) => [`listen ${transport}`, `emit ${transport}`]);
  const start = (name) => {
    const [job, transport] = name.split(' ');
    return Child.start(`jobs/${job}.js`, [transport, database.url]);
  };
  let sequence = 0;
  const createIds = (count) => Array.from({ length: count }, () => `p${(sequence += 1)}`);
  return withChildren(names, start, async (children) => {
    const send = async (transport, { count, isProfiled = false, ...job }) => {
      const ids = createIds(count);
      const listening = children.get(`listen ${transport}`).ask({ ids, isProfiled });
      const emit = await children.get(`emit ${transport}`).ask({ ...job, ids, isProfiled });
      return { emit, listen: await listening };
    };
    const burst = { job: 'burst', count: BURST };
    const steady = { job: 'steady', count: STEADY, everyMs: EVERY_MS };
    const profile = async (transport, job) => {
      const { emit, listen } = await send(transport, { ...job, isProfiled: true });
      return { emit: perTime(emit.areas, job.count), listen: perTime(listen.areas, job.count) };
    };

    for (const transport of TRANSPORTS) {
      progress(`${transport} warms up`);
      for (let done = 0; done < WARM_UP_BURSTS; done++) await send(transport, burst);
      await send(transport, { ...steady, count: WARM_UP_SINGLE, everyMs: 0 });
    }
    return byTurns(TRANSPORTS, rounds, async (transport, round) => {
      progress(`${transport}, round ${round + 1} of ${rounds}`);
      const bursts = [];
      for (let done = 0; done < BURSTS; done++) {
        const { emit, listen } = await send(transport, burst);
        bursts.push(Math.max(...listen.result) - emit.result);
      }
      const oneByOne = await send(transport, steady);
      const latencies = oneByOne.listen.result.map(
        (time, index) => time - oneByOne.emit.result[index],
      );
      return {
        burstMs: median(bursts),
        latencyMs: median(latencies),
        latencyP95Ms: quantile(latencies, 0.95),
        profile: {
          burst: await profile(transport, burst),
          steady: await profile(transport, steady),
        },
      };
    });
  });
}
