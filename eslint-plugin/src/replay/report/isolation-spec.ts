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
    lines.push(`step ${name} ${block(sql)}`);
    permutation.push(name);
  }
  const tables = setup.flatMap((sql) => [...sql.matchAll(CREATED_TABLE)].map(([, name]) => name));
  return [
    ...setup.map((sql) => `setup ${block(sql)}`),
    ...(tables.length > 0 ? [`teardown { drop table ${tables.join(', ')} cascade; }`] : []),
    ...[...sessions].map(([session, lines]) => `\nsession ${session}\n${lines.join('\n')}`),
    `\npermutation ${permutation.join(' ')}`,
    '',
  ].join('\n');
}

const CREATED_TABLE = /^\s*create\s+table\s+(?:if\s+not\s+exists\s+)?((?:"[^"]+"|[\w.])+)/gim;

/** A block ends at the first closing brace, whatever it stands in: in a text it is written as an escape. */
function block(sql: string): string {
  const escaped = sql.replace(/'(?:[^']|'')*'/g, (text) =>
    text.includes('}') ? `E${text.replaceAll('\\', '\\\\').replaceAll('}', '\\x7D')}` : text,
  );
  return `{ ${escaped.trim().replace(/;+$/, '')}; }`;
}
