import { startRedis, type RedisServer } from '@justscale/fixtures/redis';
import { createRecord, withChildren } from '../by-turns.js';
import { Child } from '../child.js';
import type { PingJobs, TransportName } from '../jobs/pings.js';
import type { MeasureContext } from '../measure-context.js';

const TRANSPORTS = ['notify', 'redis'] as const satisfies readonly TransportName[];
const LISTENERS = [1, 10, 50, 100, 200];
const PROCESSES = ['listens', 'listens too', 'emits'] as const;
const SIGNALS = 2_000;
const AT_A_TIME = 100;
/** A plot is read for its shape. */
const MOST_ROUNDS = 2;

/**
 * How many signals a second every listener of many hears, over NOTIFY and over a Redis or Valkey server, all on one machine.
 *
 * @returns by transport, a list of points `{ x, values }` with a value of each round, and the server's version; `null` when the
 *   machine has no such server
 */
export async function measureListeners(context: MeasureContext) {
  const redis = await findRedis(context);
  if (redis === undefined) return null;
  try {
    return {
      server: redis.version,
      perSecond: await withChildren(
        PROCESSES,
        () => Child.start<PingJobs>('jobs/pings.js'),
        (children) => measureAll(context, redis.url, children),
      ),
    };
  } finally {
    await redis.stop();
  }
}

async function findRedis({ progress }: MeasureContext): Promise<RedisServer | undefined> {
  try {
    return await startRedis();
  } catch (error) {
    progress(`is left out. ${(error as Error).message.split('\n', 1)[0] ?? ''}`);
    return undefined;
  }
}

type Children = Readonly<Record<(typeof PROCESSES)[number], Child<PingJobs>>>;

async function measureAll(
  { database: { url }, rounds, progress }: MeasureContext,
  redisUrl: string,
  children: Children,
) {
  const results = createRecord(TRANSPORTS, () =>
    LISTENERS.map((x) => ({ x, values: [] as number[] })),
  );
  const turns = Math.min(rounds, MOST_ROUNDS);
  for (const transport of TRANSPORTS) await measure(children, { transport, url, redisUrl }, 1);
  for (const [index, listeners] of LISTENERS.entries()) {
    progress(String(listeners));
    for (let turn = 0; turn < turns; turn++) {
      for (const transport of TRANSPORTS) {
        const perSecond = await measure(children, { transport, url, redisUrl }, listeners);
        results[transport][index]?.values.push(perSecond);
      }
    }
  }
  return results;
}

interface Way {
  readonly transport: TransportName;
  readonly url: string;
  readonly redisUrl: string;
}

/** Signals a second, until the last listener has heard the last of them. */
async function measure(children: Children, way: Way, listeners: number): Promise<number> {
  const { emits, listens, 'listens too': listensToo } = children;
  const half = Math.ceil(listeners / 2);
  await Promise.all([
    listens.ask('listen', { ...way, stores: half }),
    listensToo.ask('listen', { ...way, stores: listeners - half }),
  ]);
  await emits.ask('connect', { ...way, stores: 1 });
  // The signal that opened the connection counts as well.
  const hearing = [listens, listensToo].map((child) => child.ask('hear', { count: SIGNALS + 1 }));
  const start = await emits.ask('emit', { count: SIGNALS, atATime: AT_A_TIME });
  const ends = await Promise.all(hearing);
  await Promise.all([emits, listens, listensToo].map((child) => child.ask('close', {})));
  return SIGNALS / ((Math.max(...ends) - start) / 1_000);
}
