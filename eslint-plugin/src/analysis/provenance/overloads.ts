import type ts from 'typescript';
import { getEntityType } from '../../vocabulary/entity-type.js';
import { getReturnedAs } from './returned-as.js';
import { getPresentMembers } from '../forged/type-facts.js';
import { containsLocked } from '../../vocabulary/contained-state.js';
import type { ProgramContext } from '../../program/program-context.js';

/** Whether an overload promises a lock that its implementation does not know of. */
export function isUnkeptOverload(context: ProgramContext, node: ts.Node): boolean {
  const { ts, checker } = context;
  if (!ts.isFunctionDeclaration(node) && !ts.isMethodDeclaration(node)) return false;
  if (node.body || !node.name) return false;
  if (!promisesLock(context, node)) return false;
  const declarations = checker.getSymbolAtLocation(node.name)?.declarations ?? [];
  const implementation = declarations.find(
    (declaration): declaration is ts.FunctionDeclaration | ts.MethodDeclaration =>
      (ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration)) &&
      declaration.body !== undefined,
  );
  if (!implementation) return false;
  return !promisesLock(context, implementation) || isWider(context, node, implementation);
}

/** Whether the implementation may return another state as well, where it is called as the overload says. */
function isWider(
  context: ProgramContext,
  overload: ts.FunctionDeclaration | ts.MethodDeclaration,
  implementation: ts.FunctionDeclaration | ts.MethodDeclaration,
): boolean {
  const { checker } = context;
  const signature = checker.getSignatureFromDeclaration(overload);
  const promised = signature && getStates(context, signature.getReturnType());
  if (!promised || promised.some((state) => state !== 'locked')) return false;
  return getReturnedAs(context, overload, implementation).some((value) =>
    getStates(context, checker.getTypeAtLocation(value)).some((state) => state !== 'locked'),
  );
}

function getStates(context: ProgramContext, type: ts.Type): readonly string[] {
  const awaited = context.checker.getAwaitedType(type) ?? type;
  return getPresentMembers(context, awaited).flatMap((member) => {
    const state = getEntityType(context, member)?.state;
    return state === undefined ? [] : [state];
  });
}

function promisesLock(
  context: ProgramContext,
  node: ts.FunctionDeclaration | ts.MethodDeclaration,
): boolean {
  const signature = context.checker.getSignatureFromDeclaration(node);
  return signature !== undefined && containsLocked(context, signature.getReturnType(), 'results');
}
