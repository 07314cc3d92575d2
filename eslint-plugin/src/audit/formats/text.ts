import type { Audit } from '../model/audit.js';
import type { Finding } from '../model/finding.js';
import type { Place } from '../model/place.js';
import { VERDICTS, type WriteSite } from '../model/write-site.js';

/** Paints text for a terminal, or leaves it as it is. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
}

const same = (text: string): string => text;
export const PLAIN: Paint = { bold: same, dim: same, red: same, yellow: same, green: same };

/** The audit for somebody who reads it in a terminal: the answer last, where the eye is. */
export function toText(audit: Audit, paint: Paint = PLAIN): string {
  const { findings, summary } = audit;
  const parts = [
    ...findings.map((finding) => describeFinding(finding, paint)),
    describeState(audit, paint),
    describeLockOrder(audit, paint),
    describeWrites(audit, paint),
    (findings.length > 0 ? paint.red : paint.green)(paint.bold(summary.answer)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function describeFinding(finding: Finding, paint: Paint): string {
  const { level, ruleId, location, message, interleaving } = finding;
  const name = level === 'error' ? paint.red(ruleId) : paint.yellow(`${ruleId} (${level})`);
  const steps = interleaving.map(
    ({ process, order, place, message: text }) =>
      `    ${order}. process ${process}  ${paint.dim(at(place))}  ${text}`,
  );
  return [`${paint.bold(at(location))}  ${name}`, `  ${message}`, ...steps].join('\n');
}

function describeState({ state }: Audit, paint: Paint): string {
  if (state.length === 0) return '';
  const lines = state.map(({ kind, name, place, writers, readers }) => {
    const uses = `written at ${count(writers.length, 'place')}, read at ${count(readers.length, 'place')}`;
    return `  ${paint.bold(at(place))}  ${kind} ${name}, ${uses}`;
  });
  return [paint.bold('One per process'), ...lines].join('\n');
}

function describeLockOrder({ lockOrder }: Audit, paint: Paint): string {
  const { edges, cycles } = lockOrder;
  if (edges.length === 0) return '';
  const lines = edges.map(({ from, to, taken }) => `  ${from} → ${to}  ${paint.dim(at(taken))}`);
  const circles = cycles.map((cycle) => paint.red(`  circle: ${[...cycle, cycle[0]].join(' → ')}`));
  return [paint.bold('Order of locks'), ...lines, ...circles].join('\n');
}

function describeWrites({ writes, summary }: Audit, paint: Paint): string {
  if (writes.length === 0) return '';
  const counts = VERDICTS.filter((verdict) => summary.writes[verdict] > 0).map(
    (verdict) => `${summary.writes[verdict]} ${verdict}`,
  );
  const open = writes
    .filter(({ verdict }) => verdict === 'unknown')
    .map((write) => `  ${paint.bold(`${write.uri}:${write.startLine}`)}  ${describeWrite(write)}`);
  return [paint.bold(`${count(writes.length, 'write')}: ${counts.join(', ')}`), ...open].join('\n');
}

function describeWrite({ operation, model, because }: WriteSite): string {
  return `${operation} of ${model ?? 'rows'}: ${because}`;
}

function at({ uri, startLine }: Place): string {
  return `${uri}:${startLine}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
