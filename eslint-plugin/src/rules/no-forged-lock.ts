import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type ts from 'typescript';
import { getAssertedKind, isUncheckedPresence } from '../analysis/forged/assertions.js';
import { getDeclaredKind } from '../analysis/forged/declared-locks.js';
import { isAugmentation } from '../analysis/forged/augmentations.js';
import { isForeignGuardCall, isOwnGuard } from '../analysis/forged/guards.js';
import { findEmptiedMember, findNarrowedMember } from '../analysis/forged/narrowed-members.js';
import { isUnkeptOverload } from '../analysis/provenance/overloads.js';
import { isAny } from '../analysis/forged/type-facts.js';
import {
  findWriteInHelper,
  findWriteThroughAlias,
  findWriteThroughAssertion,
} from '../analysis/forged/wider-aliases.js';
import { containsLocked } from '../vocabulary/contained-state.js';
import { getOperation } from '../vocabulary/operation.js';
import { getProgramContext } from '../program/program-context.js';
import { isRuntimeSource, usesRuntime } from '../program/runtime-package.js';
import { createTypedRule } from '../create-rule.js';
import { findMissingOption, findShim, isFirstTime } from '../analysis/provenance/assumptions.js';
import { getTracer } from '../analysis/provenance/create-tracer.js';
import {
  findReceiverProblem,
  findSlotProblem,
  findUnknownDraft,
  isUnsafeSpread,
  type SlotProblem,
} from '../analysis/provenance/slots.js';
import { describeCode, describePlace, getLocation } from '../report/source-places.js';
import { isHarmless } from './no-forged-lock/harmless.js';
import { getMessageId } from './no-forged-lock/message-id.js';
import { messages, type MessageId } from './no-forged-lock/messages.js';
import { findRepositoryProblems } from './no-forged-lock/repository-problems.js';
import { getSuppressedUses } from './no-forged-lock/suppressed-uses.js';

export default createTypedRule({
  name: 'no-forged-lock',
  meta: {
    type: 'problem',
    description: 'disallow a `Locked` that the runtime did not hand out',
    messages,
    schema: [],
    defaultOptions: [],
  },
  create(context, _options, { program, esTreeNodeToTSNodeMap }) {
    const cx = getProgramContext(program);
    const { sourceCode } = context;
    const file = esTreeNodeToTSNodeMap.get(sourceCode.ast);
    if (isRuntimeSource(program, file)) return {};
    if (!usesRuntime(program)) return { Program: checkShim };
    const { ts, checker } = cx;
    const reported = new Set<ts.Node>();

    function report(node: TSESTree.Node, messageId: MessageId, code: ts.Node): void {
      context.report({ node, messageId, data: { code: describeCode(code) } });
    }

    function checkSlot(node: TSESTree.Node | null | undefined): void {
      if (!node || isHarmless(node)) return;
      let expression: ts.Node = esTreeNodeToTSNodeMap.get(node);
      if (!ts.isExpression(expression)) return;
      if (ts.isSpreadElement(expression)) {
        if (isUnsafeSpread(cx, expression)) report(node, 'any', expression.expression);
        else checkExpression(node, expression.expression);
        return;
      }
      // `/** @type {…} */ (value)` is an assertion, and ESLint's tree has no parentheses.
      while (ts.isParenthesizedExpression(expression.parent)) expression = expression.parent;
      checkExpression(node, expression as ts.Expression);
    }

    function checkExpression(node: TSESTree.Node, expression: ts.Expression): void {
      const problem = findSlotProblem(cx, expression);
      if (problem) reportProblem(node, problem);
    }

    /** The place whose origin is not known is named once, however often the value is used. */
    function reportProblem(node: TSESTree.Node, problem: SlotProblem): void {
      const isHere = problem.node.getSourceFile() === file;
      if (isHere && reported.has(problem.node)) return;
      reported.add(problem.node);
      const at = problem.place ? `, at ${describePlace(program, file, problem.place)}` : '';
      context.report({
        loc: isHere ? getLocation(problem.node) : node.loc,
        messageId: getMessageId(problem),
        data: { code: describeCode(problem.node), at },
      });
    }

    function checkSpreadInObject(node: TSESTree.SpreadElement): void {
      const spread = esTreeNodeToTSNodeMap.get(node);
      if (ts.isSpreadAssignment(spread) && isUnsafeSpread(cx, spread)) {
        report(node, 'any', spread.expression);
      }
    }

    function checkShim(node: TSESTree.Program): void {
      const found = findShim(cx, file);
      if (!found || !isFirstTime(program, 'shimmed')) return;
      const place = describePlace(program, file, found.shim.statements[0] ?? found.shim);
      const data = { code: describeCode(found.specifier), place };
      context.report({ node, loc: getLocation(found.specifier), messageId: 'shimmed', data });
    }

    function checkProgram(node: TSESTree.Program): void {
      checkComments();
      checkShim(node);
      const option = findMissingOption(program);
      if (option === null || !isFirstTime(program, 'loose')) return;
      const loc = { start: { line: 1, column: 0 }, end: { line: 1, column: 0 } };
      context.report({ node, loc, messageId: 'loose', data: { option } });
    }

    function checkAssertion(node: TSESTree.TSAsExpression | TSESTree.TSTypeAssertion): void {
      const assertion = esTreeNodeToTSNodeMap.get(node);
      const kind = getAssertedKind(cx, assertion);
      if (kind) report(node, kind, assertion.expression);
      else reportAlias(node, assertion, findWriteThroughAssertion(cx, assertion));
    }

    function checkDeclared(node: TSESTree.Node): void {
      const declaration = esTreeNodeToTSNodeMap.get(node);
      const kind = getDeclaredKind(cx, declaration);
      if (kind) report(node, kind, declaration);
    }

    function checkCall(node: TSESTree.CallExpression): void {
      for (const argument of node.arguments) checkSlot(argument);
      const call = esTreeNodeToTSNodeMap.get(node);
      if (!ts.isCallExpression(call)) return;
      const self = findReceiverProblem(cx, call);
      if (self) reportProblem(node.callee, self);
      if (isForeignGuardCall(cx, call)) report(node, 'guard', call);
      checkLiteralDraft(node, call);
      checkAliases(node, call);
      for (const { messageId, data, origin } of findRepositoryProblems(cx, call)) {
        if (origin && reported.has(origin)) continue;
        if (origin) reported.add(origin);
        context.report({ node, messageId, data });
      }
    }

    /** `save({ ...draft })`: what is in a literal is checked by itself, but a literal is no draft. */
    function checkLiteralDraft(node: TSESTree.CallExpression, call: ts.CallExpression): void {
      const [given] = call.arguments;
      const isLiteral =
        given && (ts.isObjectLiteralExpression(given) || ts.isArrayLiteralExpression(given));
      if (!isLiteral || !getOperation(cx, call)) return;
      const problem = findUnknownDraft(cx, given);
      if (problem) reportProblem(node, problem);
    }

    function checkAliases(node: TSESTree.CallExpression, call: ts.CallExpression): void {
      for (const [index, argument] of call.arguments.entries()) {
        reportAlias(node.arguments[index] ?? node, argument, findWriteInHelper(cx, call, index));
      }
    }

    function reportAlias(node: TSESTree.Node, alias: ts.Node, place: ts.Node | null): void {
      if (!place) return;
      const data = { code: describeCode(alias), place: describePlace(program, file, place) };
      context.report({ node, messageId: 'aliased', data });
    }

    function checkOverload(node: TSESTree.Node): void {
      const overload = esTreeNodeToTSNodeMap.get(node);
      if (isUnkeptOverload(cx, overload)) report(node, 'overload', overload);
    }

    function checkClass(node: TSESTree.ClassDeclaration | TSESTree.ClassExpression): void {
      if (!node.superClass && node.implements.length === 0) return;
      for (const member of node.body.body) checkMember(member);
    }

    function checkMember(node: TSESTree.Node): void {
      const narrowed = findNarrowedMember(cx, esTreeNodeToTSNodeMap.get(node));
      if (narrowed) report(node, 'narrowed', narrowed);
      const emptied = findEmptiedMember(cx, esTreeNodeToTSNodeMap.get(node));
      if (emptied) report(node, 'never', emptied);
    }

    /** `for (account of rows)`, where the variable has a type of its own. */
    function checkIterated(node: TSESTree.ForOfStatement): void {
      const loop = esTreeNodeToTSNodeMap.get(node);
      if (!ts.isForOfStatement(loop) || !ts.isExpression(loop.initializer)) return;
      const wanted = checker.getTypeAtLocation(loop.initializer);
      if (!containsLocked(cx, wanted)) return;
      const unknown = getTracer(cx, 'lock').trace(loop.expression, null);
      if (unknown) reportProblem(node.right, { ...unknown, kind: unknown.reason, isDraft: false });
      else if (isArrayOfAny(loop.expression)) report(node.right, 'any', loop.expression);
    }

    function isArrayOfAny(expression: ts.Expression): boolean {
      const type = checker.getTypeAtLocation(expression);
      const element = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
      return element !== undefined && isAny(cx, element);
    }

    function checkComments(): void {
      for (const { comment, directive, use } of getSuppressedUses(cx, file, sourceCode)) {
        const data = { directive, code: describeCode(use) };
        context.report({ loc: comment.loc, messageId: 'suppressed', data });
      }
    }

    return {
      Program: checkProgram,
      TSAsExpression: checkAssertion,
      TSTypeAssertion: checkAssertion,
      TSNonNullExpression(node) {
        const expression = esTreeNodeToTSNodeMap.get(node);
        if (ts.isNonNullExpression(expression) && isUncheckedPresence(cx, expression)) {
          report(node, 'present', expression.expression);
        }
      },
      TSTypePredicate(node) {
        const predicate = esTreeNodeToTSNodeMap.get(node);
        if (ts.isTypePredicateNode(predicate) && isOwnGuard(cx, predicate)) {
          report(node, 'guard', predicate);
        }
      },
      TSModuleDeclaration(node) {
        const declaration = esTreeNodeToTSNodeMap.get(node);
        if (isAugmentation(cx, declaration)) report(node, 'augmented', declaration);
      },
      CallExpression: checkCall,
      NewExpression(node) {
        for (const argument of node.arguments) checkSlot(argument);
      },
      TaggedTemplateExpression(node) {
        for (const value of node.quasi.expressions) checkSlot(value);
      },
      JSXExpressionContainer(node) {
        checkSlot(node.expression);
      },
      'ObjectExpression > SpreadElement': checkSpreadInObject,
      ForOfStatement(node) {
        if (node.left.type !== AST_NODE_TYPES.VariableDeclaration) checkIterated(node);
      },
      VariableDeclarator(node) {
        if (node.init && node.id.typeAnnotation) checkSlot(node.init);
        checkDeclared(node);
        const variable = esTreeNodeToTSNodeMap.get(node);
        if (!node.init || !ts.isVariableDeclaration(variable)) return;
        reportAlias(node, variable.name, findWriteThroughAlias(cx, variable));
      },
      TSDeclareFunction(node) {
        checkDeclared(node);
        checkOverload(node);
      },
      'MethodDefinition[value.type="TSEmptyBodyFunctionExpression"]': checkOverload,
      PropertyDefinition(node) {
        checkSlot(node.value);
        if (node.declare || node.definite || (node.static && !node.value)) checkDeclared(node);
      },
      TSInterfaceDeclaration: checkDeclared,
      TSPropertySignature: checkDeclared,
      TSMethodSignature: checkDeclared,
      'AssignmentExpression[operator!=/^(?:[-+*\\/%&|^]|<<|>>|>>>|\\*\\*)=$/]'(
        node: TSESTree.AssignmentExpression,
      ) {
        checkSlot(node.right);
      },
      AssignmentPattern(node) {
        checkSlot(node.right);
      },
      ReturnStatement(node) {
        checkSlot(node.argument);
      },
      ArrowFunctionExpression(node) {
        if (node.body.type !== AST_NODE_TYPES.BlockStatement) checkSlot(node.body);
      },
      YieldExpression(node) {
        checkSlot(node.argument);
      },
      'ObjectExpression > Property'(node: TSESTree.Property) {
        if (node.method) checkMember(node);
        else checkSlot(node.value);
      },
      ArrayExpression(node) {
        for (const element of node.elements) checkSlot(element);
      },
      ClassDeclaration: checkClass,
      ClassExpression: checkClass,
    };
  },
});
