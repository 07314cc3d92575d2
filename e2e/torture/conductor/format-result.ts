import type { TortureResult } from './run-torture.js';

/** A run's result for people. */
export function formatResult(result: Omit<TortureResult, 'byKind'>): string {
  const { options, operations, faults, errors, anomalies, defects } = result;
  const total = operations.ok + operations.fail + operations.unknown;
  const lines = [
    `${options.processes} processes, ${options.loops} loops each, ${options.maxConnections} connections each, ${options.seconds} s, seed ${options.seed}, signals ${options.delivery}, adapter ${options.adapter}`,
    '',
    ...table('Operations', {
      acknowledged: operations.ok,
      'failed or rolled back': operations.fail,
      'outcome unknown': operations.unknown,
      checked: total,
      'changes compared with the audit': result.audited,
      'signals heard': result.signals,
      'gaps reported': result.gaps,
    }),
    ...table('Faults injected', faults),
    ...table('Provoked by the workers', result.provoked),
    ...table('Errors that callers met', errors),
  ];
  if (result.heapGrowth !== undefined)
    lines.push(`Heap, last third ÷ middle third: ${result.heapGrowth.toFixed(2)}`, '');
  lines.push(`Anomalies: ${anomalies.length === 0 ? 'none' : anomalies.length}`);
  for (const { name, detail } of anomalies.slice(0, 20)) lines.push(`  ${name}: ${detail}`);
  lines.push(`Defects: ${defects.length === 0 ? 'none' : defects.length}`);
  for (const defect of defects.slice(0, 10)) lines.push(`  ${defect}`);
  return lines.join('\n');
}

function table(title: string, rows: Readonly<Record<string, number>>): string[] {
  const entries = Object.entries(rows).toSorted(([a], [b]) => a.localeCompare(b));
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  return [
    title,
    ...entries.map(
      ([name, count]) => `  ${name.padEnd(width)}  ${count.toLocaleString('en').padStart(10)}`,
    ),
    '',
  ];
}
