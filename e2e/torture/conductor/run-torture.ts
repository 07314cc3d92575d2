import { createDatabase, startPostgres } from '@justscale/fixtures/postgres';
import { waitUntil } from '@justscale/fixtures/wait-until';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import type { Anomaly } from '../checks/anomaly.js';
import { checkHistory } from '../checks/check-history.js';
import { buildHistory, type History } from '../history/history.js';
import { readEvents } from '../history/read-events.js';
import { SLOTS } from '../domain/audited-models.js';
import { Cluster } from './cluster.js';
import { populate, readFinalState } from './database.js';
import { FaultSchedule } from './fault-schedule.js';
import { FAULTS } from './faults.js';

export interface TortureOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly processes: number;
  readonly loops: number;
  readonly maxConnections: number;
  readonly thinkMs: number;
  readonly adapter: 'justscale' | 'naive';
  readonly delivery: 'after-commit' | 'in-transaction';
  /** The names of the operations to run; all of them without this. */
  readonly operations?: readonly string[];
  /** The names of the faults to inject; all of them without this. */
  readonly faults?: readonly string[];
  /** Ends the run at the first defect, and kills the workers instead of letting them finish: for what is expected to fail. */
  readonly stopAtFirstDefect?: boolean;
  /** Called now and then, with the seconds that have passed. */
  onProgress?(seconds: number): void;
}

/** What a run showed. */
export interface TortureResult {
  readonly options: TortureOptions;
  /** The version of the database. */
  readonly server: string;
  readonly operations: Readonly<Record<'ok' | 'fail' | 'unknown', number>>;
  /** Changes that the database has audited, and that were compared with what callers were told. */
  readonly audited: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  /** What the workers did on purpose to make trouble, such as transactions in opposite orders. */
  readonly provoked: Readonly<Record<string, number>>;
  readonly signals: number;
  readonly gaps: number;
  readonly anomalies: readonly Anomaly[];
  /** Errors that no user should ever meet, processes that died or hung, connections that were left. */
  readonly defects: readonly string[];
  /** The heap of the longest-lived worker at the end of the run, as a multiple of its heap after a third of it. */
  readonly heapGrowth: number | undefined;
}

const STUCK_MS = 30_000;
/** Of the heap, from the middle of a run to its end: more is a leak. */
const LARGEST_GROWTH = 1.5;
/** One a second: for less than a minute a heap shows when it was collected, not whether it grows. */
const SAMPLES_OF_A_TREND = 50;
/** Longer than a connection stays half-open here. */
const SIGNAL_LIMIT_NS = 6e9;

/** Runs random transactions in several processes while everything fails, then checks what they saw. */
export async function runTorture(options: TortureOptions): Promise<TortureResult> {
  const server = await startPostgres({ durable: true });
  const database = await createDatabase(server);
  const directory = await mkdtemp(join(tmpdir(), 'torture-'));
  const admin = postgres(database.url, {
    max: 2,
    onnotice: () => undefined,
    backoff: () => 0.1,
    // The driver's query for types is one that nobody awaits: when the server stops under it, the process ends.
    fetch_types: false,
  });
  let cluster: Cluster | undefined;
  try {
    await populate(admin);
    const { processes, seed, adapter, delivery, loops, maxConnections, thinkMs, operations } =
      options;
    cluster = await Cluster.start({
      server,
      admin,
      databaseUrl: database.url,
      template: { adapter, delivery, loops, maxConnections, thinkMs, operations },
      directory,
      processes,
      seed,
    });
    const schedule = new FaultSchedule(
      cluster,
      FAULTS.filter(({ name }) => options.faults?.includes(name) ?? true),
    );
    let isOver = false;
    if (options.stopAtFirstDefect === true) cluster.onDefect = () => (isOver = true);
    for (let second = 0; second < options.seconds && !isOver; second++) {
      options.onProgress?.(second);
      await delay(1_000);
    }
    await schedule.stop();
    if (options.stopAtFirstDefect === true) {
      await cluster.kill();
      return await judge(options, cluster, schedule, admin, reported(cluster));
    }
    const defects = await settle(cluster);
    const leftOver = await connectionsLeft(admin, cluster);
    if (leftOver !== undefined) defects.push(leftOver);
    const growth = heapGrowth(cluster);
    if (growth !== undefined && growth > LARGEST_GROWTH)
      defects.push(`the heap of a worker grew to ${growth.toFixed(2)} times its size`);
    return await judge(options, cluster, schedule, admin, defects);
  } finally {
    await cluster?.destroy();
    await admin.end({ timeout: 1 });
    await database.drop();
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Lets every worker finish and exit by itself; says who did not. */
async function settle(cluster: Cluster): Promise<string[]> {
  const defects: string[] = [];
  const clock = new AbortController();
  const expired = delay(STUCK_MS, 'expired' as const, { signal: clock.signal });
  expired.catch(() => undefined);
  for (const [step, name] of [
    [() => cluster.finish(), 'finish its transactions'],
    [() => cluster.close(), 'exit after closing its store'],
  ] as const) {
    if ((await Promise.race([step(), expired])) === 'expired') {
      defects.push(`a worker did not ${name} within ${STUCK_MS} ms`);
    }
  }
  clock.abort();
  return [...defects, ...reported(cluster)];
}

/** What the workers reported and printed. */
function reported(cluster: Cluster): string[] {
  return cluster.workers.flatMap(({ setup, report, stderr }) => [
    ...(report?.defects ?? []).map((defect) => `${setup.name}: ${defect}`),
    ...(stderr.includes('Error') ? [`${setup.name} printed: ${stderr}`] : []),
  ]);
}

/** Connections that no worker needs any more: to the server, and in the proxies before it. */
async function connectionsLeft(admin: postgres.Sql, cluster: Cluster): Promise<string | undefined> {
  let atServer = 0;
  let inProxies = 0;
  try {
    await waitUntil(
      async () => {
        const [row] = await admin<{ count: number }[]>`
          select count(*)::int as count from pg_stat_activity
          where datname = current_database() and application_name = 'justscale'`;
        atServer = row?.count ?? 0;
        inProxies = cluster.seats.reduce((sum, { proxy }) => sum + proxy.connections, 0);
        return atServer + inProxies === 0;
      },
      { timeoutMs: 10_000, describe: () => 'connections left' },
    );
    return undefined;
  } catch {
    return `${atServer} connections were left open at the server, ${inProxies} in the proxies`;
  }
}

async function judge(
  options: TortureOptions,
  cluster: Cluster,
  schedule: FaultSchedule,
  admin: postgres.Sql,
  defects: readonly string[],
): Promise<TortureResult> {
  const history = buildHistory(await readEvents(cluster.historyFiles));
  const final = await readFinalState(admin);
  const anomalies = checkHistory(history, final, {
    signalLimit: options.delivery === 'in-transaction' ? SIGNAL_LIMIT_NS : undefined,
  });
  const reports = cluster.workers.flatMap(({ report }) => report ?? []);
  const [version] = await admin<{ server_version: string }[]>`show server_version`;
  return {
    options,
    server: `PostgreSQL ${version?.server_version ?? ''}`,
    operations: countOutcomes(history),
    audited: final.audited.audit.length - SLOTS.size,
    byKind: sum(reports.map(({ operations }) => operations)),
    errors: sum(reports.map(({ errors }) => errors)),
    faults: Object.fromEntries(schedule.counts),
    provoked: sum(reports.map(({ provoked }) => provoked)),
    signals: history.listeners.reduce((total, { signals }) => total + signals.length, 0),
    gaps: history.listeners.reduce((total, { gaps }) => total + gaps.length, 0),
    anomalies,
    defects,
    heapGrowth: heapGrowth(cluster),
  };
}

function countOutcomes(history: History): TortureResult['operations'] {
  const counts = { ok: 0, fail: 0, unknown: 0 };
  for (const { outcome } of history.transactions.values()) counts[outcome] += 1;
  return counts;
}

function sum(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const [key, count] of counts.flatMap(Object.entries<number>))
    total[key] = (total[key] ?? 0) + count;
  return total;
}

function heapGrowth(cluster: Cluster): number | undefined {
  const [heap] = cluster.workers
    .map((worker) => worker.heap)
    .toSorted((a, b) => b.length - a.length);
  if (heap === undefined || heap.length < SAMPLES_OF_A_TREND) return undefined;
  const third = Math.floor(heap.length / 3);
  return median(heap.slice(-third)) / median(heap.slice(third, 2 * third));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
