import type { Step } from './step.js';

/** A schedule in the format of Postgres' isolationtester. */
export function isolationSpec(setup: readonly string[], steps: readonly Step[]): string {
  const sessions = new Map<string, string[]>();
  const permutation: string[] = [];
  for (const { process, connection, sql } of steps) {
    const session = connection === 1 ? process : `${process}_${connection}`;
    const lines = sessions.get(session) ?? [];
    sessions.set(session, lines);
    const name = `${session}_s${lines.length + 1}`;
    lines.push(`step ${name} { ${terminated(sql)} }`);
    permutation.push(name);
  }
  return [
    ...setup.map((sql) => `setup { ${terminated(sql)} }`),
    ...[...sessions].map(([session, lines]) => `\nsession ${session}\n${lines.join('\n')}`),
    `\npermutation ${permutation.join(' ')}`,
    '',
  ].join('\n');
}

function terminated(sql: string): string {
  return `${sql.trim().replace(/;+$/, '')};`;
}
