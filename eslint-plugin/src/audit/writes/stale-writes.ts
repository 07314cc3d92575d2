import type ts from 'typescript';
import type { AuditedProgram } from '../program/audited-program.js';
import { describeNode } from '../program/describe-node.js';
import { findWitnesses, type Witness } from '../races/witnesses.js';

/** The writes that some rule finds decided stale, and in which words; also where a comment silences the rule. */
export function findStaleWrites(program: AuditedProgram): ReadonlyMap<ts.Node, string> {
  const found = new Map<ts.Node, string>();
  for (const file of program.databaseFiles) {
    for (const witness of findWitnesses(program.context.program, file)) {
      const { write } = witness;
      if (write && !found.has(write)) found.set(write, describe(program, witness));
    }
  }
  return found;
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
