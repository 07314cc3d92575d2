import type { TSESTree } from '@typescript-eslint/utils';
import type ts from 'typescript';
import { getEntityType } from '../vocabulary/entity-type.js';
import { getEscapes } from '../analysis/locks/escapes.js';
import { findKeepingDecorator } from '../analysis/locks/keeping-decorators.js';
import { getProgramContext } from '../program/program-context.js';
import { isRuntimeSource, usesRuntime } from '../program/runtime-package.js';
import { describeCode, describeModel, describePlace } from '../report/source-places.js';
import { createTypedRule } from '../create-rule.js';

const LOCK = 'The locked {{model}} `{{lock}}`';
const MEND = 'Keep {{ref}}, and lock it again where it is needed.';

export default createTypedRule({
  name: 'no-escaped-lock',
  meta: {
    type: 'problem',
    description: 'disallow a `Locked` that outlives its transaction',
    messages: {
      returned: `${LOCK} is returned from its transaction, and released by then. Return what \`update\` returned, or the fields that are needed.`,
      variable: `${LOCK} is put into \`{{target}}\`, which outlives its transaction: it is released by then. ${MEND}`,
      field: `${LOCK} is put into the field \`{{target}}\`, which outlives its transaction: it is released by then. ${MEND}`,
      property: `${LOCK} is put into \`{{target}}\`, which outlives its transaction: it is released by then. ${MEND}`,
      container: `${LOCK} is put into \`{{target}}\`, which outlives its transaction: it is released by then. ${MEND}`,
      timer: `${LOCK} is handed to \`{{target}}\`: when that runs, the transaction is over and the lock released. ${MEND}`,
      listener: `${LOCK} is handed to \`{{target}}\`: when that hears something, the transaction is over and the lock released. ${MEND}`,
      left: `${LOCK} is used by a function that nobody waits for: the transaction ends without it, and the lock is released. Await it.`,
      context: `${LOCK} is handed to \`{{target}}\`, and nobody waits for what that starts: it can go on when the transaction is over. Await it.`,
      deleted: `{{model}} \`{{lock}}\` was deleted before, and its lock can write no more. Write first, or not at all.`,
      resolved: `${LOCK} resolves a promise that is awaited outside of its transaction: it is released by then. Resolve it with what is needed, such as {{ref}}.`,
      yielded: `${LOCK} is yielded: who iterates decides when it goes on, and may do so when the transaction is over. Yield {{ref}}, or take a callback.`,
      thrown: `${LOCK} is thrown out of its transaction, which rolls back and releases it. Throw its id or the fields that are needed.`,
      decorator:
        '`@{{target}}` keeps what this method returns, and that has a lock in it: the next call gets it when its transaction is over. Take the decorator away, or keep the ref.',
      helper: `${LOCK} is kept for later by this call, at {{target}}: the transaction is over by then. ${MEND}`,
    },
    schema: [],
    defaultOptions: [],
  },
  create(context, _options, { program, esTreeNodeToTSNodeMap }) {
    if (!usesRuntime(program)) return {};
    const cx = getProgramContext(program);
    const file = esTreeNodeToTSNodeMap.get(context.sourceCode.ast);
    if (isRuntimeSource(program, file)) return {};

    function check(node: TSESTree.Node): void {
      for (const { kind, lock, target } of getEscapes(cx, esTreeNodeToTSNodeMap.get(node))) {
        context.report({
          node,
          messageId: kind,
          data: {
            ...describe(lock),
            target: kind === 'helper' ? describePlace(program, file, target) : describeCode(target),
          },
        });
      }
    }

    function checkDecorators(node: TSESTree.MethodDefinition): void {
      if (node.decorators.length === 0) return;
      const decorator = findKeepingDecorator(cx, esTreeNodeToTSNodeMap.get(node));
      if (!decorator) return;
      context.report({ node, messageId: 'decorator', data: { target: describeCode(decorator) } });
    }

    function describe(lock: ts.Node) {
      const type = getEntityType(cx, cx.checker.getTypeAtLocation(lock));
      const model = describeModel(type?.model ?? null);
      const code = describeCode(lock);
      // An expression is no advice: it would lock once more.
      const ref = /^[\w$.#]+$/.test(code) ? `\`${model}.ref(${code})\`` : 'its `Ref`';
      return { model, lock: code, ref };
    }

    return {
      ReturnStatement: check,
      'ArrowFunctionExpression[body.type!="BlockStatement"]': check,
      AssignmentExpression: check,
      CallExpression: check,
      YieldExpression: check,
      ThrowStatement: check,
      PropertyDefinition: check,
      AccessorProperty: check,
      NewExpression: check,
      MethodDefinition: checkDecorators,
      VariableDeclarator: check,
    };
  },
});
