// Emits signals, or listens to them with many stores, over one of the transports.
import { defineSignals, type Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { redisSignals } from '@justscale/runtime/redis';
import { answerJobs } from '../child.js';

class Pings extends defineSignals((signal) => ({ ping: signal('/ping/:who') })) {}

export type TransportName = 'notify' | 'redis';

interface Opening {
  readonly transport: TransportName;
  readonly url: string;
  readonly redisUrl: string;
  readonly stores: number;
}

interface Emission {
  readonly count: number;
  readonly atATime: number;
}

let stores: Store[] = [];
let heard: number[] = [];
let onSignal = (): void => undefined;

const jobs = {
  /** Opens stores, each with a connection of its own that listens. */
  async listen(opening: Opening): Promise<void> {
    open(opening);
    heard = stores.map(() => 0);
    // One after another: a server that opens a hundred connections at once answers none of them in time.
    for (const [index, store] of stores.entries()) {
      const subscription = store.signals(Pings).ping.subscribe(() => {
        heard[index] = (heard[index] ?? 0) + 1;
        onSignal();
      });
      await subscription.ready;
    }
  },

  /** Opens one that emits. */
  async connect(opening: Opening): Promise<void> {
    open(opening);
    // The first one opens the connection.
    await emitter().emit({ who: 'first' });
  },

  /** Emits so many, some at a time; tells when it began, in milliseconds of the system's monotonic clock. */
  async emit({ count, atATime }: Emission): Promise<number> {
    const ping = emitter();
    const start = now();
    let next = 0;
    const emitOneByOne = async (): Promise<void> => {
      while (next < count) await ping.emit({ who: String((next += 1)) });
    };
    await Promise.all(Array.from({ length: atATime }, emitOneByOne));
    return start;
  },

  /** Resolves with the time when each store has heard so many. */
  hear: ({ count }: { readonly count: number }): Promise<number> =>
    new Promise((resolve) => {
      onSignal = () => {
        if (heard.every((each) => each >= count)) resolve(now());
      };
      onSignal();
    }),

  async close(_: object): Promise<void> {
    await Promise.all(stores.map((store) => store.close()));
  },
};
export type PingJobs = typeof jobs;

answerJobs(jobs);

function open({ transport, url, redisUrl, stores: count }: Opening): void {
  stores = Array.from({ length: count }, () =>
    postgresStore(url, {
      maxConnections: 1,
      ...(transport === 'redis' ? { signals: redisSignals(redisUrl) } : {}),
    }),
  );
}

function emitter() {
  const [store] = stores;
  if (store === undefined) throw new Error('no store is open');
  return store.signals(Pings).ping;
}

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
