import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Whether what a file's package depends on is there. A package without dependencies asks the one above it.
 *
 * @param path - of a file, absolute
 */
export function isInstalled(path: string): boolean {
  for (let folder = dirname(path); dirname(folder) !== folder; folder = dirname(folder)) {
    const names = readDependencies(folder);
    if (names.length > 0) return names.some((name) => isFound(name, folder));
  }
  return true;
}

function readDependencies(folder: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(join(folder, 'package.json'), 'utf8');
  } catch {
    return [];
  }
  try {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(text) as {
      readonly dependencies?: object;
      readonly devDependencies?: object;
    };
    return [...Object.keys(dependencies), ...Object.keys(devDependencies)];
  } catch {
    return [];
  }
}

function isFound(name: string, from: string): boolean {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', name))) return true;
    if (dirname(folder) === folder) return false;
  }
}
