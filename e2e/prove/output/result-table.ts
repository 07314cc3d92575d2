import { createColors } from 'picocolors';
import { verdictOf, type FinishedCheck } from '../check.js';
import { MARKS } from './marks.js';
import { summarise } from './summary.js';

const HEADINGS = ['Ring', 'Claim', 'Checked', 'Time'] as const;
const COLOURS = { holds: 'green', misses: 'yellow', falls: 'red' } as const;

/** The checks as a table for people, with the reasons of those that fell below it. */
export function formatTable(
  finished: readonly FinishedCheck[],
  seconds: number,
  withColour: boolean,
): string {
  const colour = createColors(withColour);
  const rows = finished.map((each) => [
    each.check.ring,
    each.check.claim,
    `${each.result.count} ${each.result.unit}`,
    `${each.seconds.toFixed(1)} s`,
  ]);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');

  const lines = ['', `   ${colour.dim(line(HEADINGS))}`];
  finished.forEach((each, index) => {
    const verdict = verdictOf(each);
    lines.push(` ${colour[COLOURS[verdict]](MARKS[verdict])} ${line(rows[index] ?? [])}`);
    for (const { text, isMissed } of each.result.figures)
      lines.push(`     ${isMissed ? colour.yellow(`missed: ${text}`) : colour.dim(text)}`);
  });
  const { verdict, text } = summarise(finished, seconds);
  lines.push('', colour[COLOURS[verdict]](text));
  for (const { check, result } of finished) {
    for (const failure of result.failures.slice(0, 10))
      lines.push(`  ${colour.red(check.claim)}: ${failure}`);
  }
  return lines.join('\n');
}
