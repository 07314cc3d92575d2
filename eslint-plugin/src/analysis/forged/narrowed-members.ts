import type ts from 'typescript';
import { containsLocked } from '../../vocabulary/contained-state.js';
import type { ProgramContext } from '../../program/program-context.js';
import { isAny, isNever } from './type-facts.js';
import { compareParameters } from './unsafe-conversion.js';

/**
 * The name of a member that demands a lock where the class or interface above it, or the type of the literal that it
 * is in, can be called without; `null` for any other member.
 */
export function findNarrowedMember(context: ProgramContext, member: ts.Node): ts.Node | null {
  const { ts, checker } = context;
  if (!ts.isMethodDeclaration(member) && !ts.isPropertyDeclaration(member)) return null;
  const { name } = member;
  const [given] = checker.getTypeAtLocation(member).getCallSignatures();
  const key = getText(context, name);
  if (!given || key === null || !demandsLock(context, given)) return null;
  const isNarrowed = getTypesAbove(context, member).some((above) => {
    const property = above.getProperty(key);
    const [wanted] = property ? checker.getTypeOfSymbol(property).getCallSignatures() : [];
    return wanted !== undefined && compareParameters(context, given, wanted) !== null;
  });
  return isNarrowed ? name : null;
}

function getText({ ts }: ProgramContext, name: ts.PropertyName): string | null {
  if (ts.isComputedPropertyName(name)) {
    return ts.isStringLiteralLike(name.expression) ? name.expression.text : null;
  }
  return name.text;
}

/**
 * The name of a field whose type fits everywhere, where the class above it says that it is a lock; `null` for any other.
 */
export function findEmptiedMember(context: ProgramContext, member: ts.Node): ts.Node | null {
  const { ts, checker } = context;
  if (!ts.isPropertyDeclaration(member) && !ts.isGetAccessor(member)) return null;
  const type = checker.getTypeAtLocation(member);
  if (!isAny(context, type) && !isNever(context, type)) return null;
  const key = getText(context, member.name);
  const isEmptied = getTypesAbove(context, member).some((above) => {
    const property = key === null ? undefined : above.getProperty(key);
    return property !== undefined && containsLocked(context, checker.getTypeOfSymbol(property));
  });
  return isEmptied ? member.name : null;
}

function getTypesAbove(
  { ts, checker }: ProgramContext,
  member: ts.ClassElement | ts.ObjectLiteralElement,
): readonly ts.Type[] {
  const { parent } = member;
  if (ts.isClassLike(parent)) {
    const clauses = (parent.heritageClauses ?? []).flatMap(({ types }) => types);
    return clauses.map((clause) => checker.getTypeAtLocation(clause));
  }
  const contextual = ts.isObjectLiteralExpression(parent) && checker.getContextualType(parent);
  return contextual ? [checker.getNonNullableType(contextual)] : [];
}

function demandsLock(context: ProgramContext, signature: ts.Signature): boolean {
  return signature.parameters.some((parameter) =>
    containsLocked(context, context.checker.getTypeOfSymbol(parameter)),
  );
}
