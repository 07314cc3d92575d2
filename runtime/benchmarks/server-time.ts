import { readFileSync } from 'node:fs';

/**
 * The processor time that each process of a server has taken so far, in nanoseconds, as Linux counts it; nothing elsewhere, or when
 * the server is on another machine.
 *
 * @param postmaster - the process id of the server's first process
 */
export function serverTimes(postmaster: number): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  try {
    const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8');
    for (const pid of children.split(' ')) {
      if (pid.trim() === '') continue;
      const [ran = ''] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
      times.set(pid, Number(ran));
    }
  } catch {
    // A process has ended meanwhile, or this is no Linux.
  }
  return times;
}

/** What was taken between two looks, in microseconds; `NaN` where nothing is known. */
export function timeBetween(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): number {
  if (after.size === 0) return Number.NaN;
  let sum = 0;
  for (const [pid, ran] of after) sum += ran - (before.get(pid) ?? 0);
  return sum / 1_000;
}
