import { resolve } from 'node:path';
import { commonFolder } from './program/common-folder.js';
import { loadAuditedProgram } from './program/audited-program.js';
import type { Audit } from './model/audit.js';
import { findLockOrder } from './lock-order/find-lock-order.js';
import { findRaces } from './races/find-races.js';
import { findState } from './state/find-state.js';
import { findWrites } from './writes/find-writes.js';
import { summarise } from './model/summarise.js';

/** What an audit is doing, for somebody who waits. */
export interface Progress {
  readonly step: string;
  /** From 0 to 1. */
  readonly done: number;
}

export interface AuditOptions {
  /** Whether a folder may have no sources; false without this. */
  readonly allowEmpty?: boolean;
}

/**
 * Audits folders, each as one program.
 *
 * @param folders - paths
 * @param onProgress - called often; it must not throw
 * @throws {AuditError} when a folder is missing or has no sources
 */
export function runAudit(
  folders: readonly string[],
  onProgress: (progress: Progress) => void = () => undefined,
  options: AuditOptions = {},
): Audit {
  const root = commonFolder(folders.map((folder) => resolve(folder)));
  const parts = folders.map((folder) => auditFolder(folder, root, onProgress, options));
  const found = {
    findings: parts.flatMap(({ findings }) => findings),
    writes: parts.flatMap(({ writes }) => writes),
    state: parts.flatMap(({ state }) => state),
    lockOrder: {
      nodes: [...new Set(parts.flatMap(({ lockOrder }) => lockOrder.nodes))],
      edges: parts.flatMap(({ lockOrder }) => lockOrder.edges),
      cycles: parts.flatMap(({ lockOrder }) => lockOrder.cycles),
    },
  };
  const files = parts.reduce((sum, part) => sum + part.files, 0);
  const lines = parts.reduce((sum, part) => sum + part.lines, 0);
  return { ...found, summary: summarise(found, { folders, files, lines }) };
}

function auditFolder(
  folder: string,
  root: string,
  onProgress: (progress: Progress) => void,
  options: AuditOptions,
): Omit<Audit, 'summary'> & { readonly files: number; readonly lines: number } {
  onProgress({ step: `reading ${folder}`, done: 0 });
  const program = loadAuditedProgram(folder, root, options);
  const { files } = program;
  let linted = 0;
  const findings = findRaces(program, () => {
    linted += 1;
    onProgress({ step: 'looking for races', done: linted / files.length });
  });
  onProgress({ step: 'judging the writes', done: 1 });
  return {
    findings,
    writes: findWrites(program),
    state: findState(program, findings),
    lockOrder: findLockOrder(program),
    files: files.length,
    lines: files.reduce((sum, file) => sum + file.getLineStarts().length, 0),
  };
}
