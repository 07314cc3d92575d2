import { findParallelQueries } from '../analysis/transactions/parallel-queries.js';
import { createTypedRule } from '../create-rule.js';
import { getProgramContext } from '../program/program-context.js';
import { getLocation } from '../report/source-places.js';

export default createTypedRule({
  name: 'no-parallel-transaction-queries',
  meta: {
    type: 'problem',
    description: 'disallow several queries at once on the client of one transaction',
    messages: {
      parallel:
        'These queries are all begun at once on `{{client}}`, which is one connection: they run one after the other anyway, and when one fails, the others still run after the transaction was rolled back, outside of it. Await them in turn.',
    },
    schema: [],
    defaultOptions: [],
  },
  create(context, _options, { program, esTreeNodeToTSNodeMap }) {
    return {
      'Program:exit'(node) {
        const file = esTreeNodeToTSNodeMap.get(node);
        for (const { node: call, client } of findParallelQueries(
          getProgramContext(program),
          file,
        )) {
          context.report({ loc: getLocation(call), messageId: 'parallel', data: { client } });
        }
      },
    };
  },
});
