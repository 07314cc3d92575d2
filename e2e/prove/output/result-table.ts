import { createColors } from 'picocolors';
import type { FinishedCheck } from './finished-check.js';

const HEADINGS = ['Ring', 'Claim', 'Checked', 'Time'] as const;

/** The checks as a table for people, with the reasons of those that fell below it. */
export function formatTable(finished: readonly FinishedCheck[], withColour: boolean): string {
  const colour = createColors(withColour);
  const rows = finished.map(({ check, result, seconds }) => [
    check.ring,
    check.claim,
    `${result.count} ${result.unit}`,
    `${seconds.toFixed(1)} s`,
  ]);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');

  const lines = ['', `   ${colour.dim(line(HEADINGS))}`];
  finished.forEach(({ result }, index) => {
    const holds = result.failures.length === 0;
    lines.push(` ${holds ? colour.green('✓') : colour.red('✗')} ${line(rows[index] ?? [])}`);
    if (result.note !== undefined) lines.push(`     ${colour.dim(result.note)}`);
  });
  lines.push('', summary(finished, colour));
  for (const { check, result } of finished) {
    for (const failure of result.failures.slice(0, 10))
      lines.push(`  ${colour.red(check.claim)}: ${failure}`);
  }
  return lines.join('\n');
}

function summary(
  finished: readonly FinishedCheck[],
  colour: ReturnType<typeof createColors>,
): string {
  const fallen = finished.filter(({ result }) => result.failures.length > 0).length;
  const seconds = finished.reduce((sum, each) => sum + each.seconds, 0).toFixed(0);
  return fallen === 0
    ? colour.green(`The proof holds: ${finished.length} claims in ${seconds} s.`)
    : colour.red(`The proof falls: ${fallen} of ${finished.length} claims do not hold.`);
}
