import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';

/** A function that is analysed by itself: no other function is around it, and something names it. */
export function isRootFunction({ ts }: ProgramContext, node: ts.Node): boolean {
  for (let parent = node.parent; !ts.isSourceFile(parent); parent = parent.parent) {
    if (ts.isFunctionLike(parent)) return false;
  }
  return isNamed(ts, node);
}

/** A declaration, a member of a class, or an arrow that a variable or property is named for. */
function isNamed(typescript: typeof ts, node: ts.Node): boolean {
  if (!typescript.isArrowFunction(node) && !typescript.isFunctionExpression(node)) return true;
  return (
    typescript.isVariableDeclaration(node.parent) || typescript.isPropertyDeclaration(node.parent)
  );
}

/** Whether a function belongs to a root: it is reported as a part of it, and shares its variables. */
export function isPartOf(context: ProgramContext, node: ts.Node, root: ts.Node): boolean {
  if (node === root) return true;
  if (node.getSourceFile() !== root.getSourceFile()) return false;
  if (context.ts.isSourceFile(root)) return !isRootFunction(context, node);
  return node.pos >= root.pos && node.end <= root.end;
}
