import type ts from 'typescript';
import { isLocked, isStored } from '../../vocabulary/contained-state.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';

/** How many names a value is followed through. */
const DEPTH = 5;

type IsEntity = (context: ProgramContext, type: ts.Type) => boolean;

/** Whether an expression is a `Locked`, whatever casts, aliases and wider types call it. */
export function isLockedValue(context: ProgramContext, node: ts.Expression): boolean {
  return isEntityValue(context, node, isLocked, DEPTH);
}

/** Whether an expression is a `Persistent` or a `Locked`, whatever it is called. */
export function isStoredValue(context: ProgramContext, node: ts.Expression): boolean {
  return isEntityValue(context, node, isStored, DEPTH);
}

function isEntityValue(
  context: ProgramContext,
  node: ts.Expression,
  isEntity: IsEntity,
  depth: number,
): boolean {
  if (depth === 0) return false;
  const inner = unwrapExpression(context, node);
  if (isEntity(context, context.checker.getTypeAtLocation(inner))) return true;
  return getSources(context, inner).some((source) =>
    isEntityValue(context, source, isEntity, depth - 1),
  );
}

/** The expressions of which an expression is the value: what a name was initialised with, the branches of a choice. */
export function getSources(context: ProgramContext, node: ts.Expression): readonly ts.Expression[] {
  const { ts } = context;
  const inner = unwrapExpression(context, node);
  if (ts.isIdentifier(inner)) return getInitializer(context, inner);
  if (ts.isConditionalExpression(inner)) return [inner.whenTrue, inner.whenFalse];
  if (ts.isAwaitExpression(inner)) return getSources(context, inner.expression);
  if (!ts.isBinaryExpression(inner)) return [];
  switch (inner.operatorToken.kind) {
    case ts.SyntaxKind.QuestionQuestionToken:
    case ts.SyntaxKind.BarBarToken:
      return [inner.left, inner.right];
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.CommaToken:
    case ts.SyntaxKind.EqualsToken:
      return [inner.right];
    default:
      return [];
  }
}

function getInitializer(context: ProgramContext, name: ts.Identifier): readonly ts.Expression[] {
  const { ts } = context;
  const declaration = getDeclaration(context, name);
  if (!declaration || !ts.isVariableDeclaration(declaration)) return [];
  if (!ts.isIdentifier(declaration.name) || !declaration.initializer) return [];
  return [declaration.initializer];
}

/** The declaration of a name, through imports. */
export function getDeclaration(
  { ts, checker }: ProgramContext,
  name: ts.Identifier,
): ts.Declaration | undefined {
  const isShorthand = ts.isShorthandPropertyAssignment(name.parent) && name.parent.name === name;
  const symbol = isShorthand
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
  const isAlias = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  return (isAlias ? checker.getAliasedSymbol(symbol) : symbol)?.valueDeclaration;
}

/**
 * Whether an expression is a part of a stored entity, of one of its fields or deeper: `account.tags`, a name that was
 * destructured from it, an alias of either. The entity itself is not.
 */
export function isPartOfStored(
  context: ProgramContext,
  node: ts.Expression,
  depth = DEPTH,
): boolean {
  const { ts } = context;
  if (depth === 0) return false;
  const inner = unwrapExpression(context, node);
  if (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)) {
    return (
      isStoredValue(context, inner.expression) ||
      isPartOfStored(context, inner.expression, depth - 1)
    );
  }
  if (ts.isCallExpression(inner)) return isPrototypeOfStored(context, inner);
  if (ts.isIdentifier(inner) && isDestructuredFromStored(context, inner, depth)) return true;
  return getSources(context, inner).some((source) => isPartOfStored(context, source, depth - 1));
}

/** `Object.getPrototypeOf(account)`: what is changed there is changed in the entity. */
function isPrototypeOfStored(context: ProgramContext, call: ts.CallExpression): boolean {
  const { ts } = context;
  const callee = call.expression;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'getPrototypeOf') return false;
  const [entity] = call.arguments;
  return entity !== undefined && isStoredValue(context, entity);
}

function isDestructuredFromStored(
  context: ProgramContext,
  name: ts.Identifier,
  depth: number,
): boolean {
  const { ts, checker } = context;
  const declaration = getDeclaration(context, name);
  if (!declaration || !ts.isBindingElement(declaration) || declaration.dotDotDotToken) return false;
  const pattern = declaration.parent;
  if (isStored(context, checker.getTypeAtLocation(pattern))) return true;
  const owner = pattern.parent;
  if (!ts.isVariableDeclaration(owner) || !owner.initializer) return false;
  return (
    isStoredValue(context, owner.initializer) ||
    isPartOfStored(context, owner.initializer, depth - 1)
  );
}
