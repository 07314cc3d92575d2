import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { isAny } from '../forged/type-facts.js';

const members = new WeakMap<ts.TypeParameterDeclaration, ts.Node | null>();

/**
 * Where a generic class of the program says of a value that it is of one of its type parameters, and nothing shows it: by
 * an assertion, by returning `any`, by a field that nothing assigns.
 */
export function findUnfoundedMember(
  context: ProgramContext,
  declaration: ts.ClassLikeDeclaration,
  isWanted: (index: number) => boolean,
): ts.Node | null {
  for (const [index, parameter] of (declaration.typeParameters ?? []).entries()) {
    if (!isWanted(index)) continue;
    let found = members.get(parameter);
    if (found === undefined) {
      found = search(context, declaration, parameter);
      members.set(parameter, found);
    }
    if (found) return found;
  }
  return null;
}

function search(
  context: ProgramContext,
  declaration: ts.ClassLikeDeclaration,
  parameter: ts.TypeParameterDeclaration,
): ts.Node | null {
  const { ts, checker } = context;
  const mentions = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && node.text === parameter.name.text) return true;
    return ts.forEachChild(node, (child) => mentions(child) || undefined) ?? false;
  };
  const visit = (node: ts.Node): ts.Node | null => {
    if (ts.isTypeNode(node)) return null;
    if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) {
      if (!ts.isTypeOperatorNode(node.type) && mentions(node.type) && isLie(node)) return node;
    }
    if (ts.isReturnStatement(node) && node.expression) {
      if (isAny(context, checker.getTypeAtLocation(node.expression))) return node;
    }
    if (ts.isPropertyDeclaration(node) && isUnassigned(node)) {
      if (node.type && mentions(node.type)) return node;
    }
    return ts.forEachChild(node, (child) => visit(child) ?? undefined) ?? null;
  };
  const isLie = (node: ts.AssertionExpression): boolean => {
    const from = checker.getTypeAtLocation(node.expression);
    const to = checker.getTypeAtLocation(node);
    if (isAny(context, from)) return true;
    return !checker.isTypeAssignableTo(checker.getNonNullableType(from), to);
  };
  const isUnassigned = (node: ts.PropertyDeclaration): boolean =>
    node.exclamationToken !== undefined ||
    (node.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
  return ts.forEachChild(declaration, (child) => visit(child) ?? undefined) ?? null;
}
