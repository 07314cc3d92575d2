import type { FaultProxy } from '@justscale/fixtures/fault-proxy';
import { setTimeout as delay } from 'node:timers/promises';
import { PHASES, type Phase } from '../worker/messages.js';
import type { Random } from '../worker/random.js';
import type { Cluster, Seat } from './cluster.js';

/** Something that goes wrong from time to time. */
export interface Fault {
  readonly name: string;
  /** The mean time between two of them, in seconds. */
  readonly everySeconds: number;
  /**
   * Does it, and mends what has to be mended before the next one.
   *
   * @returns how often it happened; by its place where that matters
   */
  inject(cluster: Cluster): Promise<Readonly<Record<string, number>>>;
}

const REACH_LIMIT_MS = 2_000;

/** Aims at a phase of the next transaction of a worker; resolves when it got there, or `false` when it did not in time. */
async function reach(
  seat: Seat,
  phase: Phase,
  action: 'SIGKILL' | 'SIGSTOP' | 'tell',
): Promise<boolean> {
  const { worker } = seat;
  const reached = new Promise<boolean>((resolve) => {
    worker.onReached = (message) => {
      if (message.phase === phase && message.action === action) resolve(true);
    };
  });
  worker.send({ type: 'arm', phase, action });
  return Promise.race([
    reached,
    delay(REACH_LIMIT_MS, false),
    worker.exited.then(() => action === 'SIGKILL'),
  ]);
}

const kill: Fault = {
  name: 'SIGKILL',
  everySeconds: 0.8,
  async inject(cluster) {
    const seat = cluster.pickMortal();
    const phase = cluster.random.pick(PHASES);
    const aimed = await reach(seat, phase, 'SIGKILL');
    seat.worker.signal('SIGKILL');
    await seat.worker.exited;
    cluster.replace(seat);
    return { [`SIGKILL ${aimed ? phase : 'anywhere'}`]: 1 };
  },
};

const stop: Fault = {
  name: 'SIGSTOP',
  everySeconds: 2,
  async inject(cluster) {
    const seat = cluster.random.pick(cluster.seats);
    const phase = cluster.random.pick(PHASES);
    const { worker } = seat;
    const aimed = await reach(seat, phase, 'SIGSTOP');
    worker.signal('SIGSTOP');
    await delay(cluster.random.int(200, 1_500));
    worker.signal('SIGCONT');
    return { [`SIGSTOP and SIGCONT ${aimed ? phase : 'anywhere'}`]: 1 };
  },
};

const terminateBackends: Fault = {
  name: 'backend terminated',
  everySeconds: 0.16,
  async inject({ admin }) {
    const rows = await admin`
      select pg_terminate_backend(pid) from (
        select pid from pg_stat_activity
        where datname = current_database() and application_name = 'justscale' and query not ilike 'listen%'
        order by random() limit 1
      ) victim`;
    return { 'backend terminated': rows.length };
  },
};

const terminateListener: Fault = {
  name: 'LISTEN connection terminated',
  everySeconds: 3,
  async inject({ admin }) {
    const rows = await admin`
      select pg_terminate_backend(pid) from (
        select pid from pg_stat_activity
        where datname = current_database() and application_name = 'justscale' and query ilike 'listen%' order by random() limit 1
      ) victim`;
    return { 'LISTEN connection terminated': rows.length };
  },
};

const restart: Fault = {
  name: 'Postgres stopped immediately',
  everySeconds: 12,
  async inject({ server }) {
    await server.restart({ mode: 'immediate' });
    return { 'Postgres stopped immediately, and started': 1 };
  },
};

/** A fault of the network of one worker: often begun just when one of its transactions is about to commit. */
function networkFault(
  name: string,
  everySeconds: number,
  run: (proxy: FaultProxy, random: Random) => void | Promise<void>,
): Fault {
  return {
    name,
    everySeconds,
    async inject(cluster) {
      const { random } = cluster;
      const seat = random.pick(cluster.seats);
      const atCommit = random.chance(60) && (await reach(seat, 'before commit', 'tell'));
      if (atCommit) await delay(random.int(0, 2));
      await run(seat.proxy, random);
      return { [atCommit ? `${name} at COMMIT` : name]: 1 };
    },
  };
}

const reset = networkFault('connections reset', 3, (proxy) => proxy.cut());

const ended = networkFault('connections ended', 5, (proxy) => proxy.end());

const halfOpen = networkFault('connections half-open', 8, async (proxy, random) => {
  proxy.pause();
  await delay(random.int(500, 2_000));
  proxy.cut();
  proxy.resume();
});

const slow = networkFault('network delayed', 4, async (proxy, random) => {
  proxy.delay(random.int(1, 40));
  await delay(random.int(500, 1_500));
  proxy.delay(0);
});

const refused = networkFault('connections refused', 10, async (proxy, random) => {
  proxy.refuse();
  proxy.cut();
  await delay(random.int(100, 1_000));
  proxy.accept();
});

const clock: Fault = {
  name: 'clock jumped',
  everySeconds: 3,
  inject(cluster) {
    const seat = cluster.random.pick(cluster.seats);
    seat.worker.send({ type: 'clock', offsetMs: cluster.random.int(-86_400_000, 86_400_000) });
    return Promise.resolve({ 'clock jumped': 1 });
  },
};

/** The faults of a run. */
export const FAULTS: readonly Fault[] = [
  kill,
  stop,
  terminateBackends,
  terminateListener,
  restart,
  reset,
  ended,
  halfOpen,
  slow,
  refused,
  clock,
];
