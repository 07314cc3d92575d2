import type ts from 'typescript';
import { getCalledName } from '../../program/called-name.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getPresentMembers } from '../forged/type-facts.js';
import { isCopyingFunction } from '../locks/copying-functions.js';
import type { Frame } from './frame.js';
import type { Tracer } from './tracer.js';

/**
 * Whether the caller alone decides what a call returns: a type parameter of the function is in its result and in none of
 * the parameters that are given.
 */
export function isCallerDecided(
  tracer: Tracer,
  call: ts.CallExpression,
  declaration: ts.SignatureDeclaration | ts.JSDocSignature,
  frame: Frame | null,
): boolean {
  const { context } = tracer;
  const { ts, checker } = context;
  if (ts.isJSDocSignature(declaration) || !declaration.type) return false;
  const parameters: readonly ts.TypeParameterDeclaration[] = declaration.typeParameters ?? [];
  const given = getGivenTypes(context, call, declaration);
  return getReturnedParameters(context, parameters, declaration.type).some((parameter) => {
    const isGiven = (candidate: ts.TypeParameterDeclaration): boolean =>
      given.some((type) => mentions(context, type, candidate));
    if (isGiven(parameter)) return false;
    // `<T, P extends T>(item: P)`: what is given says what T is.
    const isInConstraint = parameters.some(
      ({ constraint }) => constraint !== undefined && mentions(context, constraint, parameter),
    );
    if (isInConstraint) return false;
    const named = call.typeArguments?.[parameters.indexOf(parameter)];
    if (named) return tracer.holds(checker.getTypeFromTypeNode(named), frame);
    return parameter.default === undefined;
  });
}

/** The types of the parameters for which a call has an argument; that of `this` among them. */
function getGivenTypes(
  { ts }: ProgramContext,
  call: ts.CallExpression,
  { parameters }: ts.SignatureDeclaration,
): readonly ts.TypeNode[] {
  const [self] = parameters;
  const ofThis = self?.name.getText() === 'this' ? 1 : 0;
  const isThere = (parameter: ts.ParameterDeclaration, index: number): boolean =>
    index < call.arguments.length + ofThis || parameter.dotDotDotToken !== undefined;
  return parameters.flatMap((parameter, index) =>
    parameter.type && isThere(parameter, index) && ts.isTypeNode(parameter.type)
      ? [parameter.type]
      : [],
  );
}

/** The type parameters that a result is made of, those in the defaults of others among them. */
function getReturnedParameters(
  context: ProgramContext,
  parameters: readonly ts.TypeParameterDeclaration[],
  type: ts.TypeNode,
): readonly ts.TypeParameterDeclaration[] {
  const direct = parameters.filter((parameter) => mentions(context, type, parameter));
  const inDefaults = parameters.filter((parameter) =>
    direct.some((other) => other.default && mentions(context, other.default, parameter)),
  );
  return [...direct, ...inDefaults];
}

function mentions(
  context: ProgramContext,
  node: ts.Node,
  parameter: ts.TypeParameterDeclaration,
): boolean {
  const { ts, checker } = context;
  if (ts.isIdentifier(node) && node.text === parameter.name.text) {
    const symbol = checker.getSymbolAtLocation(node);
    if (symbol && symbol === checker.getSymbolAtLocation(parameter.name)) return true;
  }
  return (
    ts.forEachChild(node, (child) => mentions(context, child, parameter) || undefined) ?? false
  );
}

/** Whether a call makes another object of two: what it returns is an intersection in which the entity itself is. */
export function isMerge(tracer: Tracer, call: ts.CallExpression, frame: Frame | null): boolean {
  const { checker } = tracer.context;
  const declaration = checker.getResolvedSignature(call)?.declaration;
  if (!declaration?.type || !isIntersection(tracer.context, declaration.type)) return false;
  const [target] = call.arguments;
  if (!target) return false;
  const { context } = tracer;
  const isEntity = (node: ts.Expression): boolean => tracer.is(checker.getTypeAtLocation(node));
  const inner = unwrapExpression(context, target);
  const hasEntity = call.arguments.some((argument) => isEntity(argument));
  // `Object.assign(draft, fields)` is still that draft.
  if (hasEntity) return !(tracer.subject === 'draft' && isEntity(inner));
  // A tag that is put into a union leaves of it only the member with the lock.
  const members = getPresentMembers(context, checker.getTypeAtLocation(inner));
  return (
    members.some((member) => tracer.holds(member, frame)) &&
    members.some((member) => !tracer.holds(member, frame))
  );
}

/** `A & B`; lodash writes `NonNullable<A & B>` as well. */
function isIntersection({ ts }: ProgramContext, type: ts.Node): boolean {
  if (ts.isIntersectionTypeNode(type)) return true;
  if (!ts.isTypeReferenceNode(type) || type.typeName.getText() !== 'NonNullable') return false;
  const [inner] = type.typeArguments ?? [];
  return inner !== undefined && ts.isIntersectionTypeNode(inner);
}

/** Whether a call returns a copy of what it is given. */
export function isCopy(context: ProgramContext, call: ts.CallExpression): boolean {
  return isCopyingFunction(context, call);
}

/** Whether something that a call is given is, holds or returns what is traced: otherwise only the function knows where it is from. */
export function isGivenWhatItReturns(
  tracer: Tracer,
  call: ts.CallExpression,
  frame: Frame | null,
): boolean {
  const { ts, checker } = tracer.context;
  const receiver = getCalledName(tracer.context, call)?.receiver;
  const inputs = [receiver ?? call.expression, ...call.arguments].map((input) =>
    ts.isSpreadElement(input) ? input.expression : input,
  );
  return inputs.some((input) => {
    const type = checker.getTypeAtLocation(input);
    return isValueOf(tracer, input) && tracer.holds(type, frame);
  });
}

/** `_` and `z` are all functions of a package. */
function isNamespace({ ts, checker }: ProgramContext, node: ts.Expression): boolean {
  const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
  if (!symbol || !(symbol.flags & ts.SymbolFlags.Alias)) return false;
  const target = checker.getAliasedSymbol(symbol);
  return (target.flags & ts.SymbolFlags.Module) !== 0;
}

/** A model's class makes drafts, but handing it over hands over none. */
export function isValueOf({ context, subject }: Tracer, input: ts.Expression): boolean {
  if (isNamespace(context, input)) return false;
  if (subject !== 'draft') return true;
  return context.checker.getTypeAtLocation(input).getConstructSignatures().length === 0;
}
