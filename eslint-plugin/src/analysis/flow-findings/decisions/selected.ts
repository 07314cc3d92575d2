import { getReportNode, type WriteFact } from '../../flow/facts.js';
import type { Selection } from '../../flow/identity.js';
import { claimsBefore } from '../claims.js';
import { isNeverChanged } from '../fixed-fields.js';
import { isOf, isRepeated } from '../staleness.js';
import type { DecisionFinder } from './decision.js';

/** The row was found by a constant in the query's `where`, and that very field is what the write changes. */
export const findSelected: DecisionFinder = (write, { conditions, claims, program }) => {
  const { target } = write;
  const selection = write.operation === 'insert' ? undefined : target?.identity.selection;
  if (!target || !selection) return [];
  const fields =
    write.operation === 'delete'
      ? selection.fields.filter((field) => !isNeverChanged(program, target.model, field))
      : changedFields(write, selection);
  if (fields.length === 0 || isRepeated(write, conditions, target, fields)) return [];
  if (write.guards.some(({ field }) => fields.includes(field))) return [];
  const isClaimed = claimsBefore(write, claims).some(
    (claim) => isOf(target, claim.row) && fields.some((field) => claim.fields.includes(field)),
  );
  const node = isClaimed ? null : getReportNode(selection, [write.site]);
  if (!node) return [];
  const { model } = target;
  return [{ kind: 'selected', tier: 'certain', node, write, model, fields, read: selection.node }];
};

function changedFields(write: WriteFact, { fields }: Selection): readonly string[] {
  return fields.filter((field) => write.patch?.properties?.has(field));
}
