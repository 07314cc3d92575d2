import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { TIMERS } from '../../program/timers.js';

/**
 * Whether a call that gets a callback calls it later, outside of what happens here: timers, and whatever nobody
 * waits for, such as `emitter.on(…)` or the registration of a route.
 */
export function isDeferringCall({ ts }: ProgramContext, node: ts.CallExpression): boolean {
  if (isTimer(ts, node.expression)) return true;
  let expression: ts.Node = node;
  while (isPassedOn(ts, expression.parent, expression)) expression = expression.parent;
  return ts.isExpressionStatement(expression.parent) || ts.isVoidExpression(expression.parent);
}

function isTimer(typescript: typeof ts, callee: ts.Expression): boolean {
  if (typescript.isIdentifier(callee)) return TIMERS.has(callee.text);
  return typescript.isPropertyAccessExpression(callee) && TIMERS.has(callee.name.text);
}

function isPassedOn(typescript: typeof ts, parent: ts.Node, node: ts.Node): boolean {
  if (typescript.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (typescript.isCallExpression(parent)) return parent.expression === node;
  return typescript.isParenthesizedExpression(parent);
}
