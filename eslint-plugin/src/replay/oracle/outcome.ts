import type { Contents } from '../database/contents.js';
import type { OperationResult } from '../operation/operation.js';

/** What an execution leaves: each part by its name, a table's rows or how an operation ended. */
export type Outcome = ReadonlyMap<string, unknown>;

export function outcomeOf(
  contents: Contents,
  results: Readonly<Partial<Record<'a' | 'b', OperationResult>>>,
): Outcome {
  const parts = new Map<string, unknown>();
  for (const [table, rows] of contents)
    parts.set(
      `rows of ${table}`,
      rows.map((row) => plain(row)),
    );
  for (const name of ['a', 'b'] as const) {
    const result = results[name];
    if (result !== undefined) parts.set(`result of ${name}`, resultOf(result));
  }
  return parts;
}

/** The values of each path; elements of a list have one path. */
export function leavesOf(outcome: Outcome): Map<string, unknown[]> {
  const leaves = new Map<string, unknown[]>();
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, `${path}[]`);
    else if (typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value)) visit(item, `${path}.${key}`);
    else {
      const of = leaves.get(path);
      if (of) of.push(value);
      else leaves.set(path, [value]);
    }
  };
  for (const [part, value] of outcome) visit(value, part);
  return leaves;
}

function resultOf(result: OperationResult): unknown {
  if ('value' in result) return { returned: plain(result.value) };
  const { name, code, message } = result.error;
  // A code says which error it is; the message may name a row.
  return { failed: code ?? `${name}: ${message.replace(/[0-9a-f-]{32,36}|\d+/gi, '…')}` };
}

/** A value as JSON could hold it, with its keys in order. */
function plain(value: unknown, above: readonly unknown[] = []): unknown {
  if (typeof value === 'bigint') return `${value}`;
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (above.includes(value) || above.length > 12) return '(circular)';
  const path = [...above, value];
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Map || value instanceof Set || Array.isArray(value))
    return [...(value as Iterable<unknown>)].map((item) => plain(item, path));
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return plain((toJSON as () => unknown).call(value), path);
  const keys = Object.keys(value).sort();
  return Object.fromEntries(
    keys.map((key) => [key, plain((value as Record<string, unknown>)[key], path)]),
  );
}
