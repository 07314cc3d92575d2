import type ts from 'typescript';
import type { AuditedProgram } from '../program/audited-program.js';
import { describeNode } from '../program/describe-node.js';
import type { Judgement } from './judgement.js';
import { findWitnesses, type Witness } from '../races/witnesses.js';

/**
 * The writes that some rule objects to, also where a comment silences it: `stale` where it is sure, `unknown` or `insert` where
 * that depends on what the fields mean.
 */
export function findStaleWrites(program: AuditedProgram): ReadonlyMap<ts.Node, Judgement> {
  const found = new Map<ts.Node, Judgement>();
  for (const file of program.databaseFiles) {
    for (const witness of findWitnesses(program.context.program, file)) {
      const { write } = witness;
      if (!write || found.get(write)?.verdict === 'stale') continue;
      const verdict = verdictOf(witness);
      if (!found.has(write) || verdict === 'stale') {
        found.set(write, { verdict, because: describe(program, witness) });
      }
    }
  }
  return found;
}

/** What was computed from an old read is stale, whatever it means; a decision or an insert may be meant. */
function verdictOf({ ruleId, tier }: Witness): Judgement['verdict'] {
  if (tier === 'certain' || ruleId === 'no-stale-patch') return 'stale';
  return ruleId === 'no-unguarded-insert' ? 'insert' : 'unknown';
}

const WHAT: Readonly<Record<string, string>> = {
  'no-stale-patch': 'what is written was computed from what was read',
  'no-stale-decision': 'it is decided on what was read',
  'no-unguarded-insert': 'it depends on which rows were found',
};

function describe(program: AuditedProgram, { ruleId, reads }: Witness): string {
  const [read] = reads;
  const where = read ? ` ${describeNode(program, read)}` : '';
  return `${WHAT[ruleId] ?? 'it is decided'}${where} without a lock (${ruleId})`;
}
