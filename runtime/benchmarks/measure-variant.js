import { Child } from './child.js';

/** Before every load but the first: the connections are open and have prepared their statements. */
const LATER_WARM_UP_MS = 50;

/** What every client does at least on a new connection: it is open then, and has prepared its statements. */
export const NEW_CONNECTION_TURNS = 10;

/** The process of a variant. */
export const startVariant = (variant) => Child.start('worker.js', [variant]);

/**
 * Connects a variant, measures it under one load after another, and disconnects it.
 *
 * @param {import('./database.js').BenchmarkDatabase} database
 * @param {Child} worker - of the variant
 * @param {object} options
 * @param {string} options.variant
 * @param {string} [options.url] - that of the database without this
 * @param {number} options.clients - callers, and connections
 * @param {readonly { rows: number }[]} options.loads
 * @param {number} options.warmUpMs - before the first load
 * @param {number} options.durationMs
 * @returns for each load `perSecond`, and `processorMicroseconds` of the client's process for an update
 * @throws Error when a row's counter differs from the number of acknowledged updates
 */
export async function measureVariant(database, worker, { url = database.url, ...options }) {
  await worker.ask({ job: 'open', url, connections: options.clients });
  try {
    return await measureOpen(database, worker, { ...options, warmUpTurns: NEW_CONNECTION_TURNS });
  } finally {
    await worker.ask({ job: 'close' });
  }
}

/**
 * {@link measureVariant} of a variant that is connected, and stays so.
 *
 * @param {number} [options.warmUpTurns] - what every client does at least before the first load
 */
export async function measureOpen(
  database,
  worker,
  { variant, clients, loads, warmUpMs, warmUpTurns = 1, durationMs },
) {
  const results = [];
  for (const [index, { rows }] of loads.entries()) {
    await database.fill(rows);
    const warmUp = index === 0 ? { warmUpMs, warmUpTurns } : { warmUpMs: LATER_WARM_UP_MS };
    const job = { job: 'measure', clients, rows, ...warmUp, durationMs };
    const { acknowledged, ...rates } = await worker.ask(job);
    await database.assertBalances(acknowledged, `${variant}, ${clients} clients, ${rows} rows`);
    results.push(rates);
  }
  return results;
}
