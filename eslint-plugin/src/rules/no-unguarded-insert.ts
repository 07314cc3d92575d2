import { getFlowFacts } from '../analysis/flow/file-facts.js';
import { findUnguardedInserts } from '../analysis/flow-findings/unguarded-inserts.js';
import { createTypedRule } from '../create-rule.js';
import {
  describeModel,
  describeNames,
  describePlace,
  getLocation,
} from '../report/source-places.js';
import { getRepair } from '../vocabulary/repairs.js';
import { isReported, tierOption } from '../options/tier-option.js';

export default createTypedRule({
  name: 'no-unguarded-insert',
  meta: {
    type: 'problem',
    description:
      'disallow inserts that depend on which rows were found, when nothing keeps two requests from both inserting',
    messages: {
      absent:
        'No {{model}} was found by {{fields}} at {{read}}, so one is inserted: two requests both find none, both insert, and there are two. {{repair}}',
      collides:
        'No {{model}} was found at {{read}}, so one is inserted: two requests both find none, both insert, and the unique key makes the second one fail with an error that nothing handles. {{repair}}',
      limited:
        'The {{model}} rows were counted at {{read}} before this insert: two requests both see the same number under the limit, both insert, and it is exceeded. {{repair}}',
      numbered:
        'The {{fields}} of this {{model}} follows from the rows that were there at {{read}}: two requests both read the same, and both insert the same {{fields}}. {{repair}}',
    },
    ...tierOption,
  },
  create(context, [options], { program, esTreeNodeToTSNodeMap }) {
    return {
      'Program:exit'(node) {
        const file = esTreeNodeToTSNodeMap.get(node);
        for (const insert of findUnguardedInserts(getFlowFacts(program, file))) {
          if (!isReported(insert, options)) continue;
          const repair = getRepair(insert.model);
          const isOfOne = insert.kind === 'absent' || insert.kind === 'collides';
          context.report({
            loc: getLocation(insert.node),
            messageId: insert.kind,
            data: {
              model: describeModel(insert.model),
              fields: describeNames(insert.fields),
              read: describePlace(program, file, insert.read),
              repair: (isOfOne ? repair?.insert : repair?.limit) ?? '',
            },
          });
        }
      },
    };
  },
});
