import { createHash } from 'node:crypto';
import type { Generated } from './generated.js';
import { leavesOf, type Outcome } from './outcome.js';

/** An outcome in which what is generated has names that do not depend on the execution. */
export interface NormalForm {
  /** The parts, rows in a fixed order. Ids that stand in the same places have the same name. */
  readonly parts: Outcome;
  /** For people: an id is `(id)`, and a time of a clock `(time)`. */
  readonly shown: Outcome;
}

const CLOCK = '(time)';
const ID = '(id)';
/** How far from an id the rows that name it are looked at. */
const ROUNDS = 3;

/**
 * @param known - the values that `setup` has left, which are the same in each execution
 */
export function normalFormOf(
  outcome: Outcome,
  generated: Generated,
  known: ReadonlySet<string>,
): NormalForm {
  const records = [...outcome].flatMap(([part, value]) =>
    isRows(part)
      ? (value as unknown[]).map((row) => [part, row] as const)
      : [[part, value] as const],
  );
  const isId = (path: string, value: unknown) =>
    generated.get(path) === 'id' && !known.has(String(value));
  const holders = new Map<string, (readonly [string, unknown])[]>();
  for (const record of records) {
    for (const [path, values] of leavesOf(new Map([recordAsPart(record)])))
      for (const value of values)
        if (isId(path, value)) {
          const id = String(value);
          const of = holders.get(id) ?? [];
          if (!of.includes(record)) holders.set(id, [...of, record]);
        }
  }
  const write = ([part, value]: readonly [string, unknown], nameOf: (id: string) => string) =>
    rename(value, isRows(part) ? `${part}[]` : part, (path, leaf) => {
      if (known.has(String(leaf))) return leaf;
      const kind = generated.get(path);
      if (kind === undefined) return leaf;
      return kind === 'clock' ? CLOCK : nameOf(String(leaf));
    });

  // An id is named after the records that hold it, which are told apart by the ids that they hold.
  let names = new Map([...holders.keys()].map((id) => [id, ID]));
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Map<string, string>();
    for (const [id, of] of holders) {
      const texts = of.map((record) => {
        const renamed = write(record, (other) => (other === id ? '*' : (names.get(other) ?? ID)));
        return JSON.stringify([record[0], renamed]);
      });
      next.set(id, `(id ${digest(texts.sort().join('\n'))})`);
    }
    names = next;
  }
  const form = (nameOf: (id: string) => string): Outcome =>
    new Map(
      [...outcome].map(([part, value]) => {
        if (!isRows(part)) return [part, write([part, value], nameOf)];
        return [part, sorted((value as unknown[]).map((row) => write([part, row], nameOf)))];
      }),
    );
  return { parts: form((id) => names.get(id) ?? ID), shown: form(() => ID) };
}

function recordAsPart([part, value]: readonly [string, unknown]): [string, unknown] {
  return [part, isRows(part) ? [value] : value];
}

function isRows(part: string): boolean {
  return part.startsWith('rows of ');
}

function rename(
  value: unknown,
  path: string,
  leafAt: (path: string, leaf: unknown) => unknown,
): unknown {
  if (Array.isArray(value)) return value.map((item) => rename(item, `${path}[]`, leafAt));
  if (typeof value !== 'object' || value === null) return leafAt(path, value);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, rename(item, `${path}.${key}`, leafAt)]),
  );
}

function sorted(rows: readonly unknown[]): unknown[] {
  const texts = new Map(rows.map((row) => [row, JSON.stringify(row)]));
  return [...rows].sort((a, b) => ((texts.get(a) ?? '') < (texts.get(b) ?? '') ? -1 : 1));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
