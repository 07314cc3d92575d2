import { median, ratios } from '@justscale/fixtures/commands';
import type { COMMIT_VARIANTS } from '../parts/commits.js';
import type { SignalRound } from '../parts/signals.js';
import { CONDITIONS, type ConditionName, type VariantName } from '../parts/throughput.js';
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

/** All targets, beside what was measured. */
export function compareWithTargets({
  throughput,
  lockMany,
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
  const grown = Math.max(
    ...Object.values(heap.megabytes).map((steps) => (steps.at(-1) ?? 0) - (steps[1] ?? 0)),
  );
  return [
    atLeast('`mutate`, 1 client', 1.4, ratio('mutate', 'c1')),
    atLeast('`mutate`, 10 clients', 1.2, ratio('mutate', 'c10')),
    atLeast('`mutate`, 50 clients', 1.3, ratio('mutate', 'c50')),
    atLeast('`mutate`, +2.4 ms, 1 client', 1.8, ratio('mutate', 'far1')),
    atLeast('`mutate`, +2.4 ms, 10 clients', 1.8, ratio('mutate', 'far10')),
    atLeast('`transaction`, 1 client', 1.2, ratio('transaction', 'c1')),
    atLeast('`transaction`, its lowest column', 1, lowest('transaction')),
    atLeast('`mutate`, one hot row, 50 callers', 8, ratio('mutate', 'hot50')),
    atLeast('… beside one `UPDATE` statement', 1, ratio('mutate', 'hot50', 'one-statement')),
    atLeast(
      '`lockMany(100)` beside a loop of locks, +2.4 ms',
      20,
      ratios(lockMany.loop, lockMany.lockMany).median,
      (value) => value.toFixed(0),
    ),
    atLeast('memory, `mutate`, per second on one core', 300_000, median(memory.mutate), number),
    atMost('10,000 signals, time beside a hand-batched NOTIFY', 1.2, signalRatio('burstMs')),
    atMost('latency at 100 a second beside a raw NOTIFY', 1.2, signalRatio('latencyMs')),
    atLeast(
      'commits with a signal, beside commits without one',
      0.84,
      commitsOf('signals-after-commit'),
    ),
    atMost('the checks of a write', 2, median(path.checks), microseconds),
    atMost('`transaction`, `lock`, `update` without I/O', 20, median(path.path), microseconds),
    atMost('heap grown from 100,000 to 1,000,000 writes', 1, grown, megabytes),
    atMost(
      'import of `@justscale/runtime`',
      5,
      median(importing.processes.runtime.map(({ importMs }) => importMs)),
      milliseconds,
    ),
    atMost('what it loads, minified and gzipped', 10_000, importing.gzipBytes, kilobytes),
  ];
}
