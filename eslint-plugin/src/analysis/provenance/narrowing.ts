import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { getEntityType } from '../../vocabulary/entity-type.js';
import { getPresentMembers } from '../forged/type-facts.js';
import { getDeclaration } from '../locks/value-origin.js';

/**
 * Whether a check narrowed a value from a type that other entities fit as well: `unknown`, an interface with an `id`.
 * Members of a union that are kept apart by a tag or by their state are no such type.
 */
export function isNarrowedFromWider(
  context: ProgramContext,
  node: ts.Expression,
  declared: ts.Type,
  holds: (type: ts.Type) => boolean,
): boolean {
  const { ts, checker } = context;
  const used = checker.getTypeAtLocation(node);
  if (used === declared || declared.flags & ts.TypeFlags.TypeParameter) return false;
  const held = getPresentMembers(context, used).filter(holds);
  const isWider = getPresentMembers(context, declared).some((member) => {
    if (member.flags & ts.TypeFlags.Instantiable || holds(member)) return false;
    if (member.flags & OPEN(ts)) return true;
    if (!(member.flags & ts.TypeFlags.Object) || getEntityType(context, member)) return false;
    return held.some((lock) => checker.isTypeAssignableTo(lock, member));
  });
  return isWider && !isAskedOfGuard(context, node);
}

const OPEN = (typescript: typeof ts): ts.TypeFlags =>
  typescript.TypeFlags.Unknown | typescript.TypeFlags.NonPrimitive | typescript.TypeFlags.Any;

/** Whether a value is asked of a guard: one of the program's own is reported where it is declared or asked. */
export function isAskedOfGuard(context: ProgramContext, node: ts.Expression): boolean {
  const { ts, checker } = context;
  if (!ts.isIdentifier(node)) return false;
  const declaration = getDeclaration(context, node);
  const isSame = (argument: ts.Expression): boolean =>
    ts.isIdentifier(argument) && getDeclaration(context, argument) === declaration;
  const visit = (child: ts.Node): boolean => {
    if (ts.isCallExpression(child) && child.arguments.some(isSame)) {
      const signature = checker.getResolvedSignature(child);
      const predicate = signature && checker.getTypePredicateOfSignature(signature);
      if (predicate?.type) return true;
    }
    return ts.forEachChild(child, (inner) => visit(inner) || undefined) ?? false;
  };
  return visit(getScope(context, node));
}

/** The outermost function around a node, or its file. */
export function getScope({ ts }: ProgramContext, node: ts.Node): ts.Node {
  let scope: ts.Node = node;
  for (let outer = node; outer; outer = outer.parent) {
    if (ts.isFunctionLike(outer) || ts.isSourceFile(outer)) scope = outer;
    if (ts.isFunctionLike(outer) && ts.isSourceFile(outer.parent)) break;
  }
  return scope;
}

/**
 * A place in another function that gives a variable or property something else than the state that the compiler saw
 * assigned last: flow analysis does not look into calls. `null` when there is none.
 */
export function findHiddenAssignment(
  context: ProgramContext,
  node: ts.Identifier | ts.PropertyAccessExpression,
  declared: ts.Type,
  holds: (type: ts.Type) => boolean,
): ts.Node | null {
  const { ts, checker } = context;
  const others = getPresentMembers(context, declared).filter((member) => !holds(member));
  if (others.length === 0) return null;
  const name = ts.isIdentifier(node) ? node : node.name;
  const symbol = checker.getSymbolAtLocation(name);
  const here = getFunctionAround(context, node);
  const visit = (child: ts.Node): ts.Node | null => {
    if (
      ts.isBinaryExpression(child) &&
      child.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      child.left.kind === node.kind &&
      getFunctionAround(context, child) !== here
    ) {
      const { left } = child;
      const target = ts.isPropertyAccessExpression(left) ? left.name : left;
      const isSame =
        ts.isIdentifier(target) &&
        target.text === name.text &&
        checker.getSymbolAtLocation(target) === symbol;
      const given = isSame && checker.getTypeAtLocation(child.right);
      if (given && getPresentMembers(context, given).some((member) => !holds(member))) return child;
    }
    return ts.forEachChild(child, (inner) => visit(inner) ?? undefined) ?? null;
  };
  return visit(node.getSourceFile());
}

export function getFunctionAround({ ts }: ProgramContext, node: ts.Node): ts.Node | null {
  for (let outer = node.parent; outer; outer = outer.parent) {
    if (ts.isFunctionLike(outer)) return outer;
  }
  return null;
}
