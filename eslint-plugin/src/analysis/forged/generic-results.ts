import type ts from 'typescript';
import { hasBody } from '../../program/callee.js';
import { containsLocked } from '../../vocabulary/contained-state.js';
import type { ProgramContext } from '../../program/program-context.js';
import { isDeclaredByRuntime } from '../../program/runtime-package.js';
import { isAny } from './type-facts.js';

/**
 * Whether a call returns a lock only because its caller says so: a type parameter that nothing given to the call
 * stands for, or that the body of the function asserts.
 */
export function isUnfoundedResult(
  context: ProgramContext,
  call: ts.CallExpression,
  isLock: (type: ts.Type) => boolean,
): boolean {
  const { ts, checker, program } = context;
  const declaration = checker.getResolvedSignature(call)?.declaration;
  if (!declaration || ts.isJSDocSignature(declaration) || !declaration.typeParameters) return false;
  if (!isLock(checker.getTypeAtLocation(call))) return false;
  if (isDeclaredByRuntime(program, declaration)) return false;
  if (program.isSourceFileDefaultLibrary(declaration.getSourceFile())) return false;
  const parameters = declaration.typeParameters ?? [];
  return parameters.some((parameter, index) => {
    if (!isReturned(context, declaration, parameter)) return false;
    const given = call.typeArguments?.[index];
    if (given && !isLock(checker.getTypeFromTypeNode(given))) return false;
    return (
      !isGiven(context, call, declaration, parameter) || isAsserted(context, declaration, parameter)
    );
  });
}

/** Whether the result is the type parameter itself, or a promise or array of it. */
function isReturned(
  context: ProgramContext,
  declaration: ts.SignatureDeclaration,
  parameter: ts.TypeParameterDeclaration,
): boolean {
  const { ts, checker } = context;
  const visit = (node: ts.TypeNode | undefined): boolean => {
    if (!node) return false;
    if (ts.isUnionTypeNode(node)) return node.types.some(visit);
    if (ts.isArrayTypeNode(node)) return visit(node.elementType);
    if (ts.isParenthesizedTypeNode(node)) return visit(node.type);
    if (!ts.isTypeReferenceNode(node)) return false;
    if (isNamed(context, node.typeName, parameter)) return true;
    const isWrapper = /^(?:Promise|PromiseLike|Awaited|Array|ReadonlyArray)$/.test(
      node.typeName.getText(),
    );
    return isWrapper && (node.typeArguments ?? []).some(visit);
  };
  if (declaration.type) return visit(declaration.type);
  const signature = checker.getSignatureFromDeclaration(declaration);
  const symbol = checker.getSymbolAtLocation(parameter.name);
  return signature?.getReturnType().symbol === symbol && symbol !== undefined;
}

function isNamed(
  { checker }: ProgramContext,
  name: ts.Node,
  parameter: ts.TypeParameterDeclaration,
): boolean {
  const symbol = checker.getSymbolAtLocation(name);
  return symbol !== undefined && symbol === checker.getSymbolAtLocation(parameter.name);
}

/** Whether an argument that is there has the type parameter in its type. */
function isGiven(
  context: ProgramContext,
  call: ts.CallExpression,
  declaration: ts.SignatureDeclaration,
  parameter: ts.TypeParameterDeclaration,
): boolean {
  return declaration.parameters.some((candidate, index) => {
    const isThere = index < call.arguments.length || candidate.dotDotDotToken !== undefined;
    return isThere && candidate.type !== undefined && mentions(context, candidate.type, parameter);
  });
}

function mentions(
  context: ProgramContext,
  node: ts.Node,
  parameter: ts.TypeParameterDeclaration,
): boolean {
  const { ts } = context;
  if (ts.isIdentifier(node) && node.text === parameter.name.text) {
    if (isNamed(context, node, parameter)) return true;
  }
  return (
    ts.forEachChild(node, (child) => mentions(context, child, parameter) || undefined) ?? false
  );
}

const asserted = new WeakMap<ts.TypeParameterDeclaration, boolean>();

/** Whether the body of a generic asserts that something is of the type parameter, or returns `any` for it. */
function isAsserted(
  context: ProgramContext,
  declaration: ts.Node,
  parameter: ts.TypeParameterDeclaration,
): boolean {
  const known = asserted.get(parameter);
  if (known !== undefined) return known;
  const result = findAssertion(context, declaration, parameter);
  asserted.set(parameter, result);
  return result;
}

function findAssertion(
  context: ProgramContext,
  declaration: ts.Node,
  parameter: ts.TypeParameterDeclaration,
): boolean {
  const { ts, checker } = context;
  if (!hasBody(context, declaration) && !ts.isClassLike(declaration)) return false;
  const visit = (node: ts.Node): boolean => {
    if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) {
      if (mentions(context, node.type, parameter) && isLie(node)) return true;
    }
    if (ts.isReturnStatement(node) && node.expression) {
      if (isAny(context, checker.getTypeAtLocation(node.expression))) return true;
    }
    if (ts.isPropertyDeclaration(node) && isUnfounded(node)) {
      if (node.type && mentions(context, node.type, parameter)) return true;
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  const isLie = (node: ts.AssertionExpression): boolean => {
    const from = checker.getTypeAtLocation(node.expression);
    const to = checker.getTypeAtLocation(node);
    return isAny(context, from) || !checker.isTypeAssignableTo(from, to);
  };
  const isUnfounded = (node: ts.PropertyDeclaration): boolean =>
    node.exclamationToken !== undefined ||
    (node.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
  return ts.forEachChild(declaration, (child) => visit(child) || undefined) ?? false;
}

/** Whether `new` makes an object of a generic class of the program that asserts what it holds. */
export function isUnfoundedInstance(context: ProgramContext, node: ts.NewExpression): boolean {
  const { ts, checker } = context;
  const type = checker.getTypeAtLocation(node);
  const declaration = type.symbol?.valueDeclaration;
  if (!declaration || !ts.isClassLike(declaration) || !declaration.typeParameters) return false;
  if (declaration.getSourceFile().isDeclarationFile) return false;
  const given = checker.getTypeArguments(type as ts.TypeReference);
  return declaration.typeParameters.some((parameter, index) => {
    const argument = given[index];
    if (!argument || !containsLocked(context, argument)) return false;
    return isAsserted(context, declaration, parameter);
  });
}
