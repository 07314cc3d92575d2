import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type ts from 'typescript';
import { containsLocked } from '../vocabulary/contained-state.js';
import { getEntityType } from '../vocabulary/entity-type.js';
import { getCrossings } from '../analysis/locks/boundaries.js';
import { findInnerLock } from '../analysis/locks/inner-locks.js';
import { callsProgram, findUseInCallee, type Use } from '../analysis/locks/parameter-use.js';
import { getProgramContext } from '../program/program-context.js';
import { isRuntimeSource, usesRuntime } from '../program/runtime-package.js';
import { describeCode, describeModel, describePlace } from '../report/source-places.js';
import { createTypedRule } from '../create-rule.js';

type MessageId = 'json' | 'encoder' | 'message' | 'inHelper' | 'sendRef';

export default createTypedRule({
  name: 'no-lock-across-boundary',
  meta: {
    type: 'problem',
    description: 'disallow a `Locked` in JSON, in the encoder and in messages',
    hasSuggestions: true,
    messages: {
      json: 'The locked {{model}} `{{lock}}` goes into JSON: it throws at run time, as a lock means nothing outside of its transaction. Put `{{model}}.ref({{lock}})` or the fields into it.',
      encoder:
        'The locked {{model}} `{{lock}}` goes into `encode`: it throws at run time, as a lock means nothing in another process. Send `{{model}}.ref({{lock}})`, and lock it again there.',
      message:
        'The locked {{model}} `{{lock}}` is handed to `{{target}}`: whoever receives it has no lock, and old data. Send `{{model}}.ref({{lock}})`, and lock it again there.',
      inHelper:
        'This call sends the locked {{model}} `{{lock}}` away at {{place}}: a lock means nothing outside of its transaction. Pass `{{model}}.ref({{lock}})`.',
      sendRef: 'Send the identity: `{{ref}}`.',
    },
    schema: [],
    defaultOptions: [],
  },
  create(context, _options, { program, esTreeNodeToTSNodeMap, tsNodeToESTreeNodeMap }) {
    if (!usesRuntime(program)) return {};
    const cx = getProgramContext(program);
    const file = esTreeNodeToTSNodeMap.get(context.sourceCode.ast);
    if (isRuntimeSource(program, file)) return {};
    const { ts, checker } = cx;

    const sending: Use = {
      reach: 'literals',
      operands: (node) => getCrossings(cx, node).map(({ operand }) => operand),
    };

    function describe(lock: ts.Expression) {
      const type = getEntityType(cx, checker.getTypeAtLocation(lock));
      return { model: describeModel(type?.model ?? null), lock: describeCode(lock) };
    }

    function check(node: TSESTree.CallExpression | TSESTree.AssignmentExpression): void {
      const tsNode = esTreeNodeToTSNodeMap.get(node);
      for (const { kind, operand } of getCrossings(cx, tsNode)) {
        const lock = findInnerLock(cx, operand);
        if (!lock) continue;
        context.report({
          node: tsNodeToESTreeNodeMap.get(operand) ?? node,
          messageId: kind,
          data: { ...describe(lock), target: describeTarget(tsNode) },
          suggest: suggestRef(lock),
        });
      }
      if (ts.isCallExpression(tsNode)) checkHelper(node, tsNode);
    }

    function checkHelper(node: TSESTree.Node, call: ts.CallExpression): void {
      if (!callsProgram(cx, call)) return;
      for (const [index, argument] of call.arguments.entries()) {
        const lock = findInnerLock(cx, argument);
        if (!lock || isSeenInCallee(call, index)) continue;
        const place = findUseInCallee(cx, call, index, sending);
        if (!place) continue;
        context.report({
          node,
          messageId: 'inHelper',
          data: { ...describe(lock), place: describePlace(program, file, place) },
          suggest: suggestRef(lock),
        });
      }
    }

    /** Where a parameter shows the lock itself, the helper is reported, not who calls it. */
    function isSeenInCallee(call: ts.CallExpression, index: number): boolean {
      const parameter = checker.getResolvedSignature(call)?.declaration?.parameters[index];
      if (!parameter || ts.isJSDocParameterTag(parameter)) return false;
      return containsLocked(cx, checker.getTypeAtLocation(parameter));
    }

    function describeTarget(node: ts.Node): string {
      return describeCode(ts.isBinaryExpression(node) ? node.left : node);
    }

    /** `Model.ref(lock)` in the place of a lock that is surely there, where the model's class is at hand. */
    function suggestRef(lock: ts.Expression): TSESLint.SuggestionReportDescriptor<MessageId>[] {
      const type = checker.getTypeAtLocation(lock);
      const model = getEntityType(cx, type);
      if (!model?.model || model.isCollection || type.isUnion()) return [];
      const node = tsNodeToESTreeNodeMap.get(lock);
      const { name } = model.model;
      if (!node || lock.getSourceFile() !== file || !isValueInScope(node, name)) return [];
      const ref = `${name}.ref(${context.sourceCode.getText(node)})`;
      const isShorthand = ts.isShorthandPropertyAssignment(lock.parent);
      const text = isShorthand ? `${context.sourceCode.getText(node)}: ${ref}` : ref;
      return [
        { messageId: 'sendRef', data: { ref }, fix: (fixer) => fixer.replaceText(node, text) },
      ];
    }

    function isValueInScope(node: TSESTree.Node, name: string): boolean {
      let scope: TSESLint.Scope.Scope | null = context.sourceCode.getScope(node);
      while (scope) {
        const variable = scope.set.get(name);
        if (variable) return variable.isValueVariable && !variable.defs.some(isTypeOnly);
        scope = scope.upper;
      }
      return false;
    }

    return {
      CallExpression: check,
      'AssignmentExpression[left.type="MemberExpression"]': check,
    };
  },
});

function isTypeOnly({ node, parent }: TSESLint.Scope.Definition): boolean {
  return (
    ('importKind' in node && node.importKind === 'type') ||
    (parent !== null &&
      parent !== undefined &&
      'importKind' in parent &&
      parent.importKind === 'type')
  );
}
