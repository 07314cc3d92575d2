import { createHash } from 'node:crypto';
import type { Finding } from '../model/finding.js';

/** The name of the fingerprint in `partialFingerprints`; its number changes with how it is computed. */
export const FINGERPRINT = 'justscale/v1';

/** A finding, and the words that it is recognised by wherever its lines move to. */
export interface Unnumbered {
  readonly finding: Omit<Finding, 'fingerprint'>;
  readonly words: readonly string[];
}

/** Gives each finding its fingerprint; the second one of two that are alike gets a number. */
export function withFingerprints(findings: readonly Unnumbered[]): readonly Finding[] {
  const seen = new Map<string, number>();
  return findings.map(({ finding, words }) => {
    const { ruleId, location, functionName } = finding;
    const text = [ruleId, location.uri, functionName ?? '', ...words].join('\0');
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 32);
    const number = (seen.get(digest) ?? 0) + 1;
    seen.set(digest, number);
    return { ...finding, fingerprint: `${digest}:${number}` };
  });
}
