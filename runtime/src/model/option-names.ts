import { shown } from '../errors/shown.js';
import { InvalidOptionError } from '../errors/store-errors.js';

/** The names of the options `T`, so that none is forgotten. */
export type OptionNames<T> = Readonly<Record<keyof T, true>>;

/**
 * Refuses options that nobody would read: from JavaScript, or through a variable, a slip of the pen is no compile error.
 *
 * @param of - whose options they are, such as `lock()`
 * @throws {@link InvalidOptionError}
 */
export function refuseUnknownOptions<T>(of: string, options: unknown, names: OptionNames<T>): void {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null)
    throw new InvalidOptionError(
      `the options of ${of}`,
      `must be an object, not ${shown(options)}`,
    );
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(names, name)) continue;
    const known = Object.keys(names);
    const meant = nearest(name, known);
    throw new InvalidOptionError(
      name,
      `${of} has no option of this name. ` +
        (meant === undefined ? `It has ${known.join(', ')}` : `Did you mean ${meant}?`),
    );
  }
}

/** The name that is at most a few slips away. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const byDistance = known.map((other) => ({
    other,
    distance: editDistance(name.toLowerCase(), other.toLowerCase()),
  }));
  const [best] = byDistance.sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.max(2, name.length / 3)
    ? best.other
    : undefined;
}

/** How many letters have to be added, left out or replaced (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1];
    for (const [at, other] of Array.from(to).entries()) {
      const replaced = (row[at] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
