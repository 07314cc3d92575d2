import { getReportNode, type WriteFact } from '../../flow/facts.js';
import { allReads, type Read } from '../../flow/value.js';
import { isForeign } from '../../../vocabulary/model-name.js';
import { isOf } from '../staleness.js';
import type { DecisionFinder } from './decision.js';

/** The next number was computed from the highest one, or from how many there are, without a lock. */
export const findNumbered: DecisionFinder = (write) => {
  // Whoever comes second takes another number.
  if (write.isConflictHandled || isForeign(write.target?.model ?? null)) return [];
  for (const [field, value] of write.patch?.properties ?? []) {
    const read = allReads(value).find((candidate) => isNumberBefore(candidate, field, write));
    const node = read && getReportNode(write.site, [read.site]);
    if (node) {
      const { model } = read;
      return [
        {
          kind: 'numbered',
          tier: 'certain',
          node,
          write,
          model,
          fields: [field],
          read: read.site.node,
        },
      ];
    }
  }
  return [];
};

function isNumberBefore(read: Read, field: string, { operation, target }: WriteFact): boolean {
  return (
    read.asked === 'next' &&
    (read.field === field || read.field === 'length') &&
    read.model !== null &&
    read.model === target?.model &&
    (operation === 'insert' || !isOf(read, target)) &&
    read.protectedBy === null &&
    read.identity.isGuarded !== true
  );
}
