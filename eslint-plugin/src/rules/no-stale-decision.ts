import { getFlowFacts } from '../analysis/flow/file-facts.js';
import {
  describeModel,
  describeNames,
  describePlace,
  describeProtection,
  getLocation,
} from '../report/source-places.js';
import { findStaleDecisions } from '../analysis/flow-findings/stale-decisions.js';
import { createTypedRule } from '../create-rule.js';
import { getRepair } from '../vocabulary/repairs.js';
import { isReported, tierOption } from '../options/tier-option.js';

/** What is said where the row is one of a library's table, which makes nobody lock. */
const RACED = {
  checked: 'racedCheck',
  selected: 'racedSelection',
  counted: 'racedCount',
  numbered: 'racedCount',
  consumed: 'consumed',
} as const;

export default createTypedRule({
  name: 'no-stale-decision',
  meta: {
    type: 'problem',
    description:
      'disallow writes that are decided on an unlocked read and not checked again under the lock',
    messages: {
      checked:
        'This check of {{fields}} decides the write at {{write}}, but the {{model}} was read at {{read}} {{protection}} and may have changed since. Check it again on the locked {{model}}.',
      selected:
        'This query chose the {{model}} by {{fields}}, and the write at {{write}} relies on it: another process may have been first. Check {{fields}} again on the locked {{model}}.',
      counted:
        'This check decides the write of the {{model}} at {{write}}, but it is of rows that were looked for at {{read}} without any lock: another process may add one, or take one away, as well. Lock what they belong to, then look.',
      numbered:
        'The {{fields}} of this {{model}} is one more than what was there at {{read}}, read without any lock: another process takes the same. Lock what numbers them, then read.',
      racedCheck:
        'The {{model}} was read at {{read}} {{protection}}, its {{fields}} was checked at {{check}}, and this writes it: two requests both pass the check, and both write. {{repair}}',
      racedSelection:
        'The {{model}} was chosen by its {{fields}} at {{read}}, and this write relies on it: two requests both find it, and both write. {{repair}}',
      consumed:
        'The {{model}} was found at {{read}} without a lock, and this uses it up without a look at whether it still was as it was found: two requests both find it, and both use it. {{repair}}',
      racedCount:
        'The {{model}} rows were looked for at {{read}} without a lock, what was found was checked at {{check}}, and this writes one: two requests both see the same rows, and both write. {{repair}}',
    },
    ...tierOption,
  },
  create(context, [options], { program, esTreeNodeToTSNodeMap }) {
    return {
      'Program:exit'(node) {
        const file = esTreeNodeToTSNodeMap.get(node);
        for (const decision of findStaleDecisions(program, getFlowFacts(program, file))) {
          if (!isReported(decision, options)) continue;
          const repair = getRepair(decision.model);
          context.report({
            loc: getLocation(decision.node),
            messageId: repair ? RACED[decision.kind] : decision.kind,
            data: {
              fields: describeNames(decision.fields),
              model: describeModel(decision.model),
              read: describePlace(program, file, decision.read),
              protection: describeProtection(decision.wasLocked === true),
              write: describePlace(program, file, decision.write.site.node),
              check: describePlace(program, file, decision.check ?? decision.node),
              repair: repair?.decision ?? '',
            },
          });
        }
      },
    };
  },
});
