import { relative, sep } from 'node:path';
import picomatch from 'picomatch';

/** A file's path as globs are written: relative to the folder ESLint runs in, with forward slashes. */
export function getGlobPath(filename: string, cwd: string): string {
  const isBelow = filename.startsWith(cwd) && filename[cwd.length] === sep;
  const path = isBelow ? filename.slice(cwd.length + 1) : relative(cwd, filename);
  return sep === '/' ? path : path.split(sep).join('/');
}

const matchers = new WeakMap<readonly string[], picomatch.Matcher>();

/**
 * Whether a file is one of those that an option's globs name.
 *
 * @param globs - the very array of the configuration: what it compiles to is remembered with it
 */
export function matchesGlobs(filename: string, cwd: string, globs: readonly string[]): boolean {
  let matcher = matchers.get(globs);
  if (!matcher) matchers.set(globs, (matcher = picomatch([...globs], { dot: true })));
  return matcher(getGlobPath(filename, cwd));
}
