import type ts from 'typescript';
import { hasBody } from '../../program/callee.js';
import { getReturned } from '../locks/returned-values.js';
import { isEmptyValue } from './empty-values.js';
import { enter, type Frame } from './frame.js';
import { isHonestAssertion } from './honest-assertions.js';
import { isThisOfOpenMethod } from './open-self.js';
import { firstUnknown, type Unknown } from './origin.js';
import { traceCall, traceReturns } from './trace-calls.js';
import { traceIdentifier } from './trace-names.js';
import { traceNew } from './trace-new.js';
import { traceAccess } from './trace-properties.js';
import type { Tracer } from './tracer.js';

/** Where the value of an expression comes from, whose type holds what is traced. */
export function traceExpression(
  tracer: Tracer,
  node: ts.Expression,
  frame: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const { ts } = context;
  const both = (...values: readonly ts.Expression[]): Unknown | null =>
    firstUnknown(values, (value) => tracer.trace(value, frame));

  if (ts.isParenthesizedExpression(node)) {
    return ts.getJSDocTypeTag(node)
      ? traceAssertion(tracer, node, node.expression, frame)
      : tracer.trace(node.expression, frame);
  }
  if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) {
    return ts.isConstTypeReference(node.type)
      ? tracer.trace(node.expression, frame)
      : traceAssertion(tracer, node, node.expression, frame);
  }
  if (
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAwaitExpression(node)
  ) {
    return tracer.trace(node.expression, frame);
  }
  if (ts.isIdentifier(node)) return traceIdentifier(tracer, node, frame);
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    return traceAccess(tracer, node, frame);
  }
  if (ts.isCallExpression(node)) return traceCall(tracer, node, frame);
  if (ts.isNewExpression(node)) return traceNew(tracer, node, frame);
  if (ts.isConditionalExpression(node)) return both(node.whenTrue, node.whenFalse);
  if (ts.isBinaryExpression(node)) return both(...getOperands(ts, node));
  if (ts.isYieldExpression(node)) return node.expression ? both(node.expression) : null;
  if (ts.isArrayLiteralExpression(node)) return both(...node.elements.map(withoutSpread));
  if (ts.isObjectLiteralExpression(node)) return traceObject(tracer, node, frame);
  if (hasBody(context, node)) return traceReturns(tracer, node, null, frame);
  if (tracer.subject === 'draft' && isThisOfOpenMethod(context, node)) {
    return { reason: 'self', node };
  }
  if (ts.isTaggedTemplateExpression(node)) return { reason: 'made', node };
  return null;

  function withoutSpread(element: ts.Expression): ts.Expression {
    return ts.isSpreadElement(element) ? element.expression : element;
  }
}

/** The operands of which one is the value of an operation. */
function getOperands(
  typescript: typeof ts,
  { left, right, operatorToken }: ts.BinaryExpression,
): readonly ts.Expression[] {
  const { QuestionQuestionToken, BarBarToken } = typescript.SyntaxKind;
  const isChoice = [QuestionQuestionToken, BarBarToken].some((kind) => kind === operatorToken.kind);
  return isChoice ? [left, right] : [right];
}

function traceAssertion(
  tracer: Tracer,
  node: ts.Expression,
  from: ts.Expression,
  frame: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const { ts, checker } = context;
  if (isHonestAssertion(tracer, node, from) || isEmptyValue(context, from)) {
    return tracer.trace(from, frame);
  }
  const isReportedItself =
    tracer.subject !== 'repository' &&
    !ts.isParenthesizedExpression(node) &&
    tracer.holds(checker.getTypeAtLocation(node), null);
  return isReportedItself ? null : { reason: 'asserted', node };
}

/** The members of a literal that hold what is traced. */
function traceObject(
  tracer: Tracer,
  node: ts.ObjectLiteralExpression,
  frame: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const { ts, checker } = context;
  if (tracer.is(checker.getTypeAtLocation(node))) return { reason: 'copied', node };
  return firstUnknown(node.properties, (property): Unknown | null => {
    if (ts.isSpreadAssignment(property)) return tracer.trace(property.expression, frame);
    if (ts.isShorthandPropertyAssignment(property)) return tracer.trace(property.name, frame);
    if (property.name && ts.isComputedPropertyName(property.name) && frame) {
      // In a generic, a key that is not known may be any of the object's.
      return isCompleteAlready(property.name) ? null : { reason: 'replaced', node: property };
    }
    if (ts.isPropertyAssignment(property)) return tracer.trace(property.initializer, frame);
    if (ts.isGetAccessor(property)) {
      return firstUnknown(getReturned(context, property), (value) =>
        tracer.trace(value, enter(property as never, null, frame)),
      );
    }
    return hasBody(context, property) ? traceReturns(tracer, property, null, frame) : null;
  });

  /** `[account.id]: account` in a record of a type of its own. */
  function isCompleteAlready(name: ts.ComputedPropertyName): boolean {
    return !node.properties.some(
      (property) =>
        ts.isSpreadAssignment(property) &&
        property.pos < name.pos &&
        (checker.getTypeAtLocation(property.expression).flags & ts.TypeFlags.TypeParameter) !== 0,
    );
  }
}
