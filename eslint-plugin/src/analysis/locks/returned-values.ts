import type ts from 'typescript';
import { hasBody } from '../../program/callee.js';
import type { ProgramContext } from '../../program/program-context.js';

/** The expressions that a function returns by itself, not those of functions inside of it. */
export function getReturned(context: ProgramContext, callee: ts.Node): readonly ts.Expression[] {
  const { ts } = context;
  if (!hasBody(context, callee)) return [];
  if (!ts.isBlock(callee.body)) return [callee.body];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(callee.body, visit);
  return found;
}
