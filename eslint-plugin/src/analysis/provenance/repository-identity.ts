import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getRepositoryModel } from '../../vocabulary/entity-type.js';
import { getDeclaration } from '../locks/value-origin.js';

/**
 * Whether two expressions surely name two repositories: those of two models, two names in one list of parameters, pattern,
 * class or interface, or two calls of `repository` with other arguments.
 */
export function areApart(context: ProgramContext, a: ts.Expression, b: ts.Expression): boolean {
  if (areOfTwoModels(context, a, b)) return true;
  const first = getNamed(context, a);
  const second = getNamed(context, b);
  if (!first || !second || first === second) return false;
  const { ts } = context;
  if (ts.isCallExpression(first) || ts.isCallExpression(second)) {
    return ts.isCallExpression(first) && ts.isCallExpression(second)
      ? first.getText() !== second.getText()
      : false;
  }
  if (ts.isBindingElement(first) && ts.isBindingElement(second)) {
    return first.parent === second.parent && nameOf(first) !== nameOf(second);
  }
  return first.parent === second.parent && first.kind === second.kind;
}

/** The locks of two classes are two, whatever their models are called; a subclass has those of its base. */
function areOfTwoModels(context: ProgramContext, a: ts.Node, b: ts.Node): boolean {
  const { checker } = context;
  const first = getRepositoryModel(context, checker.getTypeAtLocation(a))?.model;
  const second = getRepositoryModel(context, checker.getTypeAtLocation(b))?.model;
  if (!first || !second || first === second) return false;
  return !isSubclass(context, first, second) && !isSubclass(context, second, first);
}

function isSubclass(context: ProgramContext, model: ts.Symbol, base: ts.Symbol): boolean {
  const { ts, checker } = context;
  const type = checker.getDeclaredTypeOfSymbol(model);
  if (!(type.flags & ts.TypeFlags.Object) || !type.isClassOrInterface()) return true;
  return checker
    .getBaseTypes(type)
    .some(({ symbol }) => symbol === base || (symbol && isSubclass(context, symbol, base)));
}

function nameOf(element: ts.BindingElement): string {
  return (element.propertyName ?? element.name).getText();
}

/** What names a repository: a parameter, a property, or the call that made it. */
function getNamed(
  context: ProgramContext,
  node: ts.Expression,
): ts.Declaration | ts.CallExpression | null {
  const { ts, checker } = context;
  const inner = unwrapExpression(context, node);
  if (isMaker(context, inner)) return inner;
  if (ts.isPropertyAccessExpression(inner)) {
    return checker.getSymbolAtLocation(inner.name)?.valueDeclaration ?? null;
  }
  if (!ts.isIdentifier(inner)) return null;
  const declaration = getDeclaration(context, inner);
  if (!declaration) return null;
  if (!ts.isVariableDeclaration(declaration)) return declaration;
  return declaration.initializer ? getNamed(context, declaration.initializer) : null;
}

/** `store.repository(Account, { table })`: the same arguments return the same repository. */
function isMaker({ ts }: ProgramContext, node: ts.Expression): node is ts.CallExpression {
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'repository'
  );
}
