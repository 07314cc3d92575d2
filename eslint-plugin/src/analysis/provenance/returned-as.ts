import type ts from 'typescript';
import { getDeclaration } from '../locks/value-origin.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';

/** What a parameter surely is, as an overload says; `undefined` stands for one that is left out. */
type Known = string | number | boolean | undefined;

type Signature = ts.FunctionDeclaration | ts.MethodDeclaration;

/** What an implementation can return when it is called as one of its overloads says. */
export function getReturnedAs(
  context: ProgramContext,
  overload: Signature,
  implementation: Signature,
): readonly ts.Expression[] {
  const { ts } = context;
  const found: ts.Expression[] = [];

  const addValue = (node: ts.Expression): void => {
    const inner = unwrapExpression(context, node);
    if (!ts.isConditionalExpression(inner)) {
      found.push(inner);
      return;
    }
    const answer = evaluate(inner.condition);
    if (answer !== false) addValue(inner.whenTrue);
    if (answer !== true) addValue(inner.whenFalse);
  };
  /** @returns whether the code after the statement is surely not reached */
  const visit = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node)) return false;
    if (ts.isReturnStatement(node)) {
      if (node.expression) addValue(node.expression);
      return true;
    }
    if (ts.isThrowStatement(node)) return true;
    if (ts.isBlock(node)) return node.statements.some(visit);
    if (ts.isIfStatement(node)) {
      const answer = evaluate(node.expression);
      const endsThen = answer !== false && visit(node.thenStatement);
      const endsElse = answer !== true && node.elseStatement ? visit(node.elseStatement) : false;
      if (answer !== undefined) return answer ? endsThen : endsElse;
      return endsThen && endsElse;
    }
    ts.forEachChild(node, (child) => void visit(child));
    return false;
  };
  /** What a condition is; `undefined` when that is not to be seen. */
  const evaluate = (node: ts.Expression): boolean | undefined => {
    const inner = unwrapExpression(context, node);
    if (ts.isPrefixUnaryExpression(inner) && inner.operator === ts.SyntaxKind.ExclamationToken) {
      const answer = evaluate(inner.operand);
      return answer === undefined ? undefined : !answer;
    }
    if (ts.isBinaryExpression(inner)) {
      const { EqualsEqualsEqualsToken, ExclamationEqualsEqualsToken } = ts.SyntaxKind;
      const isEqual = inner.operatorToken.kind === EqualsEqualsEqualsToken;
      if (!isEqual && inner.operatorToken.kind !== ExclamationEqualsEqualsToken) return undefined;
      const left = valueOf(inner.left);
      const right = valueOf(inner.right);
      return left && right ? (left.value === right.value) === isEqual : undefined;
    }
    const known = valueOf(inner);
    return known ? Boolean(known.value) : undefined;
  };
  const valueOf = (node: ts.Expression): { readonly value: Known } | null => {
    const inner = unwrapExpression(context, node);
    if (ts.isStringLiteralLike(inner)) return { value: inner.text };
    if (inner.kind === ts.SyntaxKind.TrueKeyword) return { value: true };
    if (inner.kind === ts.SyntaxKind.FalseKeyword) return { value: false };
    if (ts.isPropertyAccessExpression(inner)) {
      const owner = typeOfParameter(inner.expression);
      const property =
        owner && owner !== 'missing' ? owner.getProperty(inner.name.text) : undefined;
      if (owner === 'missing') return { value: undefined };
      return property ? literalOf(context.checker.getTypeOfSymbol(property)) : null;
    }
    const type = typeOfParameter(inner);
    if (type === 'missing') return { value: undefined };
    return type && literalOf(type);
  };
  const typeOfParameter = (node: ts.Expression): ts.Type | 'missing' | null => {
    const declaration = ts.isIdentifier(node) ? getDeclaration(context, node) : undefined;
    if (!declaration || !ts.isParameter(declaration)) return null;
    const index = implementation.parameters.indexOf(declaration);
    if (index < 0 || declaration.initializer) return null;
    const parameter = overload.parameters[index];
    return parameter ? context.checker.getTypeAtLocation(parameter) : 'missing';
  };
  const literalOf = (type: ts.Type): { readonly value: Known } | null => {
    if (type.isStringLiteral() || type.isNumberLiteral()) return { value: type.value };
    if (type.flags & ts.TypeFlags.BooleanLiteral) {
      return { value: context.checker.typeToString(type) === 'true' };
    }
    return type.flags & ts.TypeFlags.Undefined ? { value: undefined } : null;
  };

  if (implementation.body) visit(implementation.body);
  return found;
}
