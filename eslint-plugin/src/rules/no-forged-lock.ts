import type { TSESTree } from '@typescript-eslint/utils';
import type ts from 'typescript';
import { getCalledName } from '../program/called-name.js';
import { containsLocked } from '../vocabulary/contained-state.js';
import { getEntityType } from '../vocabulary/entity-type.js';
import { getAssertedKind, isUncheckedPresence } from '../analysis/forged/assertions.js';
import { getDeclaredKind } from '../analysis/forged/declared-locks.js';
import { isUnfoundedInstance, isUnfoundedResult } from '../analysis/forged/generic-results.js';
import { findForeignRepository } from '../analysis/forged/foreign-repositories.js';
import { isForeignGuardCall, isOwnGuard } from '../analysis/forged/guards.js';
import { findNarrowedMember } from '../analysis/forged/narrowed-members.js';
import { isUnkeptOverload } from '../analysis/forged/overloads.js';
import { getSlotKind, isUnsafeSpread } from '../analysis/forged/slots.js';
import { findLockUse, findLockUseOnLine } from '../analysis/forged/suppressions.js';
import { isAny } from '../analysis/forged/type-facts.js';
import { hasAnyModel } from '../analysis/forged/unsafe-conversion.js';
import { findWriteInHelper, findWriteThroughAlias } from '../analysis/forged/wider-aliases.js';
import { getOperation } from '../vocabulary/operation.js';
import { getProgramContext } from '../program/program-context.js';
import { isRuntimeSource, usesRuntime } from '../program/runtime-package.js';
import { describeCode, describePlace } from '../report/source-places.js';
import { createTypedRule } from '../create-rule.js';

const SOURCE = 'only `repository.lock(ref)`, `lockMany` and `mutate` make one';

const messages = {
  asserted: `This assertion makes a \`Locked\` of \`{{code}}\`, which is none: ${SOURCE}. The write is refused at run time.`,
  present:
    '`{{code}}` is `null` when the row does not exist or is held: this says that it is there. Check it, and throw or return when it is not.',
  draft:
    'This assertion makes a draft of `{{code}}`, which is none: only `new Model(fields)` makes one. `save` refuses it at run time.',
  any: `\`{{code}}\` is \`any\`, and is taken for a \`Locked\` here: ${SOURCE}. The write is refused at run time.`,
  anyDraft:
    '`{{code}}` is `any`, and is taken for a draft here: only `new Model(fields)` makes one. `save` refuses it at run time.',
  self: '`{{code}}` is taken for a draft here, but this method can be called on a snapshot or a lock as well, which `save` refuses at run time. Let the method demand its state: `this: Transient<Model>` as its first parameter.',
  never: `\`{{code}}\` is \`never\`, which fits everywhere, and is taken for a \`Locked\` here: ${SOURCE}. The write is refused at run time.`,
  narrowed:
    '`{{code}}` demands a `Locked`, but can be called with something else here. Let what calls it demand the lock too.',
  widened:
    '`{{code}}` demands a `Locked`, and is handed on as something that demands none. Keep its type.',
  guard: `This type guard says that something is a \`Locked\`, which no code can find out: ${SOURCE}. Pass on the lock that you have.`,
  generic: `\`{{code}}\` returns a \`Locked\` only because its type argument says so: ${SOURCE}. The write is refused at run time.`,
  ambient: `This declares a \`Locked\` that nothing shows to be one: ${SOURCE}. Take it as a parameter.`,
  definite: `\`!\` says that this \`Locked\` is there, and nothing assigns it before it is read: ${SOURCE}. Take it as a parameter.`,
  unassigned:
    'Nothing assigns this variable, so it is `undefined` where a `Locked` is expected. Take the lock as a parameter.',
  merged: `Declaration merging gives this class a \`Locked\` that nothing makes: ${SOURCE}. Take it as a parameter.`,
  augmented:
    'This changes the types of `@justscale/runtime`, on which every lock rests. Write a type of your own instead.',
  overload:
    'This overload returns a `Locked` that its implementation does not return. Give the implementation the same result.',
  foreign:
    '`{{code}}` was not locked with this repository, but with `{{locker}}`: the write is refused at run time. Write with the repository that locked it.',
  aliased:
    '`{{code}}` takes anything under this type, and something is put into it at {{place}} that is taken for a `Locked` elsewhere. Keep its type.',
  untyped:
    'The type of `{{code}}` is `any`, so nothing checks that this `{{method}}` has its lock. Give it its type, `Repository<…>`.',
  anyModel:
    '`{{code}}` is a repository of `any`, which takes the lock of every model. Name its model.',
  suppressed:
    '`{{directive}}` hides what the compiler says of `{{code}}`, and with it the demand for a lock. Mend the error instead.',
};

type MessageId = keyof typeof messages;

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
    if (!usesRuntime(program)) return {};
    const cx = getProgramContext(program);
    const { sourceCode } = context;
    const file = esTreeNodeToTSNodeMap.get(sourceCode.ast);
    if (isRuntimeSource(program, file)) return {};
    const { ts, checker } = cx;

    function report(node: TSESTree.Node, messageId: MessageId, code: ts.Node): void {
      context.report({ node, messageId, data: { code: describeCode(code) } });
    }

    function checkSlot(node: TSESTree.Node | null | undefined): void {
      if (!node || isHarmless(node)) return;
      const expression = esTreeNodeToTSNodeMap.get(node);
      if (!ts.isExpression(expression)) return;
      if (ts.isSpreadElement(expression)) {
        if (isUnsafeSpread(cx, expression)) report(node, 'any', expression.expression);
        return;
      }
      const kind = getSlotKind(cx, expression);
      if (kind) report(node, kind, expression);
    }

    function checkAssertion(node: TSESTree.TSAsExpression | TSESTree.TSTypeAssertion): void {
      const assertion = esTreeNodeToTSNodeMap.get(node);
      const kind = getAssertedKind(cx, assertion);
      if (kind) report(node, kind, assertion.expression);
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
      if (isUnfoundedResult(cx, call, (type) => containsLocked(cx, type))) {
        report(node, 'generic', call);
      }
      if (isForeignGuardCall(cx, call)) report(node, 'guard', call);
      checkRepository(node, call);
      checkForeign(node, call);
      checkAliases(node, call);
    }

    function checkRepository(node: TSESTree.Node, call: ts.CallExpression): void {
      const called = getCalledName(cx, call);
      if (!called?.receiver || !WRITES.has(called.name)) return;
      const receiver = checker.getTypeAtLocation(called.receiver);
      if (getOperation(cx, call)) {
        if (hasAnyModel(cx, receiver)) report(node, 'anyModel', called.receiver);
        return;
      }
      const [entity] = call.arguments;
      if (!entity || !isAny(cx, receiver)) return;
      if (!getEntityType(cx, checker.getTypeAtLocation(entity))) return;
      const data = { code: describeCode(called.receiver), method: called.name };
      context.report({ node, messageId: 'untyped', data });
    }

    function checkForeign(node: TSESTree.CallExpression, call: ts.CallExpression): void {
      const locker = findForeignRepository(cx, call);
      const [entity] = call.arguments;
      if (!locker || !entity) return;
      const data = { code: describeCode(entity), locker: describeCode(locker) };
      context.report({ node, messageId: 'foreign', data });
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
    }

    function checkComments(): void {
      for (const comment of sourceCode.getAllComments()) {
        const directive = /^[\s*/]*@(ts-(?:ignore|expect-error|nocheck))\b/.exec(
          comment.value,
        )?.[1];
        if (directive === undefined) continue;
        const use =
          directive === 'ts-nocheck'
            ? findLockUse(cx, file, 0, file.end)
            : findLockUseOnLine(cx, file, nextCodeLine(comment));
        if (!use) continue;
        const data = { directive: `@${directive}`, code: describeCode(use) };
        context.report({ loc: comment.loc, messageId: 'suppressed', data });
      }
    }

    /** The line to which a comment applies, counted from 0: the next one with code. */
    function nextCodeLine(comment: TSESTree.Comment): number {
      const token = sourceCode.getTokenAfter(comment, { includeComments: false });
      return (token?.loc.start.line ?? comment.loc.end.line + 1) - 1;
    }

    return {
      Program: checkComments,
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
        const { id } = node;
        if (id.type !== 'Literal' || !/^@justscale\/runtime(?:$|\/)/.test(id.value)) return;
        report(node, 'augmented', esTreeNodeToTSNodeMap.get(node));
      },
      CallExpression: checkCall,
      NewExpression(node) {
        for (const argument of node.arguments) checkSlot(argument);
        const expression = esTreeNodeToTSNodeMap.get(node);
        if (ts.isNewExpression(expression) && isUnfoundedInstance(cx, expression)) {
          report(node, 'generic', expression);
        }
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
        if (node.declare || node.definite) checkDeclared(node);
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
        if (node.body.type !== 'BlockStatement') checkSlot(node.body);
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

const WRITES: ReadonlySet<string> = new Set(['update', 'save', 'delete']);

const HARMLESS: ReadonlySet<string> = new Set([
  'ArrayExpression',
  'BinaryExpression',
  'Literal',
  'ObjectExpression',
  'TemplateLiteral',
  'UnaryExpression',
  'UpdateExpression',
]);

/** An expression that has a type of its own which is no lock, or whose parts are checked by themselves: the cheap test before the types are asked. */
function isHarmless({ type }: TSESTree.Node): boolean {
  return HARMLESS.has(type);
}
