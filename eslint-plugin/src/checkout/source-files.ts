import { join } from 'node:path';
import { globSync } from 'tinyglobby';

/** What no project writes by hand. */
const NOT_SOURCE = [
  '**/node_modules/**',
  '**/.git/**',
  '**/{dist,build,out,coverage,.next,.nuxt,.output,.turbo,.yarn,.cache}/**',
  '**/*.min.js',
];

/** Code that only tests run: what it does to a database happens in one process. */
const TESTS = [
  '**/*.{test,spec,e2e-spec,e2e,stories,bench}.*',
  '**/{test,tests,__tests__,__mocks__,e2e,cypress,playwright}/**',
];

/** Which files of a folder belong to its program. */
export interface SourceFileOptions {
  /** Also the files that only tests run; false without this. */
  readonly withTests?: boolean;
  /** Further patterns, relative to the folder, of files to leave out. */
  readonly ignore?: readonly string[];
}

/**
 * The TypeScript and JavaScript files of a folder that somebody wrote, as absolute paths in a fixed order.
 *
 * @param folder - an absolute path
 */
export function findSourceFiles(
  folder: string,
  { withTests = false, ignore = [] }: SourceFileOptions = {},
): string[] {
  const files = globSync(['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'], {
    cwd: folder,
    ignore: [...NOT_SOURCE, ...(withTests ? [] : TESTS), ...ignore],
    dot: false,
    followSymbolicLinks: false,
    expandDirectories: false,
  });
  return files.sort().map((file) => join(folder, file));
}
