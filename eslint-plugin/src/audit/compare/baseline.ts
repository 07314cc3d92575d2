import { readFileSync } from 'node:fs';
import { AuditError } from '../model/audit-error.js';
import type { Audit } from '../model/audit.js';
import type { Finding } from '../model/finding.js';
import { FINGERPRINT } from '../fingerprints/fingerprint.js';
import { summarise } from '../model/summarise.js';

/** A finding of another state of the program, as far as a comparison needs it. */
export type Earlier = Pick<Finding, 'fingerprint' | 'ruleId' | 'message'>;

/**
 * The findings that an earlier audit wrote as JSON or SARIF.
 *
 * @throws {AuditError} when the file cannot be read or is neither
 */
export function readBaseline(file: string): readonly Earlier[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is no JSON' : 'cannot be read';
    throw new AuditError('BASELINE_UNREADABLE', `The baseline ${file} ${why}.`);
  }
  const findings = findingsOf(content) ?? resultsOf(content);
  if (!findings) {
    throw new AuditError(
      'BASELINE_UNREADABLE',
      `The baseline ${file} is not what --format json or --format sarif writes.`,
    );
  }
  return findings;
}

/** Only what was not there before; what is gone and what is left is counted in the summary. */
export function compareWith(audit: Audit, before: readonly Earlier[], name: string): Audit {
  const earlier = new Set(before.map(({ fingerprint }) => fingerprint));
  const now = new Set(audit.findings.map(({ fingerprint }) => fingerprint));
  const introduced = audit.findings.filter(({ fingerprint }) => !earlier.has(fingerprint));
  const part = { ...audit, findings: introduced };
  const comparison = {
    with: name,
    introduced: introduced.length,
    fixed: before.filter(({ fingerprint }) => !now.has(fingerprint)),
    left: audit.findings.filter(({ fingerprint }) => earlier.has(fingerprint)),
  };
  return { ...part, summary: summarise(part, audit.summary, comparison) };
}

function findingsOf(content: unknown): readonly Earlier[] | null {
  const list = isRecord(content) ? content['findings'] : undefined;
  if (!Array.isArray(list)) return null;
  return list.every(isFinding) ? list : null;
}

function isFinding(value: unknown): value is Earlier {
  return isRecord(value) && typeof value['fingerprint'] === 'string';
}

function resultsOf(content: unknown): readonly Earlier[] | null {
  const runs = isRecord(content) ? content['runs'] : undefined;
  if (!Array.isArray(runs)) return null;
  return runs.flatMap((run: unknown) => {
    const results = isRecord(run) && Array.isArray(run['results']) ? run['results'] : [];
    return results.flatMap((result: unknown) => toEarlier(result));
  });
}

function toEarlier(result: unknown): readonly Earlier[] {
  if (!isRecord(result) || !isRecord(result['partialFingerprints'])) return [];
  const fingerprint = result['partialFingerprints'][FINGERPRINT];
  const message = isRecord(result['message']) ? result['message']['text'] : '';
  if (typeof fingerprint !== 'string') return [];
  return [{ fingerprint, ruleId: String(result['ruleId']), message: String(message) }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
