import { createRecord, withChildren } from '../by-turns.js';
import { Child } from '../child.js';
import type { BenchmarkDatabase } from '../database.js';
import type { DispatchJobs } from '../jobs/dispatch.js';
import type { MeasureContext } from '../measure-context.js';
import {
  type Load,
  measureVariant,
  NEW_CONNECTION_TURNS,
  startVariant,
  type Worker,
} from '../measure-variant.js';
import { ROWS } from './throughput.js';

const GROWING = ['hand-written', 'mutate', 'transaction'] as const;
const PROCESSES = [1, 2, 3, 4];
const CLIENTS = [1, 5, 10, 20, 50, 100, 200];
const ROW_COUNTS = [100, 1_000, 10_000, 100_000, 1_000_000];
const CONTENDED = [0, 0.1, 0.25, 0.5, 0.75, 1];
const SUBSCRIPTIONS = [1, 10, 100, 1_000, 10_000];
/** By line, its points, with a value of each round. */
export type Lines<Line extends string = string> = Record<
  Line,
  readonly { readonly x: number; readonly values: number[] }[]
>;

const TIMES = { warmUpMs: 120, durationMs: 200 };
const CLIENTS_EACH = 10;
const SIGNALS = 20_000;
/** A plot is read for its shape: the points beside one confirm it. */
const MOST_ROUNDS = 2;

/**
 * How throughput grows with processes, clients, rows and subscriptions, and shrinks with the share of contended rows: by plot, then by line, a list of points
 * `{ x, values }` with a value of each round.
 */
export async function measureGrowth(whole: MeasureContext) {
  const context = { ...whole, rounds: Math.min(whole.rounds, MOST_ROUNDS) };
  return {
    processes: await growProcesses(context),
    clients: await growClients(context),
    rows: await growRows(context),
    contended: await growContended(context),
    subscriptions: await growSubscriptions(context),
  };
}

function growProcesses({ database, rounds, progress }: MeasureContext) {
  const most = Math.max(...PROCESSES);
  const names = GROWING.flatMap((variant) =>
    Array.from({ length: most }, (_, index) => `${variant} ${index}`),
  );
  return withChildren(
    names,
    (name) => startVariant(name.split(' ')[0] ?? ''),
    (workers) =>
      grow(GROWING, PROCESSES, rounds, progress, 'processes', most, async (variant, processes) => {
        await database.fill(ROWS * most);
        const running = Array.from({ length: processes }, (_, index) => {
          const worker = workers[`${variant} ${index}`];
          if (worker === undefined) throw new Error(`there is no process ${index} of ${variant}`);
          return { worker, firstRow: ROWS * index };
        });
        const connection = { url: database.url, connections: CLIENTS_EACH };
        await Promise.all(running.map(({ worker }) => worker.ask('open', connection)));
        const work = {
          ...TIMES,
          warmUpTurns: NEW_CONNECTION_TURNS,
          clients: CLIENTS_EACH,
          rows: ROWS,
        };
        const results = await Promise.all(
          running.map(({ worker, firstRow }) => worker.ask('measure', { ...work, firstRow })),
        );
        await Promise.all(running.map(({ worker }) => worker.ask('close', {})));
        const acknowledged = results.flatMap((result) => result.acknowledged);
        await database.assertBalances(acknowledged, `${variant}, ${processes} processes`);
        return results.reduce((sum, { perSecond }) => sum + perSecond, 0);
      }),
  );
}

function growClients({ database, rounds, progress }: MeasureContext) {
  return withChildren(GROWING, startVariant, (workers) =>
    grow(GROWING, CLIENTS, rounds, progress, 'clients', CLIENTS_EACH, (variant, clients) =>
      throughput(database, workers[variant], variant, { clients, rows: ROWS }),
    ),
  );
}

function growRows({ database, rounds, progress }: MeasureContext) {
  return withChildren(GROWING, startVariant, (workers) =>
    grow(GROWING, ROW_COUNTS, rounds, progress, 'rows', ROWS, (variant, rows) =>
      throughput(database, workers[variant], variant, { clients: CLIENTS_EACH, rows }),
    ),
  );
}

function growContended({ database, rounds, progress }: MeasureContext) {
  return withChildren(GROWING, startVariant, (workers) =>
    grow(GROWING, CONTENDED, rounds, progress, 'contended', 0, (variant, contended) =>
      throughput(database, workers[variant], variant, {
        clients: CLIENTS_EACH,
        rows: ROWS,
        contended,
      }),
    ),
  );
}

async function throughput(
  database: BenchmarkDatabase,
  worker: Worker,
  variant: string,
  { clients, ...load }: Load & { readonly clients: number },
): Promise<number> {
  const options = { ...TIMES, variant, clients, loads: [load] };
  const [rates] = await measureVariant(database, worker, options);
  return rates?.perSecond ?? Number.NaN;
}

async function growSubscriptions({ rounds, progress }: MeasureContext) {
  const child = await Child.start<DispatchJobs>('jobs/dispatch.js');
  try {
    return await grow(['emit'], SUBSCRIPTIONS, rounds, progress, 'subscriptions', 100, (_, x) =>
      child.ask('dispatch', { subscriptions: x, count: SIGNALS }),
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
async function grow<Line extends string>(
  lines: readonly Line[],
  points: readonly number[],
  rounds: number,
  progress: (text: string) => void,
  name: string,
  warmUpAt: number,
  measure: (line: Line, x: number) => Promise<number>,
): Promise<Lines<Line>> {
  progress(`${name}, warms up`);
  for (const line of lines) await measure(line, warmUpAt);

  const results = createRecord(lines, () => points.map((x) => ({ x, values: [] as number[] })));
  // All rounds of a point together: a table of a million rows is filled once.
  for (const [index, x] of points.entries()) {
    progress(`${name}, ${x}`);
    for (let round = 0; round < rounds; round++) {
      for (const line of lines) results[line][index]?.values.push(await measure(line, x));
    }
  }
  return results;
}
