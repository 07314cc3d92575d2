import { getReportNode, type WriteFact } from '../../flow/facts.js';
import type { Condition } from '../../flow/state.js';
import type { Read } from '../../flow/value.js';
import { isClaimed } from '../claims.js';
import { isFixed } from '../fixed-fields.js';
import {
  isCompared,
  isElementOf,
  isOf,
  isRepeated,
  isStale,
  isValidated,
  type Row,
} from '../staleness.js';
import { getProgramContext } from '../../../program/program-context.js';
import { getForeignTier } from './foreign-check.js';
import type { Circumstances, DecisionFinder, StaleDecision } from './decision.js';

/** Data of the row that is written was looked at without its lock, and not again under it. */
export const findChecked: DecisionFinder = (write, circumstances) => {
  const rows = protectedRows(write);
  return circumstances.conditions.flatMap(
    (condition) => findCheck(write, condition, rows, circumstances) ?? [],
  );
};

/** The rows that the write is about: the one that it changes, and those whose lock is held for it. */
function protectedRows(write: WriteFact): readonly Row[] {
  const rows: Row[] = write.target && write.operation !== 'insert' ? [write.target] : [];
  for (const { operation, model, identity, members } of write.held) {
    if (operation === 'lockName') continue;
    if (identity) rows.push({ model, identity });
    for (const member of members) rows.push({ model, identity: member });
  }
  return rows;
}

function findCheck(
  write: WriteFact,
  condition: Condition,
  rows: readonly Row[],
  { conditions, claims, program, writes }: Circumstances,
): StaleDecision | null {
  const stale = condition.reads.filter(
    (read) =>
      isStale(read, write) &&
      rows.some((row) => isOf(read, row) || isElementOf(read, row)) &&
      !isClaimed(read, write, claims) &&
      !isConditional(read, write) &&
      !isValidated(read, write, conditions) &&
      !isFixed(program, read),
  );
  const [read] = stale;
  if (!read) return null;
  const tier = getForeignTier(getProgramContext(program), write, condition, stale, writes);
  if (tier === null) return null;
  const fields = stale.map(({ field }) => field);
  if (isRepeated(write, conditions, read, fields)) return null;
  const node = getReportNode(condition, [write.site, ...stale.map(({ site }) => site)]);
  if (!node) return null;
  const { model, site, protectedBy } = read;
  const wasLocked = protectedBy !== null;
  return { kind: 'checked', tier, node, write, model, fields, read: site.node, wasLocked };
}

/** Whether the write has a condition on the very field that was decided on. */
function isConditional(read: Read, write: WriteFact): boolean {
  if (isCompared(read, write)) return true;
  const { guards, target } = write;
  return target !== null && isOf(read, target) && guards.some(({ field }) => field === read.field);
}
