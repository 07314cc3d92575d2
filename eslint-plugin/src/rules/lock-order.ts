import type { TSESLint } from '@typescript-eslint/utils';
import type ts from 'typescript';
import { getFlowFacts } from '../analysis/flow/file-facts.js';
import type { HeldLock } from '../analysis/flow/state.js';
import { findLockOrders, type LockOrderFinding } from '../analysis/flow-findings/lock-graph.js';
import { getLockManyRewrite } from './lock-order/lock-many-rewrite.js';
import { getProgramContext } from '../program/program-context.js';
import { describeModel, describePlace, getLocation } from '../report/source-places.js';
import { createTypedRule } from '../create-rule.js';

export default createTypedRule({
  name: 'lock-order',
  meta: {
    type: 'problem',
    description: 'disallow locks that are taken one by one in an order that can deadlock',
    hasSuggestions: true,
    messages: {
      loop: 'This loop locks one {{resource}} after the other, in the order that it is given: two transactions with other orders deadlock. Take all of them at once with `lockMany()`.',
      concurrent:
        'These locks are taken side by side, in no order that others keep: two transactions can deadlock. Take all of them at once with `lockMany()`.',
      sameModel:
        'A second {{resource}} is locked while the one of {{held}} is held: a transaction that has them the other way round deadlocks with this one. Take both at once with `lockMany()`.',
      opposite:
        'Here {{resource}} is locked after {{heldResource}} ({{held}}), and {{elsewhere}} has it the other way round: the two deadlock. Lock them in one order everywhere.',
      useLockMany: 'Take them with one `lockMany()`, which throws when one is missing.',
    },
    schema: [],
    defaultOptions: [],
  },
  create(context, _options, { program, esTreeNodeToTSNodeMap }) {
    return {
      'Program:exit'(node) {
        const file = esTreeNodeToTSNodeMap.get(node);
        for (const finding of findLockOrders(program, getFlowFacts(program, file))) {
          const { held, elsewhere } = finding;
          context.report({
            loc: getLocation(finding.node),
            messageId: finding.kind,
            data: {
              resource: describeResource(finding.lock),
              held: held ? describePlace(program, file, held.site.node) : '',
              heldResource: held ? describeResource(held) : '',
              elsewhere: elsewhere ? describePlace(program, file, elsewhere) : '',
            },
            suggest: suggestLockMany(program, finding),
          });
        }
      },
    };
  },
});

function describeResource({ name, model }: HeldLock): string {
  return name === null ? describeModel(model) : `the name '${name}'`;
}

function suggestLockMany(
  program: ts.Program,
  { kind, node }: LockOrderFinding,
): TSESLint.SuggestionReportDescriptor<'useLockMany'>[] {
  const rewrite =
    kind === 'concurrent' ? getLockManyRewrite(getProgramContext(program), node) : null;
  if (!rewrite) return [];
  const range: [number, number] = [node.getStart(), node.getEnd()];
  return [{ messageId: 'useLockMany', fix: (fixer) => fixer.replaceTextRange(range, rewrite) }];
}
