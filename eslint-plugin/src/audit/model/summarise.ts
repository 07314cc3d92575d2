import type { Audit, Comparison, Summary } from './audit.js';
import type { FindingKind } from './finding.js';
import { VERDICTS, type Verdict } from './write-site.js';

/** How much was looked at. */
export type Extent = Pick<Summary, 'folders' | 'files' | 'lines'>;

/** Counts what an audit found, and gives its answer in one line. */
export function summarise(
  { findings, writes }: Omit<Audit, 'summary'>,
  extent: Extent,
  comparison: Comparison | null = null,
): Summary {
  const { folders, files, lines } = extent;
  const kinds: Record<FindingKind, number> = { races: 0, state: 0, 'lock-order': 0 };
  for (const { kind } of findings) kinds[kind] += 1;
  const verdicts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Record<
    Verdict,
    number
  >;
  for (const { verdict } of writes) verdicts[verdict] += 1;
  const counted = { findings: kinds, writes: verdicts };
  return {
    answer: answerOf(findings.length, writes.length, verdicts, comparison),
    folders,
    files,
    lines,
    ...counted,
    isComplete: verdicts.stale === 0 && verdicts.unknown === 0,
    comparison,
  };
}

function answerOf(
  findings: number,
  writes: number,
  { unknown }: Readonly<Record<Verdict, number>>,
  comparison: Comparison | null,
): string {
  const open = unknown === 0 ? '' : ` Of ${count(unknown, 'write')} it is not known.`;
  if (comparison) {
    const rest = `${comparison.fixed.length} fixed, ${comparison.left.length} left`;
    return findings === 0
      ? `Nothing that a second process would break was introduced since ${comparison.with} (${rest}).`
      : `${count(findings, 'finding')} introduced since ${comparison.with} (${rest}).`;
  }
  if (findings > 0) {
    return `Not ready for a second process: ${count(findings, 'finding')}, ${count(writes, 'write')}.${open}`;
  }
  return writes === 0
    ? 'Nothing found, and no write of a database that this audit knows.'
    : `Ready for a second process, as far as this audit sees: no finding in ${count(writes, 'write')}.${open}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
