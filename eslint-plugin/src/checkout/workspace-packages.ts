import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { globSync } from 'tinyglobby';

/** A package that lies in the folder itself, whether it is linked into a `node_modules` or not. */
export interface WorkspacePackage {
  readonly name: string;
  readonly folder: string;
  /** What `exports`, `types` and `main` give for a subpath such as `.` or `./db`, relative to the folder. */
  entries(subpath: string): readonly string[];
}

/** All packages below a folder, by name. */
export function findWorkspacePackages(folder: string): ReadonlyMap<string, WorkspacePackage> {
  const manifests = globSync(['**/package.json'], {
    cwd: folder,
    ignore: ['**/node_modules/**', '**/{dist,build,.next}/**'],
    followSymbolicLinks: false,
    expandDirectories: false,
  });
  const packages = new Map<string, WorkspacePackage>();
  for (const manifest of manifests.sort()) {
    const path = join(folder, manifest);
    const found = readPackage(path);
    if (found && !packages.has(found.name)) packages.set(found.name, found);
  }
  return packages;
}

function readPackage(path: string): WorkspacePackage | null {
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // A file that is no JSON names no package.
    return null;
  }
  if (!isRecord(manifest) || typeof manifest['name'] !== 'string') return null;
  const content = manifest;
  return {
    name: manifest['name'],
    folder: dirname(path),
    entries: (subpath) => entriesOf(content, subpath),
  };
}

function entriesOf(manifest: Record<string, unknown>, subpath: string): readonly string[] {
  const { exports } = manifest;
  const exported = isRecord(exports)
    ? exportedBy(exports, subpath)
    : subpath === '.'
      ? texts(exports)
      : [];
  if (subpath !== '.') return exported;
  return [
    ...exported,
    ...texts(manifest['source']),
    ...texts(manifest['types']),
    ...texts(manifest['main']),
  ];
}

function exportedBy(exports: Record<string, unknown>, subpath: string): readonly string[] {
  const hasSubpaths = Object.keys(exports).some((key) => key.startsWith('.'));
  if (!hasSubpaths) return subpath === '.' ? texts(exports) : [];
  if (subpath in exports) return texts(exports[subpath]);
  for (const [pattern, target] of Object.entries(exports)) {
    const [before, after] = pattern.split('*');
    if (before === undefined || after === undefined) continue;
    if (!subpath.startsWith(before) || !subpath.endsWith(after)) continue;
    const matched = subpath.slice(before.length, subpath.length - after.length);
    return texts(target).map((text) => text.replaceAll('*', matched));
  }
  return [];
}

/** All paths that conditions such as `import` and `types` lead to. */
function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(texts);
  return isRecord(value) ? Object.values(value).flatMap(texts) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
