import type ts from 'typescript';
import {
  getArgument,
  getCalledName,
  isDeclaredOutside,
  isNamespaceCall,
  type CalledName,
} from '../../program/called-name.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';

export type CopyKind = 'spread' | 'rest' | 'assigned' | 'cloned' | 'inherited' | 'proxied';

/** Something of which an expression or a pattern makes another object with the same data. */
export interface Copy {
  readonly kind: CopyKind;
  /** What is copied: an expression, or the parameter that a rest pattern takes apart. */
  readonly operand: ts.Expression | ts.ParameterDeclaration;
}

/** What a node copies; it says nothing of the types. */
export function getCopies(
  context: ProgramContext,
  node: ts.Node,
  cloneFunctions: ReadonlySet<string>,
): readonly Copy[] {
  const { ts } = context;
  if (ts.isSpreadAssignment(node) || ts.isJsxSpreadAttribute(node)) {
    return [{ kind: 'spread', operand: node.expression }];
  }
  if (ts.isVariableDeclaration(node) || ts.isParameter(node)) return getRestOf(context, node);
  if (ts.isBinaryExpression(node)) return getRestOfAssignment(context, node);
  if (ts.isNewExpression(node)) {
    const operand = getCalledName(context, node)?.name === 'Proxy' && getArgument(context, node, 0);
    return operand ? [{ kind: 'proxied', operand }] : [];
  }
  if (ts.isPropertyAssignment(node)) return getPrototype(context, node);
  return ts.isCallExpression(node) ? getCopiesOfCall(context, node, cloneFunctions) : [];
}

function getRestOf(
  { ts }: ProgramContext,
  node: ts.VariableDeclaration | ts.ParameterDeclaration,
): readonly Copy[] {
  if (!ts.isObjectBindingPattern(node.name)) return [];
  if (!node.name.elements.some((element) => element.dotDotDotToken)) return [];
  const operand = ts.isParameter(node) ? node : node.initializer;
  return operand ? [{ kind: 'rest', operand }] : [];
}

function getRestOfAssignment(context: ProgramContext, node: ts.BinaryExpression): readonly Copy[] {
  const { ts } = context;
  if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return [];
  const target = unwrapExpression(context, node.left);
  if (!ts.isObjectLiteralExpression(target)) return [];
  return target.properties.some(ts.isSpreadAssignment)
    ? [{ kind: 'rest', operand: node.right }]
    : [];
}

/** `{ __proto__: account }` */
function getPrototype({ ts }: ProgramContext, node: ts.PropertyAssignment): readonly Copy[] {
  const isPrototype =
    (ts.isIdentifier(node.name) || ts.isStringLiteral(node.name)) && node.name.text === '__proto__';
  return isPrototype ? [{ kind: 'inherited', operand: node.initializer }] : [];
}

function getCopiesOfCall(
  context: ProgramContext,
  node: ts.CallExpression,
  cloneFunctions: ReadonlySet<string>,
): readonly Copy[] {
  const called = getCalledName(context, node);
  if (!called) return [];
  if (isNamespaceCall(context, called, 'Object')) return getCopiesOfObject(context, node, called);
  const isClone =
    called.name === 'structuredClone' ||
    (cloneFunctions.has(called.name) && isDeclaredOutside(context, called.node));
  return isClone ? withKind('cloned', [getArgument(context, node, 0)]) : [];
}

function getCopiesOfObject(
  context: ProgramContext,
  node: ts.CallExpression,
  { name }: CalledName,
): readonly Copy[] {
  switch (name) {
    case 'assign':
      return withKind('assigned', node.arguments.slice(1));
    case 'create':
      return withKind('inherited', [getArgument(context, node, 0)]);
    case 'setPrototypeOf':
      return withKind('inherited', [getArgument(context, node, 1)]);
    case 'getOwnPropertyDescriptors':
      return withKind('cloned', [getArgument(context, node, 0)]);
    case 'fromEntries':
      return withKind('cloned', getEntries(context, getArgument(context, node, 0)));
    default:
      return [];
  }
}

function withKind(kind: CopyKind, operands: readonly (ts.Expression | null)[]): readonly Copy[] {
  return operands.flatMap((operand) => (operand ? [{ kind, operand }] : []));
}

/** What the entries come from, in `Object.entries(account)` and in what is made of it. */
function getEntries(
  context: ProgramContext,
  node: ts.Expression | null,
): readonly (ts.Expression | null)[] {
  const { ts } = context;
  if (!node) return [];
  const inner = unwrapExpression(context, node);
  if (!ts.isCallExpression(inner)) return [];
  const called = getCalledName(context, inner);
  if (!called?.receiver) return [];
  if (called.name === 'entries' && isNamespaceCall(context, called, 'Object')) {
    return [getArgument(context, inner, 0)];
  }
  return getEntries(context, called.receiver);
}
