// Emits signals from a process of its own.
import { setTimeout as delay } from 'node:timers/promises';
import { answerJobs } from '../child.js';
import { profileWhere } from '../profile-areas.js';
import { loadTransport } from '../transports/transport.js';

const [, , transport = '', url = ''] = process.argv;
const { openEmitter } = await loadTransport(transport);
const emitter = await openEmitter(url);
await emitter.emit('first');

interface Emission {
  readonly ids: readonly string[];
  readonly isProfiled: boolean;
}

const jobs = {
  /** All at once; tells when it began. */
  burst: ({ ids, isProfiled }: Emission) =>
    profileWhere(isProfiled, async () => {
      const start = now();
      await emitter.emitAll(ids);
      return [start];
    }),

  /** One after another, at a steady pace; tells when each was emitted. */
  steady: ({ ids, everyMs, isProfiled }: Emission & { readonly everyMs: number }) =>
    profileWhere(isProfiled, async () => {
      const times: number[] = [];
      for (const [index, id] of ids.entries()) {
        const due = (times[0] ?? now()) + index * everyMs;
        await delay(Math.max(0, due - now()));
        times.push(now());
        await emitter.emit(id);
      }
      return times;
    }),
};
export type EmitJobs = typeof jobs;

answerJobs(jobs);

/** Milliseconds of the system's monotonic clock, which all processes share. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
