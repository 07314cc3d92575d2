import { isCompared, isOf } from '../../analysis/flow-findings/staleness.js';
import { isEverChanged } from '../../analysis/flow-findings/written-fields.js';
import type { WriteFact } from '../../analysis/flow/facts.js';
import { conditionsUntil } from '../../analysis/flow/state.js';
import { allReads, EXISTENCE, type Entity, type Read } from '../../analysis/flow/value.js';
import type { ProgramContext } from '../../program/program-context.js';

/** What a patch was computed from that another process may have changed since: of its own row, or of the table. */
export function findUnprotectedPatch(context: ProgramContext, run: WriteFact): readonly Read[] {
  const { patch, target } = run;
  if (!patch || !target) return [];
  return allReads(patch).filter(
    (read) =>
      read.model === target.model &&
      isUnprotected(read, run) &&
      (isOf(read, target) || isChanging(context, read)),
  );
}

/**
 * What was looked at before a write, in its own row or in other rows of its table, and may be otherwise by then; but for
 * what the write itself asks for again.
 */
export function findUnprotectedChecks(context: ProgramContext, run: WriteFact): readonly Read[] {
  const { target, guards, conditions } = run;
  if (!target) return [];
  const asked = new Set(guards.map(({ field }) => field));
  return conditionsUntil(conditions, null)
    .flatMap(({ reads }) => reads)
    .filter((read) => {
      if (read.model !== target.model || !isUnprotected(read, run)) return false;
      const isOwn = isOf(read, target) || isFoundBy(read, target);
      // Whether there is such a row the write finds out by itself.
      if (read.field === EXISTENCE || read.field === '*') return !isOwn && read.asked !== undefined;
      // Who may do it, and until when, is rarely what a concurrent write changes.
      if (isOwn && (read.asked === 'match' || read.asked === 'time')) return false;
      return !(isOwn && asked.has(read.field)) && isChanging(context, read);
    });
}

/** Whether a row was looked for by the very name by which it is written, beside other conditions. */
function isFoundBy({ identity }: Read, target: Entity): boolean {
  return [...(identity.query?.values() ?? [])].includes(target.identity.key);
}

/** Whether no lock of the transaction protects what was read, whatever was asked of it. */
function isUnprotected(read: Read, run: WriteFact): boolean {
  if (read.protectedBy === run.scope || isCompared(read, run)) return false;
  return !read.lockedNames.some((name) => run.lockedNames.includes(name));
}

function isChanging(context: ProgramContext, { model, field }: Read): boolean {
  return field === '*' || field === 'length' || isEverChanged(context, model, field);
}
