// A process of its own for one variant, so that no other variant's heap or compiled code is in its way.
import { answerJobs } from './child.js';
import { accountId } from './database.js';
import { serverTimes, timeBetween } from './server-time.js';
import { perTime, profileAreas, type Areas } from './profile-areas.js';
import { loadVariant, type ConnectionOptions, type OpenVariant } from './variant.js';

const variant = await loadVariant(process.argv[2] ?? '');

/** Coprime to all numbers of rows here: clients come to every row, and not to neighbours one after another. */
const STRIDE = 7_919;
/** Its multiples are spread evenly between 0 and 1, so that any share of them is spread over the turns. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

let opened: OpenVariant | undefined;

/** What the clients of a process do. */
interface Work {
  readonly clients: number;
  readonly rows: number;
  readonly firstRow: number;
  /** The share of the updates that go to the first row. */
  readonly contended?: number | undefined;
  readonly durationMs: number;
  /** What each client does at least. */
  readonly turns?: number;
  /** How many updates of each row were acknowledged; added to. */
  readonly acknowledged: Map<number, number>;
}

interface Measurement {
  readonly clients: number;
  readonly rows: number;
  readonly firstRow?: number;
  readonly contended?: number | undefined;
  /** The server's first process. */
  readonly postmaster?: number | undefined;
  readonly warmUpMs: number;
  readonly warmUpTurns?: number;
  readonly durationMs: number;
}

const jobs = {
  async open(options: ConnectionOptions): Promise<void> {
    opened = await variant.open(options);
  },

  async measure(measurement: Measurement) {
    const { clients, rows, firstRow = 0, warmUpMs, warmUpTurns = 1, durationMs } = measurement;
    const acknowledged = new Map<number, number>();
    const { contended, postmaster } = measurement;
    const work = { clients, rows, firstRow, contended, acknowledged };
    await load({ ...work, durationMs: warmUpMs, turns: warmUpTurns });
    const look = () => (postmaster === undefined ? new Map() : serverTimes(postmaster));
    const serverBefore = look();
    const before = process.cpuUsage();
    const { updates, elapsedMs } = await load({ ...work, durationMs });
    const { user, system } = process.cpuUsage(before);
    const server = timeBetween(serverBefore, look()) / updates;
    return {
      serverMicroseconds: Number.isNaN(server) ? null : server,
      perSecond: (updates * 1_000) / elapsedMs,
      processorMicroseconds: (user + system) / updates,
      acknowledged: [...acknowledged] as readonly (readonly [row: number, updates: number])[],
    };
  },

  /** Microseconds for an update, by area. */
  async profile({
    clients,
    rows,
    durationMs,
  }: Pick<Work, 'clients' | 'rows' | 'durationMs'>): Promise<Areas> {
    const work = { clients, rows, firstRow: 0, acknowledged: new Map(), durationMs };
    const { result, areas } = await profileAreas(() => load(work));
    return perTime(areas, result.updates);
  },

  async close(_: object): Promise<void> {
    await opened?.close();
  },
};
export type WorkerJobs = typeof jobs;

answerJobs(jobs);

/**
 * Every client updates rows of its own, one after another; with one row, all of them that row. It goes on until the time is over
 * and each has had its turns.
 */
async function load({
  clients,
  rows,
  firstRow,
  contended = 0,
  durationMs,
  turns = 1,
  acknowledged,
}: Work) {
  if (opened === undefined) throw new Error('the variant is not open');
  const { increment } = opened;
  const start = performance.now();
  const end = start + durationMs;
  let updates = 0;
  const client = async (first: number): Promise<void> => {
    for (let turn = first, left = turns; ; turn += clients) {
      const isContended = (turn * GOLDEN) % 1 < contended;
      const row = firstRow + (isContended ? 0 : (turn * STRIDE) % rows);
      await increment(accountId(row));
      acknowledged.set(row, (acknowledged.get(row) ?? 0) + 1);
      updates += 1;
      left -= 1;
      if (left <= 0 && performance.now() >= end) return;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  return { updates, elapsedMs: performance.now() - start };
}
