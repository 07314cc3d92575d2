import { AuditError } from './model/audit-error.js';
import type { Audit } from './model/audit.js';
import { summarise } from './model/summarise.js';
import { rules } from '../rules/index.js';

/** The parts of an audit that `--only` can ask for, beside the names of rules. */
export const KINDS = ['writes', 'races', 'state', 'lock-order'] as const;

/**
 * @param text - kinds with commas between
 * @throws {AuditError} for a kind that does not exist
 */
export function parseKinds(text: string): ReadonlySet<string> {
  const kinds = text.split(',').map((kind) => kind.trim());
  for (const kind of kinds) {
    if (KINDS.some((known) => known === kind) || kind in rules) continue;
    throw new AuditError(
      'UNKNOWN_KIND',
      `There is no kind '${kind}': --only takes ${KINDS.join(', ')}, or names of rules.`,
    );
  }
  return new Set(kinds);
}

/** Some kinds of what an audit says. */
export function onlyKinds(audit: Audit, kinds: ReadonlySet<string>): Audit {
  const isWanted = (kind: (typeof KINDS)[number]): boolean => kinds.has(kind);
  const part = {
    findings: audit.findings.filter(({ kind, ruleId }) => kinds.has(kind) || kinds.has(ruleId)),
    writes: isWanted('writes') ? audit.writes : [],
    state: isWanted('state') ? audit.state : [],
    lockOrder: isWanted('lock-order') ? audit.lockOrder : { nodes: [], edges: [], cycles: [] },
  };
  return { ...part, summary: summarise(part, audit.summary) };
}
