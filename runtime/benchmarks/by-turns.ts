import type { Child, Jobs } from './child.js';

/**
 * Measures several things by turns, so that whatever else the machine does disturbs all of them alike.
 *
 * @returns what was measured, by name, one entry of each round
 */
export async function byTurns<Name extends string, Result>(
  names: readonly Name[],
  rounds: number,
  measure: (name: Name, round: number) => Promise<Result>,
): Promise<Record<Name, Result[]>> {
  const results = createRecord(names, (): Result[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results[name].push(await measure(name, round));
  }
  return results;
}

/** Starts a process for each name, measures with them, and ends them. */
export async function withChildren<Name extends string, Known extends Jobs, Result>(
  names: readonly Name[],
  start: (name: Name) => Promise<Child<Known>>,
  use: (children: Readonly<Record<Name, Child<Known>>>) => Promise<Result>,
): Promise<Result> {
  const children: Partial<Record<Name, Child<Known>>> = {};
  const started: Child<Known>[] = [];
  try {
    for (const name of names) {
      const child = await start(name);
      children[name] = child;
      started.push(child);
    }
    return await use(children as Record<Name, Child<Known>>);
  } finally {
    for (const child of started) await child.end();
  }
}

/** A record with a value for each name. */
export function createRecord<Name extends string, Value>(
  names: readonly Name[],
  valueOf: (name: Name) => Value,
): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<Name, Value>;
}
