import type ts from 'typescript';
import { getCalledName, isDeclaredOutside } from '../../program/called-name.js';
import { getOperation } from '../../vocabulary/operation.js';
import type { ProgramContext } from '../../program/program-context.js';
import { getDeclaration } from './value-origin.js';
import { isModuleLevel } from './carried-locks.js';
import { getLaterKind } from './later-calls.js';

/** How many names a function is followed through. */
const DEPTH = 4;

/** Methods of web frameworks, command lines and brokers that keep a handler for as long as the process runs. */
const REGISTERING_METHODS: ReadonlySet<string> = new Set([
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'all',
  'use',
  'route',
  'handle',
  'register',
  'command',
  'action',
  'listen',
  'process',
]);

/** Functions that return another one which keeps what it is given. */
const WRAPPING_NAME = /memo|cache|once|debounce|throttle|wrap|freeze|bind/i;

/** Whether a function lives on after the call of the function around it: returned, registered, put into something. */
export function isKeptFunction(context: ProgramContext, node: ts.Node): boolean {
  return isKept(context, node, DEPTH);
}

function isKept(context: ProgramContext, node: ts.Node, depth: number): boolean {
  const { ts } = context;
  if (depth === 0) return false;
  if (ts.isFunctionDeclaration(node)) return isNameKept(context, node, depth);
  const { parent } = node;
  if (isPassedOn(context, parent)) return isKept(context, parent, depth);
  if (ts.isReturnStatement(parent) || ts.isExportAssignment(parent)) return true;
  if (ts.isArrowFunction(parent)) return parent.body === node;
  if (ts.isPropertyDeclaration(parent)) return true;
  if (ts.isVariableDeclaration(parent)) return isNameKept(context, parent, depth);
  if (ts.isBinaryExpression(parent)) return isKeptByAssignment(context, parent, depth);
  if (ts.isNewExpression(parent))
    return parent.expression !== node && isKept(context, parent, depth);
  return ts.isCallExpression(parent) && isKeptByCall(context, parent, node, depth);
}

/** What a literal, a cast or a choice holds is kept if it is. */
function isPassedOn({ ts }: ProgramContext, node: ts.Node): boolean {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isShorthandPropertyAssignment(node) ||
    ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isSpreadAssignment(node) ||
    ts.isConditionalExpression(node)
  );
}

/** A local function is kept if any of its uses is. */
function isNameKept(
  context: ProgramContext,
  declaration: ts.FunctionDeclaration | ts.VariableDeclaration,
  depth: number,
): boolean {
  const { ts } = context;
  if (isModuleLevel(context, declaration)) return true;
  const { name } = declaration;
  const scope = getFunctionAround(context, declaration);
  if (!name || !ts.isIdentifier(name) || !scope) return false;
  const visit = (node: ts.Node): boolean => {
    if (ts.isTypeNode(node)) return false;
    if (ts.isIdentifier(node) && node !== name && node.text === name.text) {
      const isUse = getDeclaration(context, node) === declaration;
      if (
        isUse &&
        (isKept(context, node, depth - 1) || isUsedByKept(context, node, scope, depth))
      ) {
        return true;
      }
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(scope);
}

/** A function that is called by one that is kept lives as long. */
function isUsedByKept(
  context: ProgramContext,
  use: ts.Node,
  scope: ts.Node,
  depth: number,
): boolean {
  const user = getFunctionBelow(context, use, scope);
  return user !== null && isKept(context, user, depth - 1);
}

/** The outermost function around a node that is inside of another function. */
export function getFunctionBelow(
  { ts }: ProgramContext,
  node: ts.Node,
  scope: ts.Node,
): ts.Node | null {
  let below: ts.Node | null = null;
  for (let outer = node.parent; outer && outer !== scope; outer = outer.parent) {
    if (!ts.isFunctionLike(outer)) continue;
    below = ts.isMethodDeclaration(outer) || ts.isAccessor(outer) ? outer.parent : outer;
  }
  return below;
}

export function getFunctionAround({ ts }: ProgramContext, node: ts.Node): ts.Node | null {
  for (let outer = node.parent; outer; outer = outer.parent) {
    if (ts.isFunctionLike(outer)) return outer;
  }
  return null;
}

function isKeptByAssignment(
  context: ProgramContext,
  node: ts.BinaryExpression,
  depth: number,
): boolean {
  const { ts } = context;
  const { kind } = node.operatorToken;
  if (kind < ts.SyntaxKind.FirstAssignment || kind > ts.SyntaxKind.LastAssignment) {
    return isKept(context, node, depth);
  }
  return !ts.isIdentifier(node.left) || isOuterName(context, node.left);
}

function isOuterName(context: ProgramContext, name: ts.Identifier): boolean {
  const declaration = getDeclaration(context, name);
  return (
    declaration !== undefined &&
    getFunctionAround(context, declaration) !== getFunctionAround(context, name)
  );
}

function isKeptByCall(
  context: ProgramContext,
  call: ts.CallExpression,
  node: ts.Node,
  depth: number,
): boolean {
  const { ts, checker, program } = context;
  if (call.expression === node) return false;
  const operation = getOperation(context, call)?.name;
  if (operation) return operation === 'subscribe';
  if (getLaterKind(context, call)) return true;
  const called = getCalledName(context, call);
  if (!called) return false;
  if (WRAPPING_NAME.test(called.name)) return isKept(context, call, depth);
  if (!called.receiver || !REGISTERING_METHODS.has(called.name)) return false;
  const declaration = checker.getSymbolAtLocation(called.node)?.declarations?.[0];
  const isLanguage =
    declaration !== undefined && program.isSourceFileDefaultLibrary(declaration.getSourceFile());
  return (
    !isLanguage && isDeclaredOutside(context, called.node) && !ts.isAwaitExpression(call.parent)
  );
}
