import type ts from 'typescript';
import { containsLocked, isLocked } from '../../vocabulary/contained-state.js';
import { getEntityType } from '../../vocabulary/entity-type.js';
import type { ProgramContext } from '../../program/program-context.js';
import { isDeclaredByRuntime } from '../../program/runtime-package.js';
import { getPresentMembers } from './type-facts.js';

/** Whether a type predicate of the program says of something that it is a lock, beyond that it is not `null`. */
export function isOwnGuard(context: ProgramContext, node: ts.TypePredicateNode): boolean {
  const { checker } = context;
  if (!node.type) return false;
  const claimed = checker.getTypeFromTypeNode(node.type);
  if (!containsLocked(context, claimed)) return false;
  return !isKnown(context, getTestedType(context, node), claimed);
}

function getTestedType({ ts, checker }: ProgramContext, node: ts.TypePredicateNode): ts.Type {
  const { parameterName, parent } = node;
  const parameter = ts.isFunctionLike(parent)
    ? parent.parameters.find(({ name }) => name.getText() === parameterName.getText())
    : undefined;
  return checker.getTypeAtLocation(parameter ?? parameterName);
}

/** A value of which everything but `null` is what the guard says. */
function isKnown(context: ProgramContext, given: ts.Type, claimed: ts.Type): boolean {
  const { ts, checker } = context;
  const open = ts.TypeFlags.Any | ts.TypeFlags.Unknown;
  return getPresentMembers(context, given).every(
    (member) =>
      (member.flags & open) === 0 &&
      (checker.isTypeAssignableTo(member, claimed) || isKeptApart(context, member, claimed)),
  );
}

/** A member of a union that a tag of the program's own, or having no such thing at all, tells apart from what is claimed. */
function isKeptApart(context: ProgramContext, member: ts.Type, claimed: ts.Type): boolean {
  const { ts, checker } = context;
  const { Object, StringLike, NumberLike, BooleanLike, BigIntLike } = ts.TypeFlags;
  if (member.flags & (StringLike | NumberLike | BooleanLike | BigIntLike)) return true;
  if (!(member.flags & Object) || isLocked(context, claimed)) return false;
  if (getEntityType(context, member)) return false;
  return getPresentMembers(context, claimed).every(
    (wanted) => !checker.isTypeAssignableTo(wanted, member),
  );
}

/**
 * Whether a call asks a guard whose predicate shows no lock where it is declared: a generic one, or one of a package.
 * A guard that is handed to the call, such as to `filter`, counts as well.
 */
export function isForeignGuardCall(context: ProgramContext, call: ts.CallExpression): boolean {
  const { checker } = context;
  const signature = checker.getResolvedSignature(call);
  if (signature && isForeignGuard(context, signature, (index) => typeOf(call.arguments[index]))) {
    return true;
  }
  return call.arguments.some((argument) => {
    if (!mayBeGuard(context, argument)) return false;
    const [given] = checker.getTypeAtLocation(argument).getCallSignatures();
    if (!given) return false;
    return isForeignGuard(context, given, () => getPassedType(context, argument));
  });

  function typeOf(argument: ts.Expression | undefined): ts.Type | null {
    return argument ? checker.getTypeAtLocation(argument) : null;
  }
}

/** A guard is handed on by its name, or written where it is handed on. */
function mayBeGuard({ ts }: ProgramContext, argument: ts.Expression): boolean {
  return !(
    ts.isLiteralExpression(argument) ||
    ts.isTemplateExpression(argument) ||
    ts.isObjectLiteralExpression(argument) ||
    ts.isArrayLiteralExpression(argument) ||
    ts.isNewExpression(argument) ||
    ts.isPrefixUnaryExpression(argument)
  );
}

function isForeignGuard(
  context: ProgramContext,
  signature: ts.Signature,
  getGiven: (index: number) => ts.Type | null,
): boolean {
  const { ts, checker, program } = context;
  const predicate = checker.getTypePredicateOfSignature(signature);
  if (!predicate?.type || !containsLocked(context, predicate.type)) return false;
  const { declaration } = signature;
  if (!declaration || isDeclaredByRuntime(program, declaration)) return false;
  if (isSeenWhereDeclared(context, declaration)) return false;
  const isOfThis =
    predicate.kind === ts.TypePredicateKind.This ||
    predicate.kind === ts.TypePredicateKind.AssertsThis;
  const given = isOfThis ? null : getGiven(predicate.parameterIndex);
  return given === null || !isKnown(context, given, predicate.type);
}

/**
 * A predicate that names the lock in a file of the program is reported there, unless it stands in a comment; an inferred one is
 * the compiler's.
 */
function isSeenWhereDeclared(
  context: ProgramContext,
  declaration: ts.SignatureDeclaration | ts.JSDocSignature,
): boolean {
  const { ts, checker } = context;
  const { type } = declaration;
  if (!type && ts.getJSDocReturnType(declaration)) return false;
  if (!type || !ts.isTypePredicateNode(type) || !type.type) return true;
  if (declaration.getSourceFile().isDeclarationFile) return false;
  return containsLocked(context, checker.getTypeFromTypeNode(type.type));
}

/** What a callback is called with, by the type of the parameter that takes it. */
function getPassedType(context: ProgramContext, argument: ts.Expression): ts.Type | null {
  const { checker } = context;
  const [wanted] = checker.getContextualType(argument)?.getCallSignatures() ?? [];
  const [parameter] = wanted?.parameters ?? [];
  return parameter ? checker.getTypeOfSymbol(parameter) : null;
}
