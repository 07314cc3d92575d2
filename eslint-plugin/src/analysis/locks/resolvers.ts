import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';

/** What resolves a promise: `resolve` of a pattern, or the parameter of an executor. */
export function isResolver(context: ProgramContext, declaration: ts.Declaration): boolean {
  const { ts } = context;
  if (ts.isBindingElement(declaration)) {
    return (declaration.propertyName ?? declaration.name).getText() === 'resolve';
  }
  return ts.isParameter(declaration) && isExecutor(context, declaration.parent);
}

/** The function in `new Promise(…)`. */
function isExecutor({ ts }: ProgramContext, node: ts.Node): boolean {
  const { parent } = node;
  return (
    ts.isNewExpression(parent) &&
    ts.isIdentifier(parent.expression) &&
    parent.expression.text === 'Promise'
  );
}
