import type ts from 'typescript';
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
  return implementation !== undefined && !promisesLock(context, implementation);
}

function promisesLock(
  context: ProgramContext,
  node: ts.FunctionDeclaration | ts.MethodDeclaration,
): boolean {
  const signature = context.checker.getSignatureFromDeclaration(node);
  return signature !== undefined && containsLocked(context, signature.getReturnType(), 'results');
}
