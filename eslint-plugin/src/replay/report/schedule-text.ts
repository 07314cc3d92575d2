import type { Difference } from '../oracle/serial-oracle.js';
import type { Step } from './step.js';

/** A schedule for people: a line for each statement, those of `b` to the right, then what it gives that no order gives. */
export function scheduleText(steps: readonly Step[], difference: Difference): string {
  const width = Math.max(
    10,
    ...steps.filter((s) => s.process === 'a').map((s) => lineOf(s).length),
  );
  const rows = steps.map((step, index) => {
    const number = String(index + 1).padStart(3);
    const text = lineOf(step);
    return step.process === 'a' ? `${number}  ${text}` : `${number}  ${' '.repeat(width)}  ${text}`;
  });
  const states = difference.parts.flatMap((part) => [
    part,
    `  this schedule: ${JSON.stringify(difference.schedule[part])}`,
    `  a, then b:     ${JSON.stringify(difference.aThenB[part])}`,
    `  b, then a:     ${JSON.stringify(difference.bThenA[part])}`,
  ]);
  return [
    `     ${'a'.padEnd(width)}  b`,
    ...rows,
    '',
    ...(difference.deadlock ? ['The server ended a deadlock.', ''] : []),
    ...states,
    '',
  ].join('\n');
}

/** A step on one line. */
export function lineOf({ sql, waited, error }: Step): string {
  const text = sql.replace(/\s+/g, ' ').trim();
  return `${text}${waited ? '  (waits)' : ''}${error === undefined ? '' : `  (fails: ${error})`}`;
}
