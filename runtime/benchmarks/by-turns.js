/**
 * Measures several things by turns, so that whatever else the machine does disturbs all of them alike.
 *
 * @template R
 * @param {readonly string[]} names
 * @param {number} rounds
 * @param {(name: string, round: number) => Promise<R>} measure
 * @returns {Promise<Record<string, R[]>>} what was measured, by name, one entry of each round
 */
export async function byTurns(names, rounds, measure) {
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results[name].push(await measure(name, round));
  }
  return results;
}

/**
 * Starts a process for each name, measures by turns, and ends the processes.
 *
 * @param {readonly string[]} names
 * @param {(name: string) => Promise<import('./child.js').Child>} start
 * @param {(children: ReadonlyMap<string, import('./child.js').Child>) => Promise<R>} use
 * @template R
 */
export async function withChildren(names, start, use) {
  const children = new Map();
  try {
    for (const name of names) children.set(name, await start(name));
    return await use(children);
  } finally {
    for (const child of children.values()) await child.end();
  }
}
