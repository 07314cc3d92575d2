import type ts from 'typescript';
import { isWrittenConstant } from '../../program/constants.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import type { Flow, Test } from './flow.js';
import { getNumber } from './literals.js';
import type { HeldLock } from './state.js';
import { allReads, asking, EXISTENCE, unionReads, type Read, type Value } from './value.js';

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
  return unionReads(unionReads(value.reads, value.choices), existenceOf(value));
}

/** That a query found a row, or none. */
export function existenceOf({ entity }: Value): readonly Read[] {
  if (!entity || entity.state === 'ref' || entity.identity.query === undefined) return [];
  const { model, identity, site, lockedNames, state } = entity;
  // A lock of a row that is not there locks nothing.
  const protectedBy = state === 'locked' ? null : entity.protectedBy;
  return [
    { model, identity, field: EXISTENCE, site, protectedBy, lockedNames, asked: 'existence' },
  ];
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
    equates: isAnd ? [...(left.equates ?? []), ...(right.equates ?? [])] : [],
  };
}

/** Whether a binary expression compares. */
export function isComparison({ SyntaxKind }: typeof ts, operator: ts.SyntaxKind): boolean {
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
  const isOrder = !isEquality(SyntaxKind, operator) && isOrdering(flow, node, left, right);
  if (isExistenceTest(flow, node)) {
    const test = plainTest(node, unionReads(decidedOn(left), decidedOn(right)));
    return { ...test, isOrdering: isOrder && test.reads.length === 0 };
  }
  const reads = unionReads(allReads(left), allReads(right));
  if (isEquality(SyntaxKind, operator)) {
    const isWithGiven = isGiven(flow, node.left, left) || isGiven(flow, node.right, right);
    const test = plainTest(node, asking(reads, isWithGiven ? 'match' : 'equality'));
    const isKnown = left.identity && right.identity && isPositiveEquality(SyntaxKind, operator);
    return isKnown ? { ...test, equates: [[left.identity, right.identity]] } : test;
  }
  return {
    ...plainTest(node, asking(reads, isWithTime(flow, node) ? 'time' : 'amount')),
    isOrdering: reads.length === 0 && isOrder,
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

/** Whether a side of a comparison is neither written there nor read from a row: it comes from whoever asks. */
function isGiven(flow: Flow, side: ts.Expression, value: Value): boolean {
  const node = unwrapExpression(flow.context, side);
  if (isWrittenConstant(flow.context, node)) return false;
  if (value.entity || allReads(value).length > 0) return false;
  return value.identity !== null && !value.identity.key.startsWith('"');
}

/** Whether one side is the time of day. */
function isWithTime(flow: Flow, { left, right }: ts.BinaryExpression): boolean {
  return [left, right].some((side) => {
    const { symbol } = flow.context.checker.getTypeAtLocation(side);
    return symbol?.name === 'Date' || side.getText().includes('Date.now()');
  });
}

/** Whether a comparison with a number only asks if there is anything: `> 0`, `=== 0`, `>= 1`. */
function isExistenceTest(flow: Flow, node: ts.BinaryExpression): boolean {
  const { SyntaxKind } = flow.context.ts;
  const { kind } = node.operatorToken;
  const right = getNumber(flow, node.right);
  if ((right ?? getNumber(flow, node.left)) === '0') return true;
  const [atLeastOne, none] =
    right === null
      ? [SyntaxKind.LessThanEqualsToken, SyntaxKind.GreaterThanToken]
      : [SyntaxKind.GreaterThanEqualsToken, SyntaxKind.LessThanToken];
  return (right ?? getNumber(flow, node.left)) === '1' && (kind === atLeastOne || kind === none);
}

function isNullish(flow: Flow, expression: ts.Expression): boolean {
  const { ts } = flow.context;
  const node = unwrapExpression(flow.context, expression);
  if (node.kind === ts.SyntaxKind.NullKeyword) return true;
  return ts.isIdentifier(node) && node.text === 'undefined';
}
