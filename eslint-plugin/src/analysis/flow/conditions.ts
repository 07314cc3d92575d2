import type ts from 'typescript';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import type { Flow, Test } from './flow.js';
import type { HeldLock } from './state.js';
import { allReads, unionReads, type Read, type Value } from './value.js';

/** Evaluates a condition: what it is decided on, and which locks it proves not to be held. */
export function testCondition(flow: Flow, expression: ts.Expression): Test {
  const { ts } = flow.context;
  const { SyntaxKind } = ts;
  const node = unwrapExpression(flow.context, expression);
  if (ts.isPrefixUnaryExpression(node) && node.operator === SyntaxKind.ExclamationToken) {
    const inner = flow.test(node.operand);
    return {
      ...inner,
      absentWhenTrue: inner.absentWhenFalse,
      absentWhenFalse: inner.absentWhenTrue,
    };
  }
  if (ts.isBinaryExpression(node)) {
    switch (node.operatorToken.kind) {
      case SyntaxKind.AmpersandAmpersandToken:
        return testBoth(flow, node, true);
      case SyntaxKind.BarBarToken:
        return testBoth(flow, node, false);
      default:
        if (isComparison(ts, node.operatorToken.kind)) return testComparison(flow, node);
    }
  }
  const value = flow.evaluate(node);
  return { ...plainTest(node, decidedOn(value)), absentWhenFalse: locksOf(value) };
}

function plainTest(node: ts.Node, reads: readonly Read[]): Test {
  return { node, reads, absentWhenTrue: [], absentWhenFalse: [], isOrdering: false };
}

/** The data that a value decides on when it is asked whether it is something. */
export function decidedOn(value: Value): readonly Read[] {
  const reads = unionReads(value.reads, value.choices);
  return reads.some((read) => read.isExistence) ? reads.filter((read) => !read.isExistence) : reads;
}

function locksOf(value: Value): readonly HeldLock[] {
  return value.entity?.lock ? [value.entity.lock] : [];
}

/** `a && b`, `a || b`: the right side is only asked when the left one leaves it open. */
function testBoth(flow: Flow, node: ts.BinaryExpression, isAnd: boolean): Test {
  const left = flow.test(node.left);
  let right: Test = plainTest(node.right, []);
  const taken = flow.fork(() => {
    flow.assume(left, isAnd);
    right = flow.test(node.right);
  });
  const skipped = flow.fork(() => {
    flow.assume(left, !isAnd);
  });
  if (isAnd) flow.join(left, taken, skipped);
  else flow.join(left, skipped, taken);
  return {
    node,
    reads: unionReads(left.reads, right.reads),
    absentWhenTrue: isAnd ? [...left.absentWhenTrue, ...right.absentWhenTrue] : [],
    absentWhenFalse: isAnd ? [] : [...left.absentWhenFalse, ...right.absentWhenFalse],
    isOrdering: left.isOrdering || right.isOrdering,
    isMagnitude: left.isMagnitude === true || right.isMagnitude === true,
  };
}

function isComparison({ SyntaxKind }: typeof ts, operator: ts.SyntaxKind): boolean {
  return (
    isEquality(SyntaxKind, operator) ||
    operator === SyntaxKind.LessThanToken ||
    operator === SyntaxKind.LessThanEqualsToken ||
    operator === SyntaxKind.GreaterThanToken ||
    operator === SyntaxKind.GreaterThanEqualsToken
  );
}

function isEquality(kind: typeof ts.SyntaxKind, operator: ts.SyntaxKind): boolean {
  return isPositiveEquality(kind, operator) || isNegativeEquality(kind, operator);
}

function isPositiveEquality(kind: typeof ts.SyntaxKind, operator: ts.SyntaxKind): boolean {
  return operator === kind.EqualsEqualsToken || operator === kind.EqualsEqualsEqualsToken;
}

function isNegativeEquality(kind: typeof ts.SyntaxKind, operator: ts.SyntaxKind): boolean {
  return operator === kind.ExclamationEqualsToken || operator === kind.ExclamationEqualsEqualsToken;
}

function testComparison(flow: Flow, node: ts.BinaryExpression): Test {
  const { SyntaxKind } = flow.context.ts;
  const operator = node.operatorToken.kind;
  const left = flow.evaluate(node.left);
  const right = flow.evaluate(node.right);
  if (isEquality(SyntaxKind, operator)) {
    const isPositive = isPositiveEquality(SyntaxKind, operator);
    if (isNullish(flow, node.right)) return testNullish(node, left, isPositive);
    if (isNullish(flow, node.left)) return testNullish(node, right, isPositive);
  }
  const isWithZero = isZero(flow, node.left) || isZero(flow, node.right);
  const reads = isWithZero
    ? unionReads(decidedOn(left), decidedOn(right))
    : unionReads(allReads(left), allReads(right));
  const test = plainTest(node, reads);
  if (isEquality(SyntaxKind, operator)) return test;
  return {
    ...test,
    isMagnitude: true,
    isOrdering: reads.length === 0 && isOrdering(flow, node, left, right),
  };
}

/** `value === null`: where some `return` or branch chose the `null`, this asks what that was decided on. */
function testNullish(node: ts.Node, value: Value, isPositive: boolean): Test {
  const test = plainTest(node, value.choices.length > 0 ? value.choices : decidedOn(value));
  const absent = locksOf(value);
  return isPositive ? { ...test, absentWhenTrue: absent } : { ...test, absentWhenFalse: absent };
}

/** Compares two ids, or asks `localeCompare`. */
function isOrdering(flow: Flow, node: ts.BinaryExpression, left: Value, right: Value): boolean {
  const { ts } = flow.context;
  const call = unwrapExpression(flow.context, node.left);
  if (ts.isCallExpression(call) && ts.isPropertyAccessExpression(call.expression)) {
    return call.expression.name.text === 'localeCompare';
  }
  return left.identity !== null && right.identity !== null;
}

function isZero(flow: Flow, expression: ts.Expression): boolean {
  const node = unwrapExpression(flow.context, expression);
  return flow.context.ts.isNumericLiteral(node) && (node.text === '0' || node.text === '1');
}

function isNullish(flow: Flow, expression: ts.Expression): boolean {
  const { ts } = flow.context;
  const node = unwrapExpression(flow.context, expression);
  if (node.kind === ts.SyntaxKind.NullKeyword) return true;
  return ts.isIdentifier(node) && node.text === 'undefined';
}
