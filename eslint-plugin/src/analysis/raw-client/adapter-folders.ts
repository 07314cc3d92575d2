import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import picomatch from 'picomatch';
import { globSync } from 'tinyglobby';
import { OptionError } from '../../options/option-error.js';
import { matchesGlobs } from '../../options/file-globs.js';

/** Where clients are at home when no option says otherwise. */
export const DEFAULT_ADAPTER_FOLDERS: readonly string[] = ['**/adapter', '**/adapters'];

/** The folders of the option. */
export class AdapterFolders {
  readonly #globs: readonly string[];

  /** @throws OptionError when a folder exists nowhere: a typing error would switch nothing off in silence */
  constructor(folders: readonly string[], cwd: string) {
    checkFolders(folders, cwd);
    this.#globs = folders.map((folder) => `${trim(folder)}/**`);
  }

  has(filename: string, cwd: string): boolean {
    return matchesGlobs(filename, cwd, this.#globs);
  }
}

function checkFolders(folders: readonly string[], cwd: string): void {
  for (const folder of folders) {
    if (DEFAULT_ADAPTER_FOLDERS.includes(folder) || exists(trim(folder), cwd)) continue;
    throw new OptionError(
      'adapterFolders',
      `no folder matches ${JSON.stringify(folder)} in ${cwd}. Name folders relative to where ESLint runs, such as "src/adapters"`,
    );
  }
}

function exists(folder: string, cwd: string): boolean {
  if (!picomatch.scan(folder).isGlob) {
    const path = resolve(cwd, folder);
    return existsSync(path) && statSync(path).isDirectory();
  }
  const found = globSync(folder, {
    cwd,
    onlyDirectories: true,
    ignore: ['**/node_modules', '**/.git'],
  });
  return found.length > 0;
}

function trim(folder: string): string {
  return folder.replace(/^\.\//, '').replace(/\/(?:\*\*)?\/?$/, '');
}
