import { relative, sep } from 'node:path';
import picomatch from 'picomatch';

/** A file's path as globs are written: relative to the folder ESLint runs in, with forward slashes. */
export function getGlobPath(filename: string, cwd: string): string {
  const path = relative(cwd, filename);
  return sep === '/' ? path : path.split(sep).join('/');
}

/** Whether a file is one of those that an option's globs name. */
export function matchesGlobs(filename: string, cwd: string, globs: readonly string[]): boolean {
  const path = getGlobPath(filename, cwd);
  return globs.some((glob) => picomatch.isMatch(path, glob, { dot: true }));
}
