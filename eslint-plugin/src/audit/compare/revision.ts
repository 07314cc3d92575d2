import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { Audit } from '../model/audit.js';
import { extractRevision, getRepositoryRoot } from './git.js';
import { linkInstalled } from './link-installed.js';

/**
 * Audits folders as they were at a revision of git, in a temporary folder; neither the files nor the index of the
 * repository are touched.
 *
 * @param folders - paths
 * @param run - audits folders that may have no sources
 * @throws {AuditError} when a folder is in no repository, or there is no such revision
 */
export function auditRevision(
  folders: readonly string[],
  revision: string,
  run: (folders: readonly string[]) => Audit,
): Audit {
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'justscale-audit-')));
  try {
    const extracted = new Map<string, string>();
    const before = folders.map((folder) => {
      const root = getRepositoryRoot(folder);
      let target = extracted.get(root);
      if (target === undefined) {
        target = join(temporary, String(extracted.size));
        extractRevision(root, revision, target);
        linkInstalled(root, target);
        extracted.set(root, target);
      }
      const path = join(target, relative(root, realpathSync(resolve(folder))));
      // A folder that was not there yet had no findings.
      mkdirSync(path, { recursive: true });
      return path;
    });
    return run(before);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
