import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type ts from 'typescript';
import { containsLocked, isLocked, isStored } from '../vocabulary/contained-state.js';
import { getEntityType } from '../vocabulary/entity-type.js';
import { getCopies, type Copy, type CopyKind } from '../analysis/locks/copies.js';
import {
  callsProgram,
  findUseInCallee,
  findWriteIntoThis,
  type Use,
} from '../analysis/locks/parameter-use.js';
import { getWritesInto, type WriteInto } from '../analysis/locks/writes-into.js';
import { getProgramContext } from '../program/program-context.js';
import { isRuntimeSource, usesRuntime } from '../program/runtime-package.js';
import { describeCode, describeModel, describePlace } from '../report/source-places.js';
import { unwrapExpression } from '../program/unwrap-expression.js';
import { isLockedValue, isPartOfStored, isStoredValue } from '../analysis/locks/value-origin.js';
import { createTypedRule } from '../create-rule.js';

export interface Options {
  readonly cloneFunctions: readonly string[];
}

const CLONE_FUNCTIONS = ['clone', 'cloneDeep', 'copy', 'deepClone', 'deepCopy', 'klona', 'rfdc'];

export default createTypedRule({
  name: 'no-copied-lock',
  meta: {
    type: 'problem',
    description: 'disallow copies of a `Locked` and writes into it',
    messages: {
      spread:
        'This spread copies the locked {{model}} `{{lock}}`: the copy is no lock and goes stale with the next update. Name the fields that you need, or pass the lock itself.',
      rest: 'This rest pattern copies the locked {{model}} `{{lock}}`: the copy is no lock and goes stale with the next update. Name the fields that you need.',
      assigned:
        '`Object.assign` copies the locked {{model}} `{{lock}}`: the copy is no lock and goes stale with the next update. Name the fields that you need.',
      cloned:
        'This clones the locked {{model}} `{{lock}}`: the clone is no lock, and a write with it is refused. Pass the lock itself.',
      inherited:
        'An object whose prototype is the locked {{model}} `{{lock}}` is no lock, and a write with it is refused. Pass the lock itself.',
      proxied:
        'A proxy of the locked {{model}} `{{lock}}` is no lock, and a write with it is refused. Pass the lock itself.',
      copiedInHelper:
        'This call copies the locked {{model}} `{{lock}}` at {{place}}: the copy is no lock. Pass the fields that it needs.',
      written:
        'This writes into the {{state}} {{model}} `{{lock}}`: nothing is stored, and it throws at run time. Use `repository.update(…)`.',
      writtenInHelper:
        'This call writes into the {{state}} {{model}} `{{lock}}` at {{place}}: nothing is stored, and it throws at run time. Return a patch instead, and pass it to `repository.update(…)`.',
    },
    schema: [
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          cloneFunctions: {
            type: 'array',
            items: { type: 'string' },
            uniqueItems: true,
            description:
              'Names of functions and methods of packages that copy their first argument.',
          },
        },
      },
    ],
    defaultOptions: [{ cloneFunctions: CLONE_FUNCTIONS }],
  },
  create(context, [options], { program, esTreeNodeToTSNodeMap }) {
    if (!usesRuntime(program)) return {};
    const cx = getProgramContext(program);
    const file = esTreeNodeToTSNodeMap.get(context.sourceCode.ast);
    if (isRuntimeSource(program, file)) return {};
    const { ts, checker } = cx;
    const cloneFunctions = new Set(options.cloneFunctions);

    const copying: Use = {
      reach: 'literals',
      operands: (node) => getCopies(cx, node, cloneFunctions).map(({ operand }) => operand),
    };
    const writing: Use = {
      reach: 'parts',
      operands: (node) =>
        getWritesInto(cx, node)
          .filter(isBelow)
          .map(({ operand }) => operand),
    };
    const writingIntoPart: Use = {
      reach: 'parts',
      operands: (node) => getWritesInto(cx, node).map(({ operand }) => operand),
    };

    /** A method of the entity itself is its model's; the methods of containers are on its fields. */
    function isBelow({ operand, isByMethod }: WriteInto): boolean {
      const inner = unwrapExpression(cx, operand);
      return (
        !isByMethod || ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)
      );
    }

    function describe(node: ts.Node) {
      const type = getEntityType(cx, checker.getTypeAtLocation(node));
      const name = ts.isParameter(node) ? node.name : node;
      return {
        model: describeModel(type?.model ?? null),
        lock: describeCode(name),
        state: type?.state === 'persistent' ? 'frozen' : 'locked',
      };
    }

    function isCopiedLock({ kind, operand }: Copy): boolean {
      if (ts.isParameter(operand)) return isLocked(cx, checker.getTypeAtLocation(operand));
      if (isLockedValue(cx, operand)) return true;
      return isDeep(kind) && containsLocked(cx, checker.getTypeAtLocation(operand));
    }

    function checkCopies(node: TSESTree.Node): void {
      for (const copy of getCopies(cx, esTreeNodeToTSNodeMap.get(node), cloneFunctions)) {
        if (!isCopiedLock(copy)) continue;
        context.report({ node, messageId: copy.kind, data: describe(copy.operand) });
      }
    }

    function checkWrites(node: TSESTree.Node): void {
      for (const { operand, isByMethod } of getWritesInto(cx, esTreeNodeToTSNodeMap.get(node))) {
        const isWritten =
          isPartOfStored(cx, operand) || (!isByMethod && isStoredValue(cx, operand));
        if (!isWritten) continue;
        context.report({ node, messageId: 'written', data: describe(getEntity(operand)) });
      }
    }

    /** The entity of which an expression is a part. */
    function getEntity(operand: ts.Expression): ts.Expression {
      let inner = unwrapExpression(cx, operand);
      while (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)) {
        if (isStored(cx, checker.getTypeAtLocation(inner))) return inner;
        inner = unwrapExpression(cx, inner.expression);
      }
      return inner;
    }

    function checkHelpers(node: TSESTree.CallExpression): void {
      const call = esTreeNodeToTSNodeMap.get(node);
      if (!ts.isCallExpression(call) || !callsProgram(cx, call)) return;
      for (const [index, argument] of call.arguments.entries()) {
        if (isSeenInCallee(call, index)) continue;
        const isWhole = isStoredValue(cx, argument);
        if (!isWhole && !isPartOfStored(cx, argument)) continue;
        if (isWhole && isLockedValue(cx, argument)) {
          reportHelper(node, argument, 'copiedInHelper', findUseInCallee(cx, call, index, copying));
        }
        const use = isWhole ? writing : writingIntoPart;
        reportHelper(node, argument, 'writtenInHelper', findUseInCallee(cx, call, index, use));
      }
      checkOwnMethod(node, call);
    }

    /** Where a parameter is itself declared as an entity, the helper is reported, not who calls it. */
    function isSeenInCallee(call: ts.CallExpression, index: number): boolean {
      const parameter = checker.getResolvedSignature(call)?.declaration?.parameters[index];
      if (!parameter || ts.isJSDocParameterTag(parameter)) return false;
      return isStored(cx, checker.getTypeAtLocation(parameter));
    }

    function checkOwnMethod(node: TSESTree.CallExpression, call: ts.CallExpression): void {
      if (!ts.isPropertyAccessExpression(call.expression)) return;
      const { expression: receiver } = call.expression;
      if (!isStored(cx, checker.getTypeAtLocation(receiver))) return;
      const place = findWriteIntoThis(cx, call, writing.operands);
      reportHelper(node, receiver, 'writtenInHelper', place);
    }

    function reportHelper(
      node: TSESTree.Node,
      argument: ts.Expression,
      messageId: 'copiedInHelper' | 'writtenInHelper',
      place: ts.Node | null,
    ): void {
      if (!place) return;
      const data = { ...describe(getEntity(argument)), place: describePlace(program, file, place) };
      context.report({ node, messageId, data });
    }

    return {
      SpreadElement(node) {
        if (node.parent.type === AST_NODE_TYPES.ObjectExpression) checkCopies(node);
      },
      JSXSpreadAttribute: checkCopies,
      'Property[key.name="__proto__"], Property[key.value="__proto__"]': checkCopies,
      'ObjectPattern > RestElement'(node: TSESTree.RestElement) {
        checkRest(node);
      },
      NewExpression: checkCopies,
      AssignmentExpression: checkWrites,
      UpdateExpression: checkWrites,
      'UnaryExpression[operator="delete"]': checkWrites,
      CallExpression(node) {
        checkCopies(node);
        checkWrites(node);
        checkHelpers(node);
      },
    };

    function checkRest(node: TSESTree.RestElement): void {
      const pattern = esTreeNodeToTSNodeMap.get(node.parent as TSESTree.ObjectPattern);
      const source = getPatternSource(pattern);
      const isCopied = source
        ? isCopiedLock({ kind: 'rest', operand: source })
        : isLocked(cx, checker.getTypeAtLocation(pattern));
      if (isCopied) context.report({ node, messageId: 'rest', data: describe(source ?? pattern) });
    }

    function getPatternSource(pattern: ts.Node): Copy['operand'] | null {
      const owner = pattern.parent;
      if (ts.isVariableDeclaration(owner)) return owner.initializer ?? null;
      if (ts.isParameter(owner)) return owner;
      return ts.isBinaryExpression(owner) ? owner.right : null;
    }
  },
});

/** Whether a copy takes along everything that is inside. */
function isDeep(kind: CopyKind): boolean {
  return kind === 'cloned';
}
