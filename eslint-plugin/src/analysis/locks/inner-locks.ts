import type ts from 'typescript';
import { getCalledName, isNamespaceCall } from '../../program/called-name.js';
import {
  containsLocked,
  containsStored,
  isLocked,
  isStored,
} from '../../vocabulary/contained-state.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getSources } from './value-origin.js';
import { getReturned } from './returned-values.js';

/** How deep literals and names are looked through. */
const DEPTH = 5;

interface Wanted {
  is(context: ProgramContext, type: ts.Type): boolean;
  contains(context: ProgramContext, type: ts.Type): boolean;
}

const LOCK: Wanted = { is: isLocked, contains: containsLocked };
const ENTITY: Wanted = { is: isStored, contains: containsStored };

/**
 * The expression by which a `Locked` is inside of a value: the value itself, a part of a literal, what a name was
 * initialised with. `null` when there is none.
 */
export function findInnerLock(context: ProgramContext, node: ts.Expression): ts.Expression | null {
  return findInner(context, node, LOCK, DEPTH);
}

/** As {@link findInnerLock}, for a `Persistent` too. */
export function findInnerEntity(
  context: ProgramContext,
  node: ts.Expression,
): ts.Expression | null {
  return findInner(context, node, ENTITY, DEPTH);
}

function findInner(
  context: ProgramContext,
  node: ts.Expression,
  wanted: Wanted,
  depth: number,
): ts.Expression | null {
  const { checker } = context;
  if (depth === 0) return null;
  const inner = unwrapExpression(context, node);
  const type = checker.getTypeAtLocation(inner);
  if (wanted.is(context, type)) return inner;
  for (const part of [...getParts(context, inner), ...getSources(context, inner)]) {
    const found = findInner(context, part, wanted, depth - 1);
    if (found) return found;
  }
  return wanted.contains(context, type) ? inner : null;
}

/** The expressions that a literal, or an object made by `new`, holds. */
export function getParts(context: ProgramContext, node: ts.Expression): readonly ts.Expression[] {
  const { ts } = context;
  if (ts.isArrayLiteralExpression(node)) return node.elements.map((e) => withoutSpread(context, e));
  if (ts.isNewExpression(node)) {
    return node.arguments?.map((argument) => withoutSpread(context, argument)) ?? [];
  }
  if (ts.isCallExpression(node)) return getDefinedParts(context, node);
  if (!ts.isObjectLiteralExpression(node)) return [];
  return node.properties.flatMap((property) => {
    if (ts.isPropertyAssignment(property)) return [property.initializer];
    if (ts.isGetAccessor(property)) return getReturned(context, property);
    if (ts.isShorthandPropertyAssignment(property)) return [property.name];
    return ts.isSpreadAssignment(property) ? [property.expression] : [];
  });
}

/** What `Object.assign`, `Object.freeze` and `Object.defineProperty` put into the object that they return. */
function getDefinedParts(
  context: ProgramContext,
  node: ts.CallExpression,
): readonly ts.Expression[] {
  const { ts } = context;
  const called = getCalledName(context, node);
  if (!called || !isNamespaceCall(context, called, 'Object')) return [];
  if (!/^(?:assign|freeze|seal|define\w+)$/.test(called.name)) return [];
  const descriptor = node.arguments[2];
  if (!descriptor || !ts.isObjectLiteralExpression(descriptor)) return node.arguments;
  const getters = descriptor.properties.flatMap((property) =>
    ts.isPropertyAssignment(property)
      ? getReturned(context, property.initializer)
      : getReturned(context, property),
  );
  return [...node.arguments, ...getters];
}

function withoutSpread({ ts }: ProgramContext, node: ts.Expression): ts.Expression {
  return ts.isSpreadElement(node) ? node.expression : node;
}
