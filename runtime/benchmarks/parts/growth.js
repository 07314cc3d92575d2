import { withChildren } from '../by-turns.js';
import { Child } from '../child.js';
import { measureVariant, NEW_CONNECTION_TURNS, startVariant } from '../measure-variant.js';
import { ROWS } from './throughput.js';

const GROWING = ['hand-written', 'mutate', 'transaction'];
const PROCESSES = [1, 2, 3, 4];
const CLIENTS = [1, 5, 10, 20, 50, 100, 200];
const ROW_COUNTS = [100, 1_000, 10_000, 100_000, 1_000_000];
const SUBSCRIPTIONS = [1, 10, 100, 1_000, 10_000];
const TIMES = { warmUpMs: 120, durationMs: 200 };
const CLIENTS_EACH = 10;
const SIGNALS = 20_000;
/** A plot is read for its shape: the points beside one confirm it. */
const MOST_ROUNDS = 2;

/**
 * How throughput grows with processes, clients, rows and subscriptions: by plot, then by line, a list of points
 * `{ x, values }` with a value of each round.
 */
export async function measureGrowth(whole) {
  const context = { ...whole, rounds: Math.min(whole.rounds, MOST_ROUNDS) };
  return {
    processes: await growProcesses(context),
    clients: await growClients(context),
    rows: await growRows(context),
    subscriptions: await growSubscriptions(context),
  };
}

function growProcesses({ database, rounds, progress }) {
  const most = Math.max(...PROCESSES);
  const names = GROWING.flatMap((variant) =>
    Array.from({ length: most }, (_, index) => `${variant} ${index}`),
  );
  return withChildren(
    names,
    (name) => startVariant(name.split(' ')[0]),
    (workers) =>
      grow(GROWING, PROCESSES, rounds, progress, 'processes', most, async (variant, processes) => {
        await database.fill(ROWS * most);
        const running = Array.from({ length: processes }, (_, index) => ({
          worker: workers.get(`${variant} ${index}`),
          firstRow: ROWS * index,
        }));
        const askAll = (job) =>
          Promise.all(running.map(({ worker, firstRow }) => worker.ask({ ...job, firstRow })));
        await askAll({ job: 'open', url: database.url, connections: CLIENTS_EACH });
        const results = await askAll({
          ...TIMES,
          job: 'measure',
          warmUpTurns: NEW_CONNECTION_TURNS,
          clients: CLIENTS_EACH,
          rows: ROWS,
        });
        await askAll({ job: 'close' });
        const acknowledged = results.flatMap((result) => result.acknowledged);
        await database.assertBalances(acknowledged, `${variant}, ${processes} processes`);
        return results.reduce((sum, { perSecond }) => sum + perSecond, 0);
      }),
  );
}

function growClients({ database, rounds, progress }) {
  return withChildren(GROWING, startVariant, (workers) =>
    grow(GROWING, CLIENTS, rounds, progress, 'clients', CLIENTS_EACH, (variant, clients) =>
      throughput(database, workers.get(variant), variant, { clients, rows: ROWS }),
    ),
  );
}

function growRows({ database, rounds, progress }) {
  return withChildren(GROWING, startVariant, (workers) =>
    grow(GROWING, ROW_COUNTS, rounds, progress, 'rows', ROWS, (variant, rows) =>
      throughput(database, workers.get(variant), variant, { clients: CLIENTS_EACH, rows }),
    ),
  );
}

async function throughput(database, worker, variant, { clients, rows }) {
  const options = { ...TIMES, variant, clients, loads: [{ rows }] };
  const [{ perSecond }] = await measureVariant(database, worker, options);
  return perSecond;
}

async function growSubscriptions({ rounds, progress }) {
  const child = await Child.start('jobs/dispatch.js');
  try {
    return await grow(['emit'], SUBSCRIPTIONS, rounds, progress, 'subscriptions', 100, (_, x) =>
      child.ask({ subscriptions: x, count: SIGNALS }),
    );
  } finally {
    await child.end();
  }
}

/**
 * Lines by turns at each point, so that they are disturbed alike.
 *
 * @param warmUpAt - the point that is measured first and forgotten
 */
async function grow(lines, points, rounds, progress, name, warmUpAt, measure) {
  progress(`${name}, warms up`);
  for (const line of lines) await measure(line, warmUpAt);

  const results = Object.fromEntries(
    lines.map((line) => [line, points.map((x) => ({ x, values: [] }))]),
  );
  // All rounds of a point together: a table of a million rows is filled once.
  for (const [index, x] of points.entries()) {
    progress(`${name}, ${x}`);
    for (let round = 0; round < rounds; round++) {
      for (const line of lines) results[line][index].values.push(await measure(line, x));
    }
  }
  return results;
}
