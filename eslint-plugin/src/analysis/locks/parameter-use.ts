import type ts from 'typescript';
import { getFunctions, type FunctionWithBody } from '../../program/callee.js';
import { getCalledName } from '../../program/called-name.js';
import type { ProgramContext } from '../../program/program-context.js';
import { isDeclaredByRuntime } from '../../program/runtime-package.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getDeclaration, getSources } from './value-origin.js';

/** A kind of use that a rule looks for: what each node of a body uses so. */
export interface Use {
  /** The operands of a node, if it is such a use. */
  operands(node: ts.Node): readonly (ts.Expression | ts.ParameterDeclaration)[];
  /** Whether a value that an operand is made of counts as well: a property of a literal, a part of the object. */
  readonly reach: 'whole' | 'parts' | 'literals';
}

/** How many calls deep an argument is followed. */
const DEPTH = 4;

/** Whether a call calls a function of which the program has the body: only there is anything to be found. */
export function callsProgram(context: ProgramContext, call: ts.CallExpression): boolean {
  const called = getCalledName(context, call);
  return called !== null && getFunctions(context, called.node).length > 0;
}

/** Where a helper of the program uses what a call hands to it at an index; `null` when it does not. */
export function findUseInCallee(
  context: ProgramContext,
  call: ts.CallExpression,
  index: number,
  use: Use,
): ts.Node | null {
  return searchCallees(context, call, index, use, DEPTH);
}

function searchCallees(
  context: ProgramContext,
  call: ts.CallExpression,
  index: number,
  use: Use,
  depth: number,
): ts.Node | null {
  const called = depth > 0 ? getCalledName(context, call) : null;
  if (!called) return null;
  for (const callee of getFunctions(context, called.node)) {
    const parameter = callee.parameters[index];
    if (!parameter || parameter.dotDotDotToken) continue;
    if (isDeclaredByRuntime(context.program, callee)) continue;
    const found = searchBody(context, callee, parameter, use, depth);
    if (found) return found;
  }
  return null;
}

function searchBody(
  context: ProgramContext,
  callee: FunctionWithBody,
  parameter: ts.ParameterDeclaration,
  use: Use,
  depth: number,
): ts.Node | null {
  const { ts } = context;
  const isParameter = (operand: ts.Expression | ts.ParameterDeclaration): boolean =>
    operand === parameter ||
    (!ts.isParameter(operand) && isMadeOf(context, operand, parameter, use.reach));
  if (use.operands(parameter).some(isParameter)) return parameter;
  if (!ts.isIdentifier(parameter.name)) return null;
  const visit = (node: ts.Node): ts.Node | null => {
    if (ts.isTypeNode(node)) return null;
    if (use.operands(node).some(isParameter)) return node;
    const inCallee = ts.isCallExpression(node) ? passesOn(node) : null;
    return inCallee ?? ts.forEachChild(node, (child) => visit(child) ?? undefined) ?? null;
  };
  const passesOn = (call: ts.CallExpression): ts.Node | null => {
    for (const [index, argument] of call.arguments.entries()) {
      if (!isMadeOf(context, argument, parameter, 'whole')) continue;
      const found = searchCallees(context, call, index, use, depth - 1);
      if (found) return found;
    }
    return null;
  };
  return visit(callee.body);
}

/** Whether an expression is a parameter's value, or one of its parts, or a literal with it inside. */
function isMadeOf(
  context: ProgramContext,
  node: ts.Expression,
  parameter: ts.ParameterDeclaration,
  reach: Use['reach'],
  depth = DEPTH,
): boolean {
  const { ts } = context;
  if (depth === 0) return false;
  const inner = unwrapExpression(context, node);
  const isPart = (part: ts.Expression): boolean =>
    isMadeOf(context, part, parameter, reach, depth - 1);
  if (ts.isIdentifier(inner) && getDeclaration(context, inner) === parameter) return true;
  if (reach === 'parts') {
    const isAccess = ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner);
    if (isAccess && isPart(inner.expression)) return true;
  }
  if (reach === 'literals') {
    if (ts.isArrowFunction(inner) || ts.isFunctionExpression(inner)) {
      return usesParameter(context, inner.body, parameter);
    }
    // `AsyncResource.bind(work)`, `once(work)`: a function made of it.
    if (ts.isCallExpression(inner) && isFunction(context, inner))
      return inner.arguments.some(isPart);
    if (ts.isArrayLiteralExpression(inner)) return inner.elements.some(isPart);
    if (ts.isSpreadElement(inner)) return isPart(inner.expression);
    if (ts.isObjectLiteralExpression(inner)) {
      return inner.properties.some((property) => {
        if (ts.isPropertyAssignment(property)) return isPart(property.initializer);
        if (ts.isShorthandPropertyAssignment(property)) return isPart(property.name);
        if (ts.isMethodDeclaration(property)) return usesParameter(context, property, parameter);
        return ts.isSpreadAssignment(property) && isPart(property.expression);
      });
    }
  }
  return getSources(context, inner).some(isPart);
}

function isFunction({ checker }: ProgramContext, node: ts.Expression): boolean {
  return checker.getTypeAtLocation(node).getCallSignatures().length > 0;
}

function usesParameter(
  context: ProgramContext,
  node: ts.Node,
  parameter: ts.ParameterDeclaration,
): boolean {
  const { ts } = context;
  const visit = (child: ts.Node): boolean => {
    if (ts.isIdentifier(child) && getDeclaration(context, child) === parameter) return true;
    return ts.forEachChild(child, (inner) => visit(inner) || undefined) ?? false;
  };
  return visit(node);
}

/** Where a method of the program writes into its own `this`; `null` when it does not. */
export function findWriteIntoThis(
  context: ProgramContext,
  call: ts.CallExpression,
  getOperands: Use['operands'],
  depth = DEPTH,
): ts.Node | null {
  const { ts } = context;
  const called = depth > 0 ? getCalledName(context, call) : null;
  if (!called?.receiver) return null;
  for (const method of getFunctions(context, called.node)) {
    if (ts.isArrowFunction(method)) continue;
    const visit = (node: ts.Node): ts.Node | null => {
      if (ts.isTypeNode(node) || (ts.isFunctionLike(node) && !ts.isArrowFunction(node)))
        return null;
      if (getOperands(node).some((operand) => isPartOfThis(context, operand))) return node;
      const inCallee =
        ts.isCallExpression(node) && isThisCall(context, node)
          ? findWriteIntoThis(context, node, getOperands, depth - 1)
          : null;
      return inCallee ?? ts.forEachChild(node, (child) => visit(child) ?? undefined) ?? null;
    };
    const found = visit(method.body);
    if (found) return found;
  }
  return null;
}

function isPartOfThis(
  context: ProgramContext,
  operand: ts.Expression | ts.ParameterDeclaration,
): boolean {
  const { ts } = context;
  if (ts.isParameter(operand)) return false;
  let inner = unwrapExpression(context, operand);
  while (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)) {
    inner = unwrapExpression(context, inner.expression);
  }
  return inner.kind === ts.SyntaxKind.ThisKeyword;
}

function isThisCall(context: ProgramContext, call: ts.CallExpression): boolean {
  const receiver = getCalledName(context, call)?.receiver;
  return receiver?.kind === context.ts.SyntaxKind.ThisKeyword;
}
