import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getDeclaration } from '../locks/value-origin.js';
import { getFunctionAround } from './narrowing.js';

/**
 * Whether a program that is compiled without `strictNullChecks` writes with what `lock` returned and asks nowhere whether
 * it is there. With them, the compiler asks.
 */
export function isUncheckedNull(context: ProgramContext, lock: ts.CallExpression): boolean {
  const { ts, program } = context;
  const options = program.getCompilerOptions();
  if ((options.strictNullChecks ?? options.strict) === true) return false;
  let outer: ts.Node = lock.parent;
  while (ts.isAwaitExpression(outer) || ts.isParenthesizedExpression(outer)) outer = outer.parent;
  if (!ts.isVariableDeclaration(outer)) return true;
  const declaration = outer;
  const scope = getFunctionAround(context, declaration) ?? declaration.getSourceFile();
  const isName = (node: ts.Node): boolean =>
    ts.isIdentifier(node) && getDeclaration(context, node) === declaration;
  const isAsked = (condition: ts.Node): boolean =>
    isName(condition) ||
    (ts.forEachChild(condition, (child) => isAsked(child) || undefined) ?? false);
  const visit = (node: ts.Node): boolean => {
    if (ts.isIfStatement(node) && isAsked(node.expression)) return true;
    if (ts.isConditionalExpression(node) && isAsked(node.condition)) return true;
    if (ts.isWhileStatement(node) && isAsked(node.expression)) return true;
    if (ts.isBinaryExpression(node) && isLogical(node) && isAsked(node.left)) return true;
    if (
      ts.isCallExpression(node) &&
      node.arguments.some((a) => isName(unwrapExpression(context, a)))
    ) {
      // `assert(account)`
      if (ts.isExpressionStatement(node.parent)) return true;
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  const isLogical = ({ operatorToken: { kind } }: ts.BinaryExpression): boolean =>
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken;
  return !visit(scope);
}
