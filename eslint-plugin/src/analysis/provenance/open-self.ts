import type ts from 'typescript';
import { isWritable } from '../../vocabulary/contained-state.js';
import { getEntityType } from '../../vocabulary/entity-type.js';
import type { ProgramContext } from '../../program/program-context.js';
import { getDeclaration } from '../locks/value-origin.js';

/**
 * Whether an expression is the `this` of a model's method, where a draft is wanted. The class of a model is the type of its
 * drafts, but its methods are called on snapshots and locks as well; one that says what its `this` is can not be.
 */
export function isOpenSelf(context: ProgramContext, node: ts.Expression): boolean {
  const { ts, checker } = context;
  const self = findSelf(context, node);
  if (!self || !isInOpenMethod(context, self)) return false;
  if (getEntityType(context, checker.getTypeAtLocation(self))?.state !== 'transient') return false;
  const wanted = checker.getContextualType(node);
  return (
    wanted !== undefined &&
    (wanted.flags & ts.TypeFlags.TypeParameter) === 0 &&
    isWritable(context, wanted)
  );
}

/** Whether an expression is the `this` of a model's method that can be called on any state. */
export function isThisOfOpenMethod(context: ProgramContext, node: ts.Node): boolean {
  const { ts, checker } = context;
  if (node.kind !== ts.SyntaxKind.ThisKeyword || !isInOpenMethod(context, node)) return false;
  return getEntityType(context, checker.getTypeAtLocation(node))?.state === 'transient';
}

/** The `this` that an expression is, also by another name. */
function findSelf(context: ProgramContext, node: ts.Expression): ts.Node | null {
  const { ts } = context;
  if (node.kind === ts.SyntaxKind.ThisKeyword) return node;
  if (!ts.isIdentifier(node)) return null;
  const declaration = getDeclaration(context, node);
  if (!declaration || !ts.isVariableDeclaration(declaration)) return null;
  const { initializer } = declaration;
  return initializer?.kind === ts.SyntaxKind.ThisKeyword ? initializer : null;
}

function isInOpenMethod({ ts }: ProgramContext, self: ts.Node): boolean {
  let container = self.parent;
  while (
    ts.isArrowFunction(container) ||
    !(ts.isFunctionLike(container) || ts.isClassElement(container))
  ) {
    if (ts.isSourceFile(container)) return false;
    container = container.parent;
  }
  if (!ts.isMethodDeclaration(container) && !ts.isAccessor(container)) return false;
  const [first] = container.parameters;
  return first?.name.getText() !== 'this';
}
