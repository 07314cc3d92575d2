import { Child } from './child.js';
import type { BenchmarkDatabase } from './database.js';
import type { WorkerJobs } from './worker.js';

/** Before every load but the first: the connections are open and have prepared their statements. */
const LATER_WARM_UP_MS = 50;

/** What every client does at least on a new connection: it is open then, and has prepared its statements. */
export const NEW_CONNECTION_TURNS = 10;

/** The process of a variant. */
export type Worker = Child<WorkerJobs>;

export const startVariant = (variant: string): Promise<Worker> =>
  Child.start<WorkerJobs>('worker.js', [variant]);

/** The rows that are written. */
export interface Load {
  readonly rows: number;
  /** The share of the updates that all go to one of them; none without this. */
  readonly contended?: number;
}

/** How a variant is measured. */
export interface VariantLoads {
  readonly variant: string;
  /** Callers, and connections. */
  readonly clients: number;
  readonly loads: readonly Load[];
  /** Before the first load. */
  readonly warmUpMs: number;
  /** What every client does at least before the first load. */
  readonly warmUpTurns?: number;
  readonly durationMs: number;
}

/** What was measured under one load. */
export interface Rates {
  readonly perSecond: number;
  /** Of the client's process, for an update. */
  readonly processorMicroseconds: number;
  /** The same of the server; `null` where that is not known. */
  readonly serverMicroseconds: number | null;
}

/**
 * Connects a variant, measures it under one load after another, and disconnects it.
 *
 * @param options - `url` is that of the database without this
 * @throws Error when a row's counter differs from the number of acknowledged updates
 */
export async function measureVariant(
  database: BenchmarkDatabase,
  worker: Worker,
  { url = database.url, ...options }: VariantLoads & { readonly url?: string },
): Promise<readonly Rates[]> {
  await worker.ask('open', { url, connections: options.clients });
  try {
    return await measureOpen(database, worker, { ...options, warmUpTurns: NEW_CONNECTION_TURNS });
  } finally {
    await worker.ask('close', {});
  }
}

/** {@link measureVariant} of a variant that is connected, and stays so. */
export async function measureOpen(
  database: BenchmarkDatabase,
  worker: Worker,
  { variant, clients, loads, warmUpMs, warmUpTurns = 1, durationMs }: VariantLoads,
): Promise<readonly Rates[]> {
  const results: Rates[] = [];
  const postmaster = await database.postmaster();
  for (const [index, { rows, contended }] of loads.entries()) {
    await database.fill(rows);
    const warmUp = index === 0 ? { warmUpMs, warmUpTurns } : { warmUpMs: LATER_WARM_UP_MS };
    const job = { clients, rows, contended, postmaster, ...warmUp, durationMs };
    const { acknowledged, ...rates } = await worker.ask('measure', job);
    await database.assertBalances(acknowledged, `${variant}, ${clients} clients, ${rows} rows`);
    results.push(rates);
  }
  return results;
}
