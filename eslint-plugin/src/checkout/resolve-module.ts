import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { PathAliases } from './path-aliases.js';
import type { WorkspacePackage } from './workspace-packages.js';

/** What leads from the name of a module to a source file of the checkout. */
export interface ModuleMap {
  readonly packages: ReadonlyMap<string, WorkspacePackage>;
  readonly aliasesOf: (file: string) => readonly PathAliases[];
}

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.d.ts', '.js', '.jsx', '.mjs', '.cjs'];

/** What a build writes, and where it writes it from. */
const BUILT = /(^|\/)(?:dist|lib|build|out|esm|cjs)\//;

/**
 * The source file that an import means, when it is one of the checkout's own: by its path, an alias or the name of a package
 * that lies in the same checkout. `undefined` for what is installed or missing.
 */
export function resolveOwnModule(
  name: string,
  importer: string,
  { packages, aliasesOf }: ModuleMap,
): string | undefined {
  if (name.startsWith('.') || name.startsWith('/'))
    return sourceAt(resolve(dirname(importer), name));
  for (const aliases of aliasesOf(importer)) {
    const aliased = resolveAlias(name, aliases);
    if (aliased !== undefined) return aliased;
  }
  const owner = packageName(name);
  const found = packages.get(owner);
  return found && inPackage(found, name.slice(owner.length));
}

/** `@scope/name` of `@scope/name/sub/path`. */
function packageName(name: string): string {
  const parts = name.split('/');
  return parts.slice(0, name.startsWith('@') ? 2 : 1).join('/');
}

function resolveAlias(name: string, { paths, base, baseUrl }: PathAliases): string | undefined {
  for (const [pattern, targets] of Object.entries(paths)) {
    const matched = matchPattern(pattern, name);
    if (matched === undefined) continue;
    for (const target of targets) {
      const found = sourceAt(resolve(base, target.replace('*', matched)));
      if (found !== undefined) return found;
    }
  }
  return baseUrl === undefined ? undefined : sourceAt(resolve(baseUrl, name));
}

function matchPattern(pattern: string, name: string): string | undefined {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return pattern === name ? '' : undefined;
  const isLongEnough = name.length >= before.length + after.length;
  if (!isLongEnough || !name.startsWith(before) || !name.endsWith(after)) return undefined;
  return name.slice(before.length, name.length - after.length);
}

/** `exports` usually name what a build will write; the source lies where it was written from. */
function inPackage({ folder, entries }: WorkspacePackage, subpath: string): string | undefined {
  const named = entries(`.${subpath}`).flatMap((entry) => [
    entry,
    entry.replace(BUILT, '$1src/'),
    entry.replace(BUILT, '$1'),
  ]);
  const guessed = subpath === '' ? ['index', 'src/index'] : [`.${subpath}`, `src${subpath}`];
  for (const path of [...named, ...guessed]) {
    const found = sourceAt(join(folder, path));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The source file at a path: with its extension, without one, with that of what it becomes, or as the index of a folder. */
function sourceAt(path: string): string | undefined {
  if (EXTENSIONS.some((extension) => path.endsWith(extension)) && isFile(path)) {
    const written = path.replace(/\.d\.ts$/, '.ts');
    return isFile(written) ? written : path;
  }
  const stem = path.replace(/\.([cm]?)jsx?$/, '');
  for (const start of stem === path ? [path] : [stem, path]) {
    for (const extension of EXTENSIONS) if (isFile(start + extension)) return start + extension;
  }
  for (const extension of EXTENSIONS) {
    const index = join(path, `index${extension}`);
    if (isFile(index)) return index;
  }
  return undefined;
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
