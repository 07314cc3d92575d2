import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createPathsMatcher, getTsconfig } from 'get-tsconfig';

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

/** What a specifier for JavaScript may be written in. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.jsx': ['.tsx', '.jsx'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
};

/**
 * The file of the project that a specifier means: a relative one, or one of the `paths` of the nearest `tsconfig.json`;
 * `null` for packages.
 */
export function resolveModule(specifier: string, from: string): string | null {
  const folder = dirname(from);
  if (/^\.{1,2}(?:\/|$)/.test(specifier)) return findFile(resolve(folder, specifier));
  for (const candidate of getMatcher(folder)?.(specifier) ?? []) {
    const file = findFile(candidate);
    if (file) return file;
  }
  return null;
}

type Matcher = (specifier: string) => string[];

const matchers = new Map<string, Matcher | null>();
const configs = new Map<string, never>();

function getMatcher(folder: string): Matcher | null {
  const known = matchers.get(folder);
  if (known !== undefined) return known;
  const matcher = readMatcher(folder);
  matchers.set(folder, matcher);
  return matcher;
}

function readMatcher(folder: string): Matcher | null {
  try {
    const config = getTsconfig(folder, 'tsconfig.json', configs);
    return config && createPathsMatcher(config);
  } catch {
    // A config that cannot be read is TypeScript's to report.
    return null;
  }
}

function findFile(path: string): string | null {
  const extension = /\.[cm]?jsx?$/.exec(path)?.[0] ?? '';
  const stem = path.slice(0, path.length - extension.length);
  const candidates = [
    ...(SOURCES[extension] ?? []).map((source) => stem + source),
    ...(/\.[cm]?tsx?$/.test(path) ? [path] : []),
    ...EXTENSIONS.map((source) => path + source),
    ...EXTENSIONS.map((source) => join(path, `index${source}`)),
  ];
  return candidates.find((file) => !/\.d\.[cm]?ts$/.test(file) && isFile(file)) ?? null;
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    // Below what is a file itself, there is nothing.
    return false;
  }
}
