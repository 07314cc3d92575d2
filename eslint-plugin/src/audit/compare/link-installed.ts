import { existsSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { globSync } from 'tinyglobby';

/** Gives the packages of an extracted revision what is installed in the working copy, so that both are read with the same types. */
export function linkInstalled(root: string, extracted: string): void {
  const manifests = globSync(['**/package.json'], {
    cwd: extracted,
    ignore: ['**/node_modules/**'],
    followSymbolicLinks: false,
    expandDirectories: false,
  });
  for (const manifest of manifests) {
    const installed = join(root, dirname(manifest), 'node_modules');
    const link = join(extracted, dirname(manifest), 'node_modules');
    if (existsSync(installed) && !existsSync(link)) symlinkSync(installed, link, 'junction');
  }
}
