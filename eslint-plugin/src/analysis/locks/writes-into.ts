import type ts from 'typescript';
import {
  getArgument,
  getCalledName,
  isNamespaceCall,
  type CalledName,
} from '../../program/called-name.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';

/** An object that a node writes into. */
export interface WriteInto {
  readonly operand: ts.Expression;
  /** It is changed by a method of its own, as an array by `push`: the entity itself has none of these. */
  readonly isByMethod: boolean;
}

const OBJECT_WRITES: ReadonlySet<string> = new Set([
  'assign',
  'defineProperty',
  'defineProperties',
  'setPrototypeOf',
]);
const REFLECT_WRITES: ReadonlySet<string> = new Set([
  'set',
  'defineProperty',
  'deleteProperty',
  'setPrototypeOf',
]);
/** The methods of arrays, typed arrays, maps and sets that change them. */
const MUTATORS: ReadonlySet<string> = new Set([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
  'set',
  'add',
  'delete',
  'clear',
]);
const DATE_SETTER =
  /^set(?:UTC)?(?:Date|FullYear|Hours|Milliseconds|Minutes|Month|Seconds|Time|Year)$/;

/** What a node writes into: by assignment, `++`, `delete`, or through `Object`, `Reflect` and the methods of containers. */
export function getWritesInto(context: ProgramContext, node: ts.Node): readonly WriteInto[] {
  const { ts } = context;
  if (ts.isBinaryExpression(node)) {
    return isAssignment(context, node) ? getTargets(context, node.left) : [];
  }
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const { PlusPlusToken, MinusMinusToken } = ts.SyntaxKind;
    const isStep = node.operator === PlusPlusToken || node.operator === MinusMinusToken;
    return isStep ? getTargets(context, node.operand) : [];
  }
  if (ts.isDeleteExpression(node)) return getTargets(context, node.expression);
  return ts.isCallExpression(node) ? getWritesOfCall(context, node) : [];
}

/** Whether an expression assigns: `=`, `+=`, `??=` and their like. */
export function isAssignment({ ts }: ProgramContext, node: ts.BinaryExpression): boolean {
  const { kind } = node.operatorToken;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** The objects whose properties an assignment's target names, in patterns too. */
function getTargets(context: ProgramContext, target: ts.Expression): readonly WriteInto[] {
  const { ts } = context;
  const inner = unwrapExpression(context, target);
  if (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)) {
    return [{ operand: inner.expression, isByMethod: false }];
  }
  if (ts.isArrayLiteralExpression(inner)) {
    return inner.elements.flatMap((element) => getTargets(context, element));
  }
  if (!ts.isObjectLiteralExpression(inner)) return [];
  return inner.properties.flatMap((property) => {
    if (ts.isPropertyAssignment(property)) return getTargets(context, property.initializer);
    return ts.isSpreadAssignment(property) ? getTargets(context, property.expression) : [];
  });
}

function getWritesOfCall(context: ProgramContext, node: ts.CallExpression): readonly WriteInto[] {
  const called = getCalledName(context, node);
  if (!called?.receiver) return [];
  const isByReflection =
    (OBJECT_WRITES.has(called.name) && isNamespaceCall(context, called, 'Object')) ||
    (REFLECT_WRITES.has(called.name) && isNamespaceCall(context, called, 'Reflect'));
  if (isByReflection) return toWrites(getArgument(context, node, 0), false);
  if (called.name === 'call' || called.name === 'apply') {
    return getBorrowedWrite(context, node, called);
  }
  const isMutator = MUTATORS.has(called.name) || DATE_SETTER.test(called.name);
  return isMutator ? toWrites(called.receiver, true) : [];
}

/** `Array.prototype.push.call(account.tags, …)`, `descriptor.set.call(account, …)` */
function getBorrowedWrite(
  context: ProgramContext,
  node: ts.CallExpression,
  { receiver }: CalledName,
): readonly WriteInto[] {
  const { ts } = context;
  const method = receiver && unwrapExpression(context, receiver);
  if (!method || !ts.isPropertyAccessExpression(method)) return [];
  return MUTATORS.has(method.name.text) ? toWrites(getArgument(context, node, 0), false) : [];
}

function toWrites(operand: ts.Expression | null, isByMethod: boolean): readonly WriteInto[] {
  return operand ? [{ operand, isByMethod }] : [];
}
