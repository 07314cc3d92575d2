import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { getRoot, getThisOwner, type Stored } from './assigned-places.js';
import { isModuleLevel } from './carried-locks.js';
import type { EscapeKind } from './escape.js';
import { findResolver } from './resolvers.js';
import { getEnclosingWork, getWorksOf } from './transaction-work.js';
import { getDeclaration } from './value-origin.js';

/** As what a place outlives the transaction; `null` when it may be gone with it. */
export function getPlaceKind(
  context: ProgramContext,
  { place, isContainer }: Stored,
  at: ts.Node,
): EscapeKind | null {
  const { ts } = context;
  const root = getRoot(context, place);
  if (root.kind === ts.SyntaxKind.ThisKeyword) {
    const owner = getThisOwner(context, root);
    return owner && !isInside(owner, getEnclosingWork(context, at)) ? 'field' : null;
  }
  if (!ts.isIdentifier(root)) return null;
  const kind = isContainer ? 'container' : root === place ? 'variable' : 'property';
  return outlives(context, root, at) || isHandlerProperty(context, place) ? kind : null;
}

/** Whether a call resolves a promise that was made outside of the transaction. */
export function resolvesOutside(context: ProgramContext, node: ts.CallExpression): boolean {
  const { ts } = context;
  const resolver = findResolver(context, node.expression);
  const root = resolver && getRoot(context, resolver);
  if (!root) return false;
  return (
    root.kind === ts.SyntaxKind.ThisKeyword ||
    (ts.isIdentifier(root) && isOutsideOfWork(context, root, node))
  );
}

/** `socket.onmessage = …` */
function isHandlerProperty({ ts }: ProgramContext, place: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(place) && /^on[a-z]/.test(place.name.text);
}

/** Whether a name is there before and after the transaction in which a node runs. */
function outlives(context: ProgramContext, name: ts.Identifier, at: ts.Node): boolean {
  const declaration = getDeclaration(context, name);
  if (!declaration) return name.text === 'globalThis';
  if (declaration.getSourceFile() !== at.getSourceFile()) return true;
  if (isModuleLevel(context, declaration)) return true;
  const work = getEnclosingWork(context, at);
  if (work === null) return isUsedByWork(context, declaration, at);
  return !isInside(declaration, work);
}

/** Whether a name is older than the transaction in which a node runs. */
function isOutsideOfWork(context: ProgramContext, name: ts.Identifier, at: ts.Node): boolean {
  const declaration = getDeclaration(context, name);
  if (!declaration || !context.ts.isParameter(declaration)) return outlives(context, name, at);
  return !isInside(declaration, getEnclosingWork(context, at));
}

/** Whether the function that a node is in is used by a transaction that a name outlives: both are declared around it. */
function isUsedByWork(context: ProgramContext, declaration: ts.Declaration, at: ts.Node): boolean {
  const { ts } = context;
  const helper = getFunctionAround(context, at);
  const owner = helper?.parent;
  if (!owner || !ts.isVariableDeclaration(owner) || isInside(declaration, helper)) return false;
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && getDeclaration(context, node) === owner) return true;
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return getWorksOf(context, at).some((work) => !isInside(declaration, work) && visit(work));
}

export function isInside(node: ts.Node, work: ts.Node | null): boolean {
  return work !== null && node.pos >= work.pos && node.end <= work.end;
}

export function getFunctionAround({ ts }: ProgramContext, node: ts.Node): ts.Node | null {
  for (let outer = node.parent; outer; outer = outer.parent) {
    if (ts.isFunctionLike(outer)) return outer;
  }
  return null;
}
