import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AuditError } from '../model/audit-error.js';

/**
 * The folder of the repository that a folder is in.
 *
 * @throws {AuditError} when it is in none
 */
export function getRepositoryRoot(folder: string): string {
  try {
    return realpathSync(git(resolve(folder), ['rev-parse', '--show-toplevel']).trim());
  } catch {
    throw new AuditError(
      'NO_REPOSITORY',
      `--since compares with a revision of git, and ${folder} is in no repository of it.`,
    );
  }
}

/**
 * Writes the files of a revision into a folder, by way of an index of its own.
 *
 * @throws {AuditError} when there is no such revision
 */
export function extractRevision(root: string, revision: string, target: string): void {
  const commit = commitOf(root, revision);
  mkdirSync(target, { recursive: true });
  const index = join(target, '.git-index');
  const env = { ...process.env, GIT_INDEX_FILE: index };
  git(root, ['read-tree', commit], env);
  git(root, ['checkout-index', '--all', '--force', `--prefix=${target}/`], env);
  rmSync(index);
}

function commitOf(root: string, revision: string): string {
  try {
    const name = `${revision}^{commit}`;
    return git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', name]).trim();
  } catch {
    throw new AuditError('UNKNOWN_REVISION', `There is no revision '${revision}' in ${root}.`);
  }
}

function git(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): string {
  return execFileSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
  });
}
