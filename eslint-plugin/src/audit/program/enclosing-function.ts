import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';

/** The named function around a node, `Class.method`; `null` at the top of a module. */
export function getEnclosingFunction({ ts }: ProgramContext, node: ts.Node): string | null {
  for (let outer = node.parent; outer && !ts.isSourceFile(outer); outer = outer.parent) {
    if (!ts.isFunctionLike(outer)) continue;
    const name = nameOf(ts, outer);
    if (name !== null) return name;
  }
  return null;
}

function nameOf(typescript: typeof ts, node: ts.SignatureDeclaration): string | null {
  const { parent } = node;
  const owner = typescript.isClassLike(parent) ? parent.name?.text : undefined;
  if (typescript.isConstructorDeclaration(node)) return owner ? `${owner}.constructor` : null;
  if (node.name) return owner ? `${owner}.${node.name.getText()}` : node.name.getText();
  const isNaming =
    typescript.isVariableDeclaration(parent) ||
    typescript.isPropertyAssignment(parent) ||
    typescript.isPropertyDeclaration(parent);
  return isNaming ? parent.name.getText() : null;
}

/** The name of the function that a parameter is of; `null` when it has none. */
export function getFunctionOf({ ts }: ProgramContext, parameter: ts.Node): string | null {
  const owner = ts.findAncestor(parameter, ts.isFunctionLike);
  return owner ? (nameOf(ts, owner)?.split('.').at(-1) ?? null) : null;
}
