// Hears signals in a process of its own.
import { answerJobs } from '../child.js';
import { profileAreas } from '../profile-areas.js';

const { openListener } = await import(`../transports/${process.argv[2]}.js`);
const arrivals = new Map();
let onArrival = () => undefined;
await openListener(process.argv[3], (id) => {
  arrivals.set(id, Number(process.hrtime.bigint()) / 1e6);
  onArrival();
});

answerJobs(({ ids, isProfiled }) => {
  const work = () => hear(ids);
  return isProfiled ? profileAreas(work) : work().then((result) => ({ result }));
});

/** When each of the ids arrived, in milliseconds of the system's monotonic clock. */
async function hear(ids) {
  await new Promise((resolve) => {
    let next = 0;
    onArrival = () => {
      while (next < ids.length && arrivals.has(ids[next])) next += 1;
      if (next === ids.length) resolve();
    };
    onArrival();
  });
  const times = ids.map((id) => arrivals.get(id));
  arrivals.clear();
  return times;
}
