import { AST_NODE_TYPES, type TSESLint, type TSESTree } from '@typescript-eslint/utils';
import type ts from 'typescript';
import {
  CALLBACK_METHODS,
  findCallbackLoss,
  findLoss,
  type PromiseUse,
} from './no-floating-write/promise-use.js';
import { isThenable } from '../program/foreign-work.js';
import { getProgramContext, type ProgramContext } from '../program/program-context.js';
import { usesRuntime } from '../program/runtime-package.js';
import { describeCode, describePlace } from '../report/source-places.js';
import {
  getWriteOf,
  getGivenWrite,
  getWritingCall,
  isInTransaction,
  type WritingCall,
} from './no-floating-write/writing-calls.js';
import { TIMERS } from '../program/timers.js';
import { createTypedRule } from '../create-rule.js';

export interface Options {
  readonly allowHandled: boolean;
}

type MessageId = 'dropped' | 'handled' | 'raced' | 'array' | 'callback' | 'addAwait' | 'waitForAll';

export default createTypedRule({
  name: 'no-floating-write',
  meta: {
    type: 'problem',
    description: 'disallow locks, writes, emits and transactions that nobody awaits',
    hasSuggestions: true,
    messages: {
      dropped:
        'Nobody awaits {{write}}: {{consequence}}, and its error is lost. Await or return it.',
      handled:
        'The error of {{write}} is handled, but nobody awaits it: {{consequence}}. Await it.',
      raced:
        'When the race ends first, nobody awaits {{write}} any more: it goes on after the transaction. Give the transaction `timeoutMs` instead.',
      array:
        'These promises are never awaited: {{write}} is still under way. Use `await Promise.all(…)`.',
      callback:
        '`{{method}}` does not wait for its callback, so nobody awaits {{write}}. Use a `for` loop, or `Promise.all` with `map`.',
      addAwait: 'Await it.',
      waitForAll: 'Await all of them with `Promise.all`.',
    },
    schema: [
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          allowHandled: {
            type: 'boolean',
            description:
              'Whether a whole transaction, or an emit outside of one, may go unawaited when its rejection is handled with `catch`.',
          },
        },
      },
    ],
    defaultOptions: [{ allowHandled: true }],
    strictOptions: [{ allowHandled: false }],
  },
  create(context, [options], { program, esTreeNodeToTSNodeMap }) {
    if (!usesRuntime(program)) return {};
    const { sourceCode } = context;
    const cx = getProgramContext(program);

    /** Work that a caller may leave to itself, once its error goes somewhere. */
    const mayBeLeft = (node: TSESTree.CallExpression, write: WritingCall): boolean =>
      options.allowHandled &&
      !NEEDS_TRANSACTION.has(write.operation) &&
      !isInTransaction(cx, esTreeNodeToTSNodeMap.get(node));

    const report = (node: TSESTree.CallExpression, write: WritingCall, use: PromiseUse): void => {
      const isLeftOpenly = use.loss === 'handled' || isStartedByTimer(use);
      if (isLeftOpenly && mayBeLeft(node, write)) return;
      const tsNode = esTreeNodeToTSNodeMap.get(node);
      if (use.loss === 'raced' && !isInTransaction(cx, tsNode)) return;
      const place = describePlace(program, tsNode.getSourceFile(), write.call);
      const isOwn = write.isDirect;
      context.report({
        node,
        messageId: messageOf(use),
        data: {
          write: isOwn
            ? `\`${describeCode(write.call)}\``
            : `\`${describeCode(write.call)}\` (${place})`,
          method: methodName(node),
          consequence:
            NEEDS_TRANSACTION.has(write.operation) || isInTransaction(cx, tsNode)
              ? 'the transaction can end without it'
              : 'what comes next does not wait for it',
        },
        suggest: suggestions(sourceCode, use),
      });
    };

    return {
      CallExpression(node) {
        const callbackUse = findLossOfCallback(node);
        if (callbackUse) {
          const write = writeOfCallback(node);
          if (write) report(node, write, callbackUse);
          return;
        }
        const use = findLoss(node, sourceCode);
        if (!use) return;
        const call = esTreeNodeToTSNodeMap.get(node);
        const write = getWritingCall(cx, call) ?? getGivenWrite(cx, call);
        if (write) report(node, write, use);
      },
    };

    function findLossOfCallback(node: TSESTree.CallExpression): PromiseUse | null {
      if (node.arguments.length === 0) return null;
      if (Object.hasOwn(CALLBACK_METHODS, methodName(node))) {
        return findCallbackLoss(node, sourceCode);
      }
      const isTimer = TIMERS.has(methodName(node));
      return isTimer && isInTransaction(cx, esTreeNodeToTSNodeMap.get(node))
        ? { loss: 'callback', node }
        : null;
    }

    function writeOfCallback(node: TSESTree.CallExpression): WritingCall | null {
      const [argument] = node.arguments;
      if (!argument) return null;
      const callback = esTreeNodeToTSNodeMap.get(argument);
      // What a callback that gives back no promise does with its promises is seen where it makes them.
      const isLost = TIMERS.has(methodName(node)) || returnsPromise(cx, callback);
      return isLost ? getWriteOf(cx, callback) : null;
    }
  },
});

function returnsPromise(cx: ProgramContext, callback: ts.Node): boolean {
  return cx.checker
    .getTypeAtLocation(callback)
    .getCallSignatures()
    .some((signature) => isThenable(cx, signature.getReturnType()));
}

/** `setInterval(() => void tick(), 60_000)`: there is nobody to wait for it, and `void` says so. */
function isStartedByTimer({ loss, node }: PromiseUse): boolean {
  const { parent } = node;
  return (
    loss === 'void' &&
    parent?.type === AST_NODE_TYPES.ArrowFunctionExpression &&
    parent.body === node &&
    parent.parent.type === AST_NODE_TYPES.CallExpression &&
    TIMERS.has(methodName(parent.parent))
  );
}

/** Without a transaction that goes on, these mean nothing. */
const NEEDS_TRANSACTION: ReadonlySet<string> = new Set([
  'lock',
  'lockMany',
  'lockWhere',
  'lockName',
  'savepoint',
  'update',
  'delete',
]);

function methodName({ callee }: TSESTree.CallExpression): string {
  if (callee.type === AST_NODE_TYPES.Identifier) return callee.name;
  return callee.type === AST_NODE_TYPES.MemberExpression &&
    callee.property.type === AST_NODE_TYPES.Identifier
    ? callee.property.name
    : '';
}

function messageOf({ loss }: PromiseUse): Exclude<MessageId, 'addAwait' | 'waitForAll'> {
  return loss === 'void' || loss === 'variable' ? 'dropped' : loss;
}

function suggestions(
  sourceCode: Readonly<TSESLint.SourceCode>,
  { loss, node }: PromiseUse,
): TSESLint.SuggestionReportDescriptor<'addAwait' | 'waitForAll'>[] {
  if (!mayAwait(node)) return [];
  if (node.type === AST_NODE_TYPES.AwaitExpression) {
    const text = `Promise.all(${sourceCode.getText(node.argument)})`;
    return [{ messageId: 'waitForAll', fix: (fixer) => fixer.replaceText(node.argument, text) }];
  }
  if (loss === 'dropped' && node.parent?.type === AST_NODE_TYPES.ExpressionStatement) {
    return [{ messageId: 'addAwait', fix: (fixer) => fixer.insertTextBefore(node, 'await ') }];
  }
  if (loss === 'void' && node.type === AST_NODE_TYPES.UnaryExpression) {
    const text = `await ${sourceCode.getText(node.argument)}`;
    return [{ messageId: 'addAwait', fix: (fixer) => fixer.replaceText(node, text) }];
  }
  return [];
}

/** Whether `await` may stand where a node is: in an async function, or outside of any in a module. */
function mayAwait(node: TSESTree.Node): boolean {
  for (let { parent } = node; parent; parent = parent.parent) {
    if ('async' in parent && 'params' in parent) return parent.async;
    if (parent.type === AST_NODE_TYPES.Program) return parent.sourceType === 'module';
  }
  return false;
}
