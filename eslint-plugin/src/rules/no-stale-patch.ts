import { getFlowFacts } from '../analysis/flow/file-facts.js';
import {
  describeModel,
  describeNames,
  describePlace,
  describeProtection,
  getLocation,
} from '../report/source-places.js';
import { findStalePatches } from '../analysis/flow-findings/stale-patches.js';
import { createTypedRule } from '../create-rule.js';
import { getRepair } from '../vocabulary/repairs.js';
import { isReported, tierOption } from '../options/tier-option.js';

export default createTypedRule({
  name: 'no-stale-patch',
  meta: {
    type: 'problem',
    description:
      'disallow updates whose patch is computed from an unlocked read of the same entity',
    messages: {
      stalePatch:
        'This patch is computed from {{fields}} of the {{model}} that was read at {{read}} {{protection}}: what another process wrote since is lost. Compute it from the locked {{model}}.',
      lostUpdate:
        'This is computed from {{fields}} of the {{model}} that was read at {{read}} {{protection}}: two requests both read it, both write, and what the first one wrote is lost. {{repair}}',
    },
    ...tierOption,
  },
  create(context, [options], { program, esTreeNodeToTSNodeMap }) {
    return {
      'Program:exit'(node) {
        const file = esTreeNodeToTSNodeMap.get(node);
        for (const patch of findStalePatches(getFlowFacts(program, file))) {
          const [read] = patch.reads;
          if (!read || !isReported(patch, options)) continue;
          const repair = getRepair(read.model);
          context.report({
            loc: getLocation(patch.node),
            messageId: repair ? 'lostUpdate' : 'stalePatch',
            data: {
              fields: describeNames(patch.reads.map(({ field }) => field)),
              model: describeModel(read.model),
              read: describePlace(program, file, read.site.node),
              protection: describeProtection(read.protectedBy !== null),
              repair: repair?.patch ?? '',
            },
          });
        }
      },
    };
  },
});
