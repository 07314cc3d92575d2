import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DomainFiles } from './domain-size.js';

const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'es2024.string', 'esnext.disposable'],
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
  },
  include: ['.'],
};

/**
 * Writes a project anew.
 *
 * @returns the path of its `tsconfig.json`
 */
export async function writeProject(directory: string, files: DomainFiles): Promise<string> {
  await rm(directory, { recursive: true, force: true });
  for (const [path, content] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
  const project = join(directory, 'tsconfig.json');
  await writeFile(project, JSON.stringify(TSCONFIG));
  return project;
}
