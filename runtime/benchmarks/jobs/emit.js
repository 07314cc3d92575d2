// Emits signals from a process of its own.
import { setTimeout as delay } from 'node:timers/promises';
import { answerJobs } from '../child.js';
import { profileAreas } from '../profile-areas.js';

const { openEmitter } = await import(`../transports/${process.argv[2]}.js`);
const emitter = await openEmitter(process.argv[3]);
await emitter.emit('first');

const JOBS = {
  /** All at once; tells when it began. */
  async burst({ ids }) {
    const start = now();
    await emitter.emitAll(ids);
    return start;
  },
  /** One after another, at a steady pace; tells when each was emitted. */
  async steady({ ids, everyMs }) {
    const times = [];
    for (const [index, id] of ids.entries()) {
      const due = (times[0] ?? now()) + index * everyMs;
      await delay(Math.max(0, due - now()));
      times.push(now());
      await emitter.emit(id);
    }
    return times;
  },
};

answerJobs(({ job, isProfiled, ...options }) => {
  const work = () => JOBS[job](options);
  return isProfiled ? profileAreas(work) : work().then((result) => ({ result }));
});

/** Milliseconds of the system's monotonic clock, which all processes share. */
function now() {
  return Number(process.hrtime.bigint()) / 1e6;
}
