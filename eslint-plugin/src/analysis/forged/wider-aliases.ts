import type ts from 'typescript';
import { containsLocked, isLocked } from '../../vocabulary/contained-state.js';
import { callsProgram, findUseInCallee, type Use } from '../locks/parameter-use.js';
import { getRoot, getStored } from '../locks/assigned-places.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getDeclaration } from '../locks/value-origin.js';
import { isAny, isObject } from './type-facts.js';

/**
 * Where something is put into a container of locks under a name whose type takes anything: arrays and writable
 * properties are covariant. `null` when nothing is.
 */
export function findWriteThroughAlias(
  context: ProgramContext,
  declaration: ts.VariableDeclaration,
): ts.Node | null {
  const { ts, checker } = context;
  const { initializer, type, name } = declaration;
  if (!initializer || !ts.isIdentifier(name)) return null;
  if (!type && !ts.isAssertionExpression(initializer)) return null;
  if (!isWiderAlias(context, initializer, checker.getTypeAtLocation(declaration))) return null;
  const visit = (node: ts.Node): ts.Node | null => {
    if (ts.isTypeNode(node)) return null;
    const isWrite = getStored(context, node).some(({ place }) => {
      const root = getRoot(context, place);
      return ts.isIdentifier(root) && getDeclaration(context, root) === declaration;
    });
    if (isWrite) return node;
    return ts.forEachChild(node, (child) => visit(child) ?? undefined) ?? null;
  };
  return visit(declaration.parent.parent.parent);
}

/** The same, where the other type is asserted on the spot: `(held as Record<string, Row>)[key] = row`. */
export function findWriteThroughAssertion(
  context: ProgramContext,
  assertion: ts.AssertionExpression,
): ts.Node | null {
  const { ts, checker } = context;
  let place: ts.Node = assertion;
  while (
    ts.isParenthesizedExpression(place.parent) ||
    ts.isPropertyAccessExpression(place.parent) ||
    ts.isElementAccessExpression(place.parent)
  ) {
    place = place.parent;
  }
  const isWrite = getStored(context, place.parent).some(
    (stored) => stored.place.pos <= assertion.pos && assertion.end <= stored.place.end,
  );
  if (!isWrite) return null;
  const to = checker.getTypeAtLocation(assertion);
  return isWiderAlias(context, assertion.expression, to) ? place.parent : null;
}

/** The same, for an argument that a helper of the program writes into. */
export function findWriteInHelper(
  context: ProgramContext,
  call: ts.CallExpression,
  index: number,
): ts.Node | null {
  const { ts, checker } = context;
  const argument = call.arguments[index];
  if (!callsProgram(context, call)) return null;
  const parameter = checker.getResolvedSignature(call)?.declaration?.parameters[index];
  if (!argument || !parameter || ts.isJSDocParameterTag(parameter)) return null;
  if (!isWiderAlias(context, argument, checker.getTypeAtLocation(parameter))) return null;
  const putting: Use = {
    reach: 'parts',
    operands: (node) => getStored(context, node).map(({ place }) => place),
  };
  return findUseInCallee(context, call, index, putting);
}

/** Whether a container of locks is given a type into which more fits. */
function isWiderAlias(context: ProgramContext, node: ts.Expression, to: ts.Type): boolean {
  const { ts, checker } = context;
  const inner = unwrapExpression(context, node);
  if (!ts.isIdentifier(inner) && !ts.isPropertyAccessExpression(inner)) return false;
  const from = checker.getTypeAtLocation(inner);
  if (isAny(context, to) || !isObject(context, from) || isLocked(context, from)) return false;
  return containsLocked(context, from) && !checker.isTypeAssignableTo(to, from);
}
