import { median, ratios } from '@justscale/fixtures/commands';
import type { COMMIT_VARIANTS } from '../parts/commits.js';
import type { QueryName } from '../jobs/queries.js';
import type { SignalRound } from '../parts/signals.js';
import { CONDITIONS, PEERS, type ConditionName, type VariantName } from '../parts/throughput.js';
import type { Parts } from '../results.js';

/** What was to be reached, and what was measured. */
export interface Target {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  readonly isReached: boolean;
}

type Format = (value: number) => string;

const two: Format = (value) => value.toFixed(2);
const number: Format = (value) => Math.round(value).toLocaleString('en');
const atLeast = (what: string, target: number, value: number, format = two): Target => ({
  what,
  target: `≥ ${format(target)}`,
  measured: format(value),
  isReached: value >= target,
});
const atMost = (what: string, target: number, value: number, format = two): Target => ({
  what,
  target: `≤ ${format(target)}`,
  measured: format(value),
  isReached: value <= target,
});
const microseconds: Format = (value) => `${value.toFixed(1)} µs`;
const kilobytes: Format = (value) => `${(value / 1_000).toFixed(1)} kB`;
const milliseconds: Format = (value) => `${value.toFixed(1)} ms`;
const megabytes: Format = (value) => `${value.toFixed(1)} MB`;

/** What was to be reached beside the hand-written transaction, by column. */
const COLUMNS = [
  { variant: 'mutate', condition: 'c1', target: 1.5, what: '`mutate`, 1 client' },
  { variant: 'mutate', condition: 'c10', target: 2.5, what: '`mutate`, 10 clients' },
  { variant: 'mutate', condition: 'c50', target: 3.5, what: '`mutate`, 50 clients' },
  { variant: 'mutate', condition: 'far1', target: 1.8, what: '`mutate`, +2.4 ms, 1 client' },
  { variant: 'mutate', condition: 'far10', target: 1.9, what: '`mutate`, +2.4 ms, 10 clients' },
  { variant: 'mutate', condition: 'far50', target: 2.5, what: '`mutate`, +2.4 ms, 50 clients' },
  { variant: 'mutate', condition: 'hot10', target: 12, what: '`mutate`, one hot row, 10 callers' },
  { variant: 'mutate', condition: 'hot50', target: 40, what: '`mutate`, one hot row, 50 callers' },
  { variant: 'transaction', condition: 'c1', target: 1.25, what: '`transaction`, 1 client' },
  { variant: 'transaction', condition: 'c10', target: 1.4, what: '`transaction`, 10 clients' },
  { variant: 'transaction', condition: 'c50', target: 1.2, what: '`transaction`, 50 clients' },
  {
    variant: 'transaction',
    condition: 'far1',
    target: 1.3,
    what: '`transaction`, +2.4 ms, 1 client',
  },
  {
    variant: 'transaction',
    condition: 'far10',
    target: 1.3,
    what: '`transaction`, +2.4 ms, 10 clients',
  },
  {
    variant: 'transaction',
    condition: 'far50',
    target: 1.3,
    what: '`transaction`, +2.4 ms, 50 clients',
  },
] as const satisfies readonly {
  readonly variant: VariantName;
  readonly condition: ConditionName;
  readonly target: number;
  readonly what: string;
}[];

/** The server's time for an update, beside that of the hand-written transaction; none where it was not known. */
function serverTargets(throughput: Parts['throughput']): readonly Target[] {
  const time = (variant: VariantName): number =>
    median(throughput[variant].c10.server.filter((each) => each !== null));
  return (['mutate', 'transaction'] as const).flatMap((variant) => {
    const beside = time(variant) / time('hand-written');
    const what = `\`${variant}\`, 10 clients: the server's time`;
    return Number.isNaN(beside) ? [] : [atMost(what, 1.2, beside)];
  });
}

/** What was to be reached by queries beside the same by hand, and what may be kept for them; none of a record without them. */
function queryTargets({ queries }: Partial<Pick<Parts, 'queries'>>): readonly Target[] {
  if (queries === undefined) return [];
  const { milliseconds, backends, patches } = queries;
  const beside = (query: QueryName): number =>
    ratios(milliseconds[query].runtime, milliseconds[query].byHand).median;
  const grown =
    Math.max(...backends.map((backend) => backend.megabytes)) - (backends[0]?.megabytes ?? 0);
  const kinds = number(patches);
  return [
    atMost('the newest 50 of a million rows, time beside by hand', 1.2, beside('newest')),
    atMost('50 rows after the middle of a million, time beside by hand', 1.2, beside('deepPage')),
    atMost('`lockMany` of 8,000 rows, time beside by hand', 1.5, beside('lockMany')),
    atMost(
      `a connection's memory of the server, grown by ${kinds} kinds of patches`,
      20,
      grown,
      megabytes,
    ),
  ];
}

/** All targets, beside what was measured. */
export function compareWithTargets({
  throughput,
  lockMany,
  queries,
  memory,
  signals,
  commits,
  path,
  heap,
  import: importing,
}: Parts): readonly Target[] {
  const ratio = (
    variant: VariantName,
    condition: ConditionName,
    reference: VariantName = 'hand-written',
  ): number =>
    ratios(throughput[variant][condition].perSecond, throughput[reference][condition].perSecond)
      .median;
  const lowest = (variant: VariantName): number =>
    Math.min(...CONDITIONS.map(({ name }) => ratio(variant, name)));
  const commitsOf = (variant: (typeof COMMIT_VARIANTS)[number]): number =>
    ratios(commits[variant].c50.perSecond, commits.transaction.c50.perSecond).median;
  const signalRatio = (figure: Exclude<keyof SignalRound, 'profile'>): number =>
    ratios(
      signals.runtime.map((round) => round[figure]),
      signals['raw-notify'].map((round) => round[figure]),
    ).median;
  const processor = (variant: VariantName): number => median(throughput[variant].c1.processor);
  const importMs = (module: 'runtime' | 'empty'): number =>
    median(importing.processes[module].map((process) => process.importMs));
  const besidePeers = Math.min(
    ...CONDITIONS.flatMap(({ name }) => PEERS.map((peer) => ratio('mutate', name, peer))),
  );
  const grown = Math.max(
    ...Object.values(heap.megabytes).map((steps) => (steps.at(-1) ?? 0) - (steps[1] ?? 0)),
  );
  return [
    ...COLUMNS.map(({ variant, condition, target, what }) =>
      atLeast(what, target, ratio(variant, condition)),
    ),
    atLeast('`transaction`, its lowest column', 1.1, lowest('transaction')),
    atLeast('`mutate` beside the fastest peer, its lowest column', 1, besidePeers),
    atMost('`mutate`, 1 client: processor time', 100, processor('mutate'), microseconds),
    atMost('`transaction`, 1 client: processor time', 130, processor('transaction'), microseconds),
    ...serverTargets(throughput),
    atLeast(
      '`lockMany(100)` beside a loop of locks, +2.4 ms',
      20,
      ratios(lockMany.loop, lockMany.lockMany).median,
      (value) => value.toFixed(0),
    ),
    ...queryTargets({ queries }),
    atLeast('memory, `mutate`, per second on one core', 300_000, median(memory.mutate), number),
    atMost('10,000 signals, time beside a hand-batched NOTIFY', 1.1, signalRatio('burstMs')),
    atMost('latency at 100 a second beside a raw NOTIFY', 1.1, signalRatio('latencyMs')),
    atLeast(
      'commits with a signal, beside commits without one',
      0.9,
      commitsOf('signals-after-commit'),
    ),
    atMost('the checks of a write', 2, median(path.checks), microseconds),
    atMost('`transaction`, `lock`, `update` without I/O', 20, median(path.path), microseconds),
    atMost('heap grown from 100,000 to 1,000,000 writes', 1, grown, megabytes),
    atMost(
      'import of `@justscale/runtime`, above an empty module',
      3,
      importMs('runtime') - importMs('empty'),
      milliseconds,
    ),
    atMost('what it loads, minified and gzipped', 10_000, importing.gzipBytes, kilobytes),
  ];
}
