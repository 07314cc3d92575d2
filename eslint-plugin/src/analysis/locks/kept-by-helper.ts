import type ts from 'typescript';
import { getCalledName } from '../../program/called-name.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { containsLocked, isLocked } from '../../vocabulary/contained-state.js';
import { getRoot, getStored, type Stored } from './assigned-places.js';
import { findCarriedLock } from './carried-locks.js';
import type { Escape } from './escape.js';
import { getLaterKind, isAwaited } from './later-calls.js';
import { getFunctionAround, getPlaceKind, isInside, resolvesOutside } from './outliving-place.js';
import { callsProgram, findUseInCallee, type Use } from './parameter-use.js';
import { getEnclosingWork } from './transaction-work.js';
import { getDeclaration } from './value-origin.js';

/** A helper of the program that keeps a callback, or calls it at some other time. */
export function getEscapesInHelper(
  context: ProgramContext,
  node: ts.CallExpression,
): readonly Escape[] {
  const { checker } = context;
  if (!callsProgram(context, node)) return [];
  const work = getEnclosingWork(context, node);
  for (const [index, argument] of node.arguments.entries()) {
    if (!mayBeKept(context, argument)) continue;
    const lock = findCarriedLock(context, argument);
    // A callback may be called before the helper returns; a lock that it keeps is kept.
    if (isAwaited(context, node) && !isLocked(context, checker.getTypeAtLocation(argument)))
      continue;
    const parameter = lock && checker.getResolvedSignature(node)?.declaration?.parameters[index];
    if (!parameter || context.ts.isJSDocParameterTag(parameter)) continue;
    if (containsLocked(context, checker.getTypeAtLocation(parameter))) continue;
    const place = findUseInCallee(context, node, index, keeping(context, node, work));
    if (place) return [{ kind: 'helper', lock, target: place }];
  }
  return [];
}

/** What cannot hold anything is not worth looking for. */
function mayBeKept({ ts }: ProgramContext, argument: ts.Expression): boolean {
  return !ts.isLiteralExpression(argument) && !ts.isTemplateExpression(argument);
}

function keeping(context: ProgramContext, call: ts.CallExpression, work: ts.Node | null): Use {
  const { ts } = context;
  return {
    reach: 'literals',
    operands: (node) => {
      if (ts.isCallExpression(node) && getLaterKind(context, node)) {
        return node.arguments.flatMap((argument) => getNames(context, argument));
      }
      if (ts.isCallExpression(node) && resolvesOutside(context, node)) return [...node.arguments];
      return getStored(context, node)
        .filter((stored) => !stored.isScoped && isKeptAfter(context, stored, node, call, work))
        .map(({ value }) => value);
    },
  };
}

/** Whether what a helper stores is there when the work that called it is over. */
function isKeptAfter(
  context: ProgramContext,
  stored: Stored,
  at: ts.Node,
  call: ts.CallExpression,
  work: ts.Node | null,
): boolean {
  const { ts } = context;
  const root = getRoot(context, stored.place);
  if (root.kind === ts.SyntaxKind.ThisKeyword) {
    const receiver = getCalledName(context, call)?.receiver;
    const owner = receiver && getRoot(context, receiver);
    const declaration =
      owner && ts.isIdentifier(owner) ? getDeclaration(context, owner) : undefined;
    if (declaration && isInside(declaration, work)) return false;
    if (owner && ts.isNewExpression(owner)) return false;
  }
  if (getPlaceKind(context, stored, at) !== null) return true;
  if (!ts.isIdentifier(root) || work === null) return false;
  // In a helper, what it captures from around it.
  const declaration = getDeclaration(context, root);
  const helper = getFunctionAround(context, at);
  if (!declaration || !helper || ts.isParameter(declaration)) return false;
  return !isInside(declaration, work) && !isInside(declaration, helper);
}

/** An argument, or, when it is a function, the names that it uses. */
function getNames(context: ProgramContext, argument: ts.Expression): readonly ts.Expression[] {
  const { ts } = context;
  const inner = unwrapExpression(context, argument);
  if (!ts.isArrowFunction(inner) && !ts.isFunctionExpression(inner)) return [argument];
  const names: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(inner, visit);
  return names;
}
