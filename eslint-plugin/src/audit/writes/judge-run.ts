import { isEverChanged } from '../../analysis/flow-findings/written-fields.js';
import type { WriteFact } from '../../analysis/flow/facts.js';
import { allReads, EXISTENCE, type Read } from '../../analysis/flow/value.js';
import { describeModel, describeNames } from '../../report/source-places.js';
import type { AuditedProgram } from '../program/audited-program.js';
import { describeNode } from '../program/describe-node.js';
import type { Judgement } from './judgement.js';
import { findLockOf } from './lock-of.js';
import { findUnprotectedChecks, findUnprotectedPatch } from './unprotected-reads.js';
import { isWholeRow } from './whole-rows.js';

/** One run that leads to an update or a delete to which no rule objects. */
export function judgeRun(program: AuditedProgram, run: WriteFact): Judgement {
  const { context } = program;
  const isSerialised = run.scope.isolation !== 'read committed';
  const computed = isSerialised ? [] : findUnprotectedPatch(context, run);
  if (computed.length > 0) return unknown(program, 'it is computed from', computed);
  const lock = findLockOf(program, run);
  if (lock !== null) return { verdict: 'locked', because: lock };
  if (isSerialised) {
    const because = `its transaction is ${run.scope.isolation} (${describeNode(program, run.scope.node)}): of two that conflict the database refuses one`;
    return { verdict: 'guarded', because };
  }
  if (isWholeRow(context, run)) return wholeRow(program, run);
  const decided = findUnprotectedChecks(context, run);
  if (decided.length > 0) return unknown(program, 'it is decided on', decided);
  const guards = run.guards
    .map(({ field }) => field)
    .filter((field) => isEverChanged(context, run.target?.model ?? null, field));
  if (guards.length > 0) {
    const because = `it is one statement, which writes only where ${describeNames(guards)} ${guards.length === 1 ? 'is' : 'are'} as the condition says`;
    return { verdict: 'guarded', because };
  }
  return { verdict: 'atomic', because: reasonOf(run) };
}

function wholeRow(program: AuditedProgram, { target }: WriteFact): Judgement {
  const read = target ? ` ${describeNode(program, target.site.node)}` : '';
  return {
    verdict: 'stale',
    because: `it writes the row as it was read${read} without a lock: every column that another process changed since is set back`,
  };
}

function reasonOf({ operation, atomic, patch }: WriteFact): string {
  if (operation === 'delete') return 'it is one statement, which deletes rows whatever is in them';
  if (atomic.length > 0) {
    return `it is one statement, in which the database computes ${describeNames(atomic)} from what the row has by then`;
  }
  const reads = patch ? allReads(patch).length : 0;
  return reads > 0
    ? 'it is one statement, and what it writes follows from no row of its table that changes meanwhile'
    : 'it is one statement, and what it writes was computed from no row';
}

function unknown(program: AuditedProgram, what: string, reads: readonly Read[]): Judgement {
  const [read] = reads;
  const model = describeModel(read?.model ?? null);
  const fields = describeNames(reads.map(({ field }) => (field === EXISTENCE ? '*' : field)));
  const where = read ? ` ${describeNode(program, read.site.node)}` : '';
  return {
    verdict: 'unknown',
    because: `${what} ${fields} of the ${model} that was read${where} without a lock, and no rule says whether that matters`,
  };
}
