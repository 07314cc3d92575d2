// Hears signals in a process of its own.
import { answerJobs } from '../child.js';
import { profileWhere } from '../profile-areas.js';
import { loadTransport } from '../transports/transport.js';

const [, , transport = '', url = ''] = process.argv;
const { openListener } = await loadTransport(transport);
const arrivals = new Map<string, number>();
let onArrival = (): void => undefined;
await openListener(url, (id) => {
  arrivals.set(id, Number(process.hrtime.bigint()) / 1e6);
  onArrival();
});

const jobs = {
  hear: ({ ids, isProfiled }: { ids: readonly string[]; isProfiled: boolean }) =>
    profileWhere(isProfiled, () => hear(ids)),
};
export type ListenJobs = typeof jobs;

answerJobs(jobs);

/** When each of the ids arrived, in milliseconds of the system's monotonic clock. */
async function hear(ids: readonly string[]): Promise<readonly number[]> {
  await new Promise<void>((resolve) => {
    let next = 0;
    onArrival = () => {
      for (let id = ids[next]; id !== undefined && arrivals.has(id); id = ids[next]) next += 1;
      if (next === ids.length) resolve();
    };
    onArrival();
  });
  const times = ids.map((id) => arrivals.get(id) ?? Number.NaN);
  arrivals.clear();
  return times;
}
