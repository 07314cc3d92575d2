import { findOuterClients } from '../analysis/transactions/outer-clients.js';
import { createTypedRule } from '../create-rule.js';
import { getProgramContext } from '../program/program-context.js';
import { getLocation } from '../report/source-places.js';

export default createTypedRule({
  name: 'no-outer-client',
  meta: {
    type: 'problem',
    description: "disallow queries on the outer client inside a transaction's callback",
    messages: {
      outerClient:
        'This query is made on `{{outer}}`, not on `{{inner}}`: it is no part of the transaction, stays when that is rolled back, does not see what it wrote, and waits for a second connection of the pool while it holds the first. Make it on `{{inner}}`.',
    },
    schema: [],
    defaultOptions: [],
  },
  create(context, _options, { program, esTreeNodeToTSNodeMap }) {
    return {
      'Program:exit'(node) {
        const file = esTreeNodeToTSNodeMap.get(node);
        for (const query of findOuterClients(getProgramContext(program), file)) {
          const { outer, inner } = query;
          context.report({
            loc: getLocation(query.node),
            messageId: 'outerClient',
            data: { outer, inner },
          });
        }
      },
    };
  },
});
