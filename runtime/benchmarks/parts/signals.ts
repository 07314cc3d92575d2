import { median, quantile } from '@justscale/fixtures/commands';
import { byTurns } from '../by-turns.js';
import { Child } from '../child.js';
import type { EmitJobs } from '../jobs/emit.js';
import type { ListenJobs } from '../jobs/listen.js';
import type { MeasureContext } from '../measure-context.js';
import { perTime, type Areas } from '../profile-areas.js';

const TRANSPORTS = ['raw-notify', 'runtime'] as const;
type TransportName = (typeof TRANSPORTS)[number];
const BURST = 10_000;
/** Of each round, which has their median. */
const BURSTS = 5;
const STEADY = 100;
const EVERY_MS = 10;
/** Before the first round, so many bursts, and then so many one after another: what follows is measured with compiled code. */
const WARM_UP_BURSTS = 8;
const WARM_UP_SINGLE = 2_000;

/** Signals that are emitted together: all at once, or one after another. */
interface Load {
  readonly count: number;
  readonly everyMs?: number;
}

/** Microseconds for a signal, by area, in the process that emits and in the one that listens. */
export type SignalProfile = Readonly<Record<'emit' | 'listen', Areas>>;

export interface SignalRound {
  readonly burstMs: number;
  readonly latencyMs: number;
  readonly latencyP95Ms: number;
  readonly profile: Readonly<Record<'burst' | 'steady', SignalProfile>>;
}

/**
 * Signals from one process to another, each with a transport of its own.
 *
 * @returns by transport, one entry of each round: `burstMs` from the first of 10,000 emitted at once to the last received, the
 *   median of some; the latency at 100 a second, and of both, done once more, the `profile`: microseconds for a signal in the process that
 *   emits and in the one that listens, by area
 */
export async function measureSignals({
  database,
  rounds,
  progress,
}: MeasureContext): Promise<Record<TransportName, SignalRound[]>> {
  let sequence = 0;
  const createIds = (count: number): string[] =>
    Array.from({ length: count }, () => `p${(sequence += 1)}`);
  const { pairs, end } = await startPairs(database.url);
  try {
    const send = async (transport: TransportName, load: Load, isProfiled = false) => {
      const { emitter, listener } = pairs[transport];
      const ids = createIds(load.count);
      const listening = listener.ask('hear', { ids, isProfiled });
      const emit = await (load.everyMs === undefined
        ? emitter.ask('burst', { ids, isProfiled })
        : emitter.ask('steady', { ids, isProfiled, everyMs: load.everyMs }));
      return { emit, listen: await listening };
    };
    const burst: Load = { count: BURST };
    const steady: Load = { count: STEADY, everyMs: EVERY_MS };
    const profile = async (transport: TransportName, load: Load): Promise<SignalProfile> => {
      const { emit, listen } = await send(transport, load, true);
      if (!emit.areas || !listen.areas) throw new Error('a profile is missing');
      return { emit: perTime(emit.areas, load.count), listen: perTime(listen.areas, load.count) };
    };

    for (const transport of TRANSPORTS) {
      progress(`${transport} warms up`);
      for (let done = 0; done < WARM_UP_BURSTS; done++) await send(transport, burst);
      await send(transport, { ...steady, count: WARM_UP_SINGLE, everyMs: 0 });
    }
    return await byTurns(TRANSPORTS, rounds, async (transport, round) => {
      progress(`${transport}, round ${round + 1} of ${rounds}`);
      const bursts: number[] = [];
      for (let done = 0; done < BURSTS; done++) {
        const { emit, listen } = await send(transport, burst);
        bursts.push(Math.max(...listen.result) - (emit.result[0] ?? Number.NaN));
      }
      const oneByOne = await send(transport, steady);
      const latencies = oneByOne.listen.result.map(
        (time, index) => time - (oneByOne.emit.result[index] ?? Number.NaN),
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
  } finally {
    await end();
  }
}

/** A process that emits and one that listens, for each transport. */
async function startPairs(url: string) {
  const children: Child<never>[] = [];
  const start = async (transport: TransportName) => {
    const listener = await Child.start<ListenJobs>('jobs/listen.js', [transport, url]);
    const emitter = await Child.start<EmitJobs>('jobs/emit.js', [transport, url]);
    children.push(listener, emitter);
    return { listener, emitter };
  };
  const pairs = { 'raw-notify': await start('raw-notify'), runtime: await start('runtime') };
  const end = async (): Promise<void> => {
    for (const child of children) await child.end();
  };
  return { pairs, end };
}
